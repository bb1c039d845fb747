# shellcheck shell=bash
# Tests need it as: Debian's Rust
#
# A distribution's Rust, which knows nothing of rustup: it has the standard library
# of its own machine alone, and the source of it. It is found in /usr/bin, where it
# is in the way of no rustup.

debian rustc-web '/usr/bin/rustc --version'
debian cargo-web '/usr/bin/cargo --version'
debian rust-web-src 'test -e "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock"'
