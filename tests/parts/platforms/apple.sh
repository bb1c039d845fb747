# shellcheck shell=bash
# Tests need it as: the Apple targets
#
# The tool is checked for macOS; zig compiles the C in its dependencies.

install_apple_targets() {
    local target installed
    installed=$(rustup target list --installed) || die "rustup does not work: the tests need it"
    for target in x86_64-apple-darwin aarch64-apple-darwin; do
        grep -qx "$target" <<<"$installed" ||
            rustup target add "$target" || die "rustup could not add $target"
    done
}
install_apple_targets
