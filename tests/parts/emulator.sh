# shellcheck shell=bash
# Tests need it as: AWS's emulator|QEMU
#
# AWS's Runtime Interface Emulator, which starts a package as Lambda does; what the
# tests run it with: bubblewrap for a root of its own, and QEMU for the other
# architecture; and how AWS's SAM CLI zips and unzips.

debian bubblewrap 'bwrap --ro-bind / / --unshare-net true'
debian qemu-user-static 'command -v qemu-aarch64-static && command -v qemu-x86_64-static'
debian unzip 'command -v unzip'

# Of all package registries only PyPI has the emulator, in the wheel of AWS's SAM
# CLI. Pinned, for its words are what the tests compare.
install_emulator() {
    local version=1.170.0
    local digest=24ebaf5ecba38dc1758089968cb89ab61e124b84e92a344fc7a2771a47f4d0bf
    # shellcheck disable=SC2154 # it is tests/parts/common that sets $parts
    local home=$parts/aws-sam-cli-$version machine name scratch

    machine=$(uname -m)
    case $machine in
        x86_64) name=aws-lambda-rie-x86_64 ;;
        aarch64) name=aws-lambda-rie-arm64 ;;
        *) unavailable "AWS's emulator does not exist for $machine" ;;
    esac

    if [ ! -x "$home/$name" ] || [ ! -d "$home/samcli" ]; then
        say "installing AWS's Runtime Interface Emulator"
        debian python3-pip 'python3 -m pip --version'
        scratch=$parts/.emulator
        rm -rf "$scratch"
        mkdir -p "$scratch" "$home"
        echo "aws-sam-cli==$version --hash=sha256:$digest" >"$scratch/requirements.txt"
        python3 -m pip download --quiet --no-deps --require-hashes \
            --requirement "$scratch/requirements.txt" --dest "$scratch" ||
            die "could not download aws-sam-cli $version, which contains AWS's emulator"
        unzip -q -o -j "$scratch"/aws_sam_cli-*.whl "samcli/local/rapid/$name" -d "$scratch" ||
            die "aws-sam-cli $version does not contain $name"
        chmod 755 "$scratch/$name"
        unzip -q -o "$scratch"/aws_sam_cli-*.whl 'samcli/lib/package/*.py' \
            'samcli/local/lambdafn/zip.py' -d "$scratch" ||
            die "aws-sam-cli $version does not contain how it zips"
        # Moved when complete, so that an interrupted run leaves no half of it.
        rm -rf "$home/samcli"
        mv "$scratch/$name" "$scratch/samcli" "$home"
        rm -rf "$scratch"
    fi
    ln -sfn "aws-sam-cli-$version/$name" "$parts/aws-lambda-rie"
    ln -sfn "aws-sam-cli-$version" "$parts/aws-sam-cli"
}
install_emulator
