# shellcheck shell=bash
# A second opinion on the digests that the tool reports.

debian openssl 'command -v openssl'
