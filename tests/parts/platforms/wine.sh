# shellcheck shell=bash
# Tests need it as: wine
#
# The tool for Windows is compiled with mingw and runs under wine.

debian gcc-mingw-w64-x86-64-win32 'command -v x86_64-w64-mingw32-gcc'
debian wine64 'test -x /usr/lib/wine/wine64 || command -v wine64'
rust_targets x86_64-pc-windows-gnu
