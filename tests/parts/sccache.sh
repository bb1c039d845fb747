# shellcheck shell=bash
# Tests need it as: sccache
#
# A cache of what rustc compiles.

debian python3-venv 'python3 -c "import venv, ensurepip"'
virtual_environment sccache
