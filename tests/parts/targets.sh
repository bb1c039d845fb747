# shellcheck shell=bash
# Tests need it as: the musl targets
#
# The targets that the fixture is built for.
rust_targets x86_64-unknown-linux-musl aarch64-unknown-linux-musl
