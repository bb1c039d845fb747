#!/bin/bash
# What the functions of these tests begin with: the Runtime and Extensions API in nothing but bash.
LC_ALL=C # lengths are in bytes

# ask METHOD PATH BODY [FIELD]: sends a request, and sets status, id, extension and body.
ask() {
    exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API/://}"
    printf '%s %s HTTP/1.0\r\n%sContent-Length: %d\r\n\r\n%s' \
        "$1" "$2" "${4:+$4$'\r\n'}" "${#3}" "$3" >&3
    read -r _ status _ <&3
    while read -r header value <&3 && [ "$header" != $'\r' ]; do
        case $header in
            Lambda-Runtime-Aws-Request-Id:) id=${value%$'\r'} ;;
            Lambda-Extension-Identifier:) extension=${value%$'\r'} ;;
        esac
    done
    IFS= read -r -d '' body <&3
    exec 3<&-
}

next() { ask GET /2018-06-01/runtime/invocation/next ''; }
respond() { ask POST "/2018-06-01/runtime/invocation/$id/response" "$1"; }
fail() { ask POST "/2018-06-01/runtime/invocation/$id/error" "$1" "Lambda-Runtime-Function-Error-Type: $2"; }
fail_init() { ask POST /2018-06-01/runtime/init/error "$1" "Lambda-Runtime-Function-Error-Type: $2"; }
register() { ask POST /2020-01-01/extension/register "{\"events\": [$2]}" "Lambda-Extension-Name: $1"; }
event() { ask GET /2020-01-01/extension/event/next '' "Lambda-Extension-Identifier: $extension"; }
