"""Unpacks a zip in the current folder as AWS's SAM CLI does."""

import os
import sys

home, package = sys.argv[1:]
sys.path.insert(0, home)

from samcli.local.lambdafn.zip import unzip  # noqa: E402

unzip(package, os.getcwd())
