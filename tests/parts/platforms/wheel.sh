# shellcheck shell=bash
# Tests need it as: maturin
#
# What makes the wheel for PyPI.
debian python3-venv 'python3 -c "import venv, ensurepip"'
virtual_environment maturin
