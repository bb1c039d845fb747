# shellcheck shell=bash
# Tests need it as: maturin
#
# What makes the wheel for PyPI.
debian python3-venv 'python3 -c "import venv, ensurepip"'

install_maturin() {
    local version=1.16.0 home scratch
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    home=$parts/maturin-$version

    if [ "$(readlink "$parts/maturin")" != "${home##*/}" ] ||
        [ "$("$home/bin/maturin" --version)" != "maturin $version" ]; then
        say "installing maturin $version"
        rm -rf "$home"
        python3 -m venv "$home" || die "could not make a virtual environment in $home"
        scratch=$(mktemp)
        # One digest for each machine: x86_64, aarch64.
        cat >"$scratch" <<PINS
maturin==$version \
    --hash=sha256:837db2f4d93d4899c3ac393fb3cc9eebf35b6002336e5d574f4a4fb6c49fe283 \
    --hash=sha256:e285ec9eb10243d45d10417178cb2eb76e0cbb184d0aa4378b503489fa12ee78
PINS
        "$home/bin/python" -m pip install --quiet --no-deps --require-hashes \
            --only-binary :all: --requirement "$scratch" || die "could not install maturin $version"
        rm -f "$scratch"
        ln -sfn "${home##*/}" "$parts/maturin"
    fi
}
install_maturin
