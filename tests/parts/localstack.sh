# shellcheck shell=bash
# Tests need it as: LocalStack
#
# LocalStack, whose Lambda refuses what AWS's does, in AWS's words. It stays in an
# environment of its own.

debian python3-venv 'python3 -c "import venv, ensurepip"'
debian bubblewrap 'bwrap --ro-bind / / --unshare-net true'

virtual_environment localstack
