# shellcheck shell=bash
# LocalStack, whose Lambda refuses what AWS's does, in AWS's words. It stays in an
# environment of its own.

debian python3-venv 'python3 -c "import venv, ensurepip"'
debian bubblewrap 'command -v bwrap'

# A Python as new as LocalStack's code, and as old as the wheels that are pinned: it
# need not be the system's own.
python_for_localstack() {
    local python
    for python in python3 python3.{14,13} "${PYENV_ROOT-$HOME/.pyenv}"/versions/*/bin/python3; do
        if "$python" -c 'import ensurepip, sys, venv
sys.exit(not (3, 13) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    die "LocalStack needs Python 3.13 or 3.14: install one, with pyenv for example"
}

install_localstack() {
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    local home=$parts/localstack pins=tests/parts/localstack.txt python

    # The copy of the pins says that it is complete. It breaks with the Python it is of.
    if ! cmp --silent "$pins" "$home/pins.txt" ||
        ! "$home/bin/python" -c 'import localstack' 2>/dev/null; then
        python=$(python_for_localstack)
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
