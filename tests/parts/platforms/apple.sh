# shellcheck shell=bash
# Tests need it as: the Apple targets
#
# The tool is checked for macOS; zig compiles the C in its dependencies.
rust_targets x86_64-apple-darwin aarch64-apple-darwin
