# shellcheck shell=bash
# Tests need it as: Terraform
#
# Terraform with its provider for AWS, where a machine has both: no package registry
# does.

find_terraform() {
    local plugins
    command -v terraform >/dev/null || unavailable "there is no terraform on PATH"
    plugins=$(find /opt /usr/share /usr/local/share "$HOME/.terraform.d" -maxdepth 8 \
        -path '*/hashicorp/aws/*' -name 'terraform-provider-aws_*' -print -quit 2>/dev/null || true)
    [ -n "$plugins" ] || unavailable "there is no plugin folder with Terraform's provider for AWS"
    # Above the host, the namespace, the type, the version and the platform.
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    ln -sfn "${plugins%/*/*/*/*/*/*}" "$parts/terraform-plugins"
}
find_terraform
