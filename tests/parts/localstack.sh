# shellcheck shell=bash
# Tests need it as: LocalStack
#
# LocalStack, whose Lambda refuses what AWS's does, in AWS's words. It stays in an
# environment of its own.

debian python3-venv 'python3 -c "import venv, ensurepip"'
debian bubblewrap 'bwrap --ro-bind / / --unshare-net true'

# A Python as new as LocalStack's code, and as old as the wheels that are pinned: the
# system's own, one of pyenv's, or else one that uv downloads.
python_for_localstack() {
    local python
    for python in python3 python3.{14,13} "${PYENV_ROOT-$HOME/.pyenv}"/versions/*/bin/python3; do
        if "$python" -c 'import ensurepip, sys, venv
sys.exit(not (3, 13) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    python_of_uv
}

python_of_uv() {
    local version=0.13.9 scratch
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    local uv=$parts/uv-$version

    if [ ! -x "$uv/bin/uv" ]; then
        rm -rf "$uv"
        python3 -m venv "$uv" || die "could not make a virtual environment in $uv"
        scratch=$(mktemp)
        # One digest for each machine: x86_64, aarch64.
        cat >"$scratch" <<PINS
uv==$version \
    --hash=sha256:d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19 \
    --hash=sha256:ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375
PINS
        "$uv/bin/python" -m pip install --quiet --no-deps --require-hashes \
            --only-binary :all: --requirement "$scratch" >&2 || die "could not install uv $version"
        rm -f "$scratch"
    fi
    export UV_PYTHON_INSTALL_DIR=$parts/python
    "$uv/bin/uv" python install --quiet --no-bin 3.13 >&2 ||
        die "LocalStack needs Python 3.13 or 3.14, and uv could not download one"
    "$uv/bin/uv" python find --managed-python 3.13
}

install_localstack() {
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    local home=$parts/localstack pins=tests/parts/localstack.txt python

    # The copy of the pins says that it is complete. It breaks with the Python it is of.
    if ! cmp --silent "$pins" "$home/pins.txt" ||
        ! "$home/bin/python" -c 'import localstack' 2>/dev/null; then
        python=$(python_for_localstack) || exit 1
        say "installing LocalStack"
        rm -rf "$home"
        "$python" -m venv "$home" || die "could not make a virtual environment in $home"
        "$home/bin/python" -m pip install --quiet --no-deps --require-hashes \
            --only-binary :all: --requirement "$pins" ||
            die "could not install LocalStack"
        cp "$pins" "$home/pins.txt"
    fi
}
install_localstack
