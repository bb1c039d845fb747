# shellcheck shell=bash
# Tests need it as: the AWS clients
#
# The clients that deploy packages: the AWS CLI, SAM, CDK and osls, the open fork of the
# Serverless Framework; and what checks what is written for them.

debian python3-venv 'python3 -c "import venv, ensurepip"'
debian dash 'command -v dash'
debian make 'command -v make'
debian jq 'command -v jq'

install_node_clients() {
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    local home=$parts/clients lock=tests/parts/clients/package-lock.json

    # The copy of the lock file says that it is complete.
    if ! cmp --silent "$lock" "$home/package-lock.txt"; then
        say "installing CDK and osls"
        cp tests/parts/clients/package{,-lock}.json "$home"
        # None of them needs its scripts. Node.js came with the environment.
        PATH=$home/bin:$PATH npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund \
            --loglevel error || die "could not install CDK and osls"
        cp "$lock" "$home/package-lock.txt"
    fi
}
virtual_environment clients
install_node_clients
