# shellcheck shell=bash
# Tests need it as: the readers|unzip|7-Zip|bsdtar|Python
#
# The programs that others unpack zips with.

debian unzip 'command -v unzip'
debian python3 'command -v python3'
debian libarchive-tools 'command -v bsdtar'
# One name or the other, as the distribution has it.
debian 7zip 'command -v 7zz || command -v 7z'
# shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
ln -sfn "$(command -v 7zz || command -v 7z)" "$parts/7zip"
