# shellcheck shell=bash
# Tests need it as: the packagers
#
# What others make packages with, besides the programs in readers.sh and cargo-lambda.

debian zip 'command -v zip'
debian git 'command -v git'
