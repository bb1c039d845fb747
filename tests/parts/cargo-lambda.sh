# shellcheck shell=bash
# Tests need it as: the packagers
#
# cargo-lambda in an environment of its own, without the zig that it asks for: it
# finds the one that is pinned for the tests.
debian python3-venv 'python3 -c "import venv, ensurepip"'

install_cargo_lambda() {
    local version=1.9.2 home scratch
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    home=$parts/cargo-lambda-$version

    if [ "$(readlink "$parts/cargo-lambda")" != "${home##*/}" ]; then
        say "installing cargo-lambda $version"
        rm -rf "$home"
        python3 -m venv "$home" || die "could not make a virtual environment in $home"
        scratch=$(mktemp)
        # One digest for each machine: x86_64, aarch64.
        cat >"$scratch" <<PINS
cargo-lambda==$version \
    --hash=sha256:db2c0b1d53d7ed0055198fd045f641addc91b180b20d794fcf78cc9a9efacb38 \
    --hash=sha256:3350315e8b4e88f7134967f51546bf51aa5db37a6d39a17380545362ae27e289
PINS
        "$home/bin/python" -m pip install --quiet --no-deps --require-hashes \
            --only-binary :all: --requirement "$scratch" ||
            die "could not install cargo-lambda $version"
        rm -f "$scratch"
        # Only this one of its programs goes on PATH: the environment's Python has no zig.
        find "$home/bin" -mindepth 1 ! -name cargo-lambda -delete
        ln -sfn "${home##*/}" "$parts/cargo-lambda"
    fi
}
install_cargo_lambda
