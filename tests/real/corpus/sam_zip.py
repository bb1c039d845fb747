"""Zips the current folder as AWS's SAM CLI does.

The module that zips imports what SAM needs for everything else it does, and what is
not installed here.
"""

import sys
from unittest.mock import MagicMock

home, name = sys.argv[1:]
sys.path.insert(0, home)
for absent in (
    "jmespath",
    "samcli.commands.package.exceptions",
    "samcli.lib.package.ecr_utils",
    "samcli.lib.package.s3_uploader",
    "samcli.lib.utils.hash",
    "samcli.lib.utils.resources",
    "samcli.lib.utils.s3",
):
    sys.modules[absent] = MagicMock()

from samcli.lib.package.utils import make_zip_with_lambda_permissions  # noqa: E402

make_zip_with_lambda_permissions(name, ".")
