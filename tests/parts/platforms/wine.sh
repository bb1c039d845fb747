# shellcheck shell=bash
# Tests need it as: wine
#
# The tool for Windows is compiled with mingw and runs under wine.

debian gcc-mingw-w64-x86-64-win32 'command -v x86_64-w64-mingw32-gcc'
debian wine64 'test -x /usr/lib/wine/wine64 || command -v wine64'

install_windows_target() {
    local target=x86_64-pc-windows-gnu
    rustup target list --installed | grep -qx "$target" ||
        rustup target add "$target" || die "rustup could not add $target"
}
install_windows_target
