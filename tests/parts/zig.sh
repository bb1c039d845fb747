# shellcheck shell=bash
# Tests need it as: zig
#
# Zig and cargo-zigbuild, which compile and link C for every target. They stay in
# an environment of their own: what a test does not put on PATH is not there.

debian python3-venv 'python3 -c "import venv, ensurepip"'

install_zig() {
    local zig=0.17.1 zigbuild=0.24.0 home scratch
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    home=$parts/zig-$zig-zigbuild-$zigbuild

    # A virtual environment knows its own path, so it cannot be made elsewhere and
    # moved: the link says that it is complete. It breaks with the Python it is of.
    if [ "$(readlink "$parts/zig")" != "${home##*/}" ] ||
        [ "$("$home/bin/python" -m ziglang version)" != "$zig" ]; then
        say "installing zig $zig and cargo-zigbuild $zigbuild"
        rm -rf "$home"
        python3 -m venv "$home" || die "could not make a virtual environment in $home"
        scratch=$(mktemp)
        # One digest for each machine that the tests run on: x86_64, aarch64.
        cat >"$scratch" <<PINS
ziglang==$zig \
    --hash=sha256:ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54 \
    --hash=sha256:b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e
cargo-zigbuild==$zigbuild \
    --hash=sha256:484412e39e4c6039474535ce97ee75a22bab22d58233056f8ec8a8f9034bb957 \
    --hash=sha256:6942e4320f7b05d8fb29e0a8ce5670bcbb3d254275100b85b5b7c86552f9a744
PINS
        # cargo-zigbuild asks for any zig; which one is said above.
        "$home/bin/python" -m pip install --quiet --no-deps --require-hashes \
            --only-binary :all: --requirement "$scratch" ||
            die "could not install zig $zig and cargo-zigbuild $zigbuild"
        rm -f "$scratch"
    fi
    ln -sfn "${home##*/}" "$parts/zig"
}
install_zig
