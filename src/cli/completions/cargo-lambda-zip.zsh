#compdef cargo-lambda-zip
# Completions of cargo-lambda-zip for zsh, also behind `cargo lambda-zip`. Load it after compinit, or
# save it as `_cargo-lambda-zip` in a folder of fpath: the completions of Cargo call a function of
# this name.

_cargo-lambda-zip() {
    local -a replies folders others
    local reply value tilde
    # The first word is `cargo-lambda-zip`, or `lambda-zip` behind Cargo. The last one may have a quote
    # that is still open, which `PREFIX` has not.
    replies=("${(@f)$(
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) _CARGO_LAMBDA_ZIP_COMPLETE=zsh \
            cargo-lambda-zip -- cargo-lambda-zip "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null
    )}")
    # A tilde that stands for a home is not part of what is quoted.
    if [[ $PREFIX == '~'*/* ]]; then
        tilde=${PREFIX%%/*}/
        compset -P 1 '*/'
    fi
    for reply in ${replies#"$tilde"}; do
        value=${reply%%:*}
        if [[ $value == */ ]]; then
            folders+=("${value%/}${reply#$value}")
        else
            others+=("$reply")
        fi
    done
    (( $#folders )) && _describe -V 'folders' folders -S / -r /
    (( $#others )) && _describe -V 'values' others
    return 0
}

# For a Cargo without completions of its own.
_cargo-lambda-zip_behind_cargo() {
    local -i i=2
    while (( i < CURRENT )); do
        case $words[i] in
            (--color|--config|-C|-Z) (( i++ )) ;;
            ([+-]*) ;;
            (lambda-zip)
                shift $((i - 1)) words
                (( CURRENT -= i - 1 ))
                _cargo-lambda-zip
                return
                ;;
            (*) break ;;
        esac
        (( i++ ))
    done
    _default
}

if [[ $funcstack[1] == _cargo-lambda-zip ]]; then
    _cargo-lambda-zip "$@"
else
    compdef _cargo-lambda-zip cargo-lambda-zip
    (( $+_comps[cargo] )) || compdef _cargo-lambda-zip_behind_cargo cargo
fi
