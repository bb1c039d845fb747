# shellcheck shell=bash
# What others make packages with, besides the programs in readers.sh and cargo-lambda.

debian zip 'command -v zip'
debian git 'command -v git'
