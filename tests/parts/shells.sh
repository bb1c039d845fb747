# shellcheck shell=bash
# Tests need it as: the shells
#
# The shells that complete commands, what they load Cargo's completions with, and `man`.

debian zsh 'command -v zsh'
debian fish 'command -v fish'
debian bash-completion 'test -f /usr/share/bash-completion/bash_completion'
debian man-db 'command -v man'
