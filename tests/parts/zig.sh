# shellcheck shell=bash
# Tests need it as: zig
#
# Zig and cargo-zigbuild, which compile and link C for every target. They stay in
# an environment of their own: what a test does not put on PATH is not there.

debian python3-venv 'python3 -c "import venv, ensurepip"'
virtual_environment zig
