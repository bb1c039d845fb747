# shellcheck shell=bash
# The peers, and what measures them. Sourced by benches/compare.

debian hyperfine 'command -v hyperfine'
debian time 'test -x /usr/bin/time'
debian unzip 'command -v unzip'
debian zip 'command -v zip'
debian 7zip 'command -v 7zz'
debian zopfli 'command -v zopfli'
debian libdeflate-tools 'command -v libdeflate-gzip'

# shellcheck source=tests/parts/cargo-lambda.sh
source tests/parts/cargo-lambda.sh
