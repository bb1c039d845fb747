#!/bin/sh
# Creates the functions and layers, and updates those that differ from their zips.
#
# ROLE_ARN: the role of new functions.
# BUCKET:   for zips of 50 MiB or more, a bucket in the region of the functions.
set -eu
export AWS_PAGER=''
CDPATH='' cd -- "$(dirname -- "$0")"

# digest ZIP: sets sha256 to the digest as Lambda's CodeSha256 has it.
digest() {
    if [ ! -f "$1" ]; then
        echo "error: there is no zip at $1; run cargo lambda-zip first" >&2
        exit 3
    fi
    sha256=$(openssl dgst -sha256 -binary <"$1" | openssl base64 -A)
}

# send OPERATION ZIP ARGUMENT...: calls Lambda with a zip. From 50 MiB on, S3 has to hand it over.
send() {
    operation=$1 zip=$2
    shift 2
    if [ "$(wc -c <"$zip")" -lt 52428800 ]; then
        # From standard input, since the AWS CLI replaces `~` and `$` in a path.
        aws lambda "$operation" --zip-file fileb:///dev/stdin "$@" <"$zip"
        return
    fi
    bucket=${BUCKET:?"set it: $zip has 50 MiB or more"}
    key=$name-$(printf %s "$sha256" | tr '+/' '-_' | tr -d =).zip
    aws s3api put-object --bucket "$bucket" --key "$key" --body "$zip" \
        --checksum-sha256 "$sha256" >/dev/null || return
    case $operation in
    create-function) set -- --code "S3Bucket=$bucket,S3Key=$key" "$@" ;;
    publish-layer-version) set -- --content "S3Bucket=$bucket,S3Key=$key" "$@" ;;
    *) set -- --s3-bucket "$bucket" --s3-key "$key" "$@" ;;
    esac
    aws lambda "$operation" "$@"
}

# describe QUERY: prints a part of the configuration of the function, on one line.
describe() {
    described=$(aws lambda get-function-configuration --function-name "$name" \
        --query "$1" --output text) || return
    printf %s "$described" | tr '\t\n' '  '
}

# put_function NAME ARCHITECTURE RUNTIME ZIP [LAYER...]
put_function() {
    name=$1 architecture=$2 runtime=$3 zip=$4
    shift 4
    digest "$zip"
    if ! code=$(describe '[CodeSha256,Architectures[0]]' 2>/dev/null); then
        error=$(describe CodeSha256 2>&1) || case $error in
        *ResourceNotFoundException*) ;;
        *)
            printf '%s\n' "$error" >&2
            exit 1
            ;;
        esac
        [ $# -eq 0 ] || set -- --layers "$@"
        # Add the settings of new functions here, such as --memory-size 256 --timeout 10.
        send create-function "$zip" --function-name "$name" --role "${ROLE_ARN:?}" \
            --runtime "$runtime" --handler bootstrap --architectures "$architecture" "$@" >/dev/null
        aws lambda wait function-active-v2 --function-name "$name"
        echo "$name: created"
        return
    fi
    state='up to date'
    if [ "$code" != "$sha256 $architecture" ]; then
        send update-function-code "$zip" --function-name "$name" \
            --architectures "$architecture" >/dev/null
        aws lambda wait function-updated-v2 --function-name "$name"
        state=updated
    fi
    wanted=$runtime
    [ $# -eq 0 ] || wanted="$runtime $*"
    configuration=$(describe '[[Runtime],Layers[].Arn][]')
    if [ "$configuration" != "$wanted" ]; then
        [ $# -gt 0 ] || set -- '[]' # no layer
        aws lambda update-function-configuration --function-name "$name" \
            --runtime "$runtime" --layers "$@" >/dev/null
        aws lambda wait function-updated-v2 --function-name "$name"
        state=updated
    fi
    echo "$name: $state"
}
