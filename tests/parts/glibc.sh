# shellcheck shell=bash
# Tests need it as: glibc 2\.36
#
# A C library that is newer than Lambda's, for programs that Lambda cannot start. Its
# version and symbols are in what the tests compare.

version=$(getconf GNU_LIBC_VERSION || true)
[ "$version" = 'glibc 2.36' ] ||
    unavailable "the tests know what glibc 2.36 (Debian 12) is refused for, and this is ${version:-another C library}"
