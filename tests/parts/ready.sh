# shellcheck shell=bash
# Tests need it as: C compilers? for it and musl|C compiler for musl|static bash
#
# What programs are made and run with that are no Rust: a C compiler for musl, and a
# bash that needs no library, for Lambda has one and the tests' own root has none.

debian gcc 'command -v gcc'
debian musl-tools 'command -v musl-gcc'
debian bash-static 'command -v bash-static'
