# shellcheck shell=bash
# Tests need it as: the musl targets
#
# The targets that the fixture is built for.

install_targets() {
    local wanted=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl) missing=() installed target
    installed=$(rustup target list --installed) || die "rustup does not work: the tests need it"
    for target in "${wanted[@]}"; do
        grep -qx "$target" <<<"$installed" || missing+=("$target")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        say "adding ${missing[*]}"
        rustup target add "${missing[@]}" || die "rustup could not add ${missing[*]}"
    fi
}
install_targets
