# shellcheck shell=bash
# Tests need it as: openssl
#
# A second opinion on the digests that the tool reports.

debian openssl 'command -v openssl'
