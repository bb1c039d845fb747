#compdef cargo-lambda-zip
# Completions of cargo-lambda-zip for zsh, also behind `cargo lambda-zip`. Load it after compinit, or
# save it as `_cargo-lambda-zip` in a folder of fpath: the completions of Cargo call a function of
# this name.

# Sets REPLY to the word $1, which may begin in the quote $2, as a command gets it. Of what zsh expands,
# these are a home and one variable.
_cargo-lambda-zip_word() {
    local before name after
    REPLY=$1
    if [[ -z $2 && $1 == '~'(|/*) ]]; then
        REPLY=$HOME${1#'~'}
    elif [[ $2 != "'" && $1 =~ '^([^\$'\'']*)[$]([{]([A-Za-z_][A-Za-z_0-9]*)[}]|([A-Za-z_][A-Za-z_0-9]*))(.*)$' ]]; then
        before=$match[1] name=$match[3]$match[4] after=$match[5]
        if [[ -n ${(P)name} ]]; then
            REPLY=$before${(qP)name}$after
        fi
    fi
    REPLY=${(Q)REPLY}
    # Any other tilde is the name of a file. The program would take it for a home.
    REPLY=${${REPLY/#'~'/'./~'}/'=~'/'=./~'}
}

_cargo-lambda-zip() {
    local -a replies folders others given
    local REPLY reply value word
    for word in "${(@)words[2,CURRENT-1]}"; do
        _cargo-lambda-zip_word "$word"
        given+=("$REPLY")
    done
    # The last word may have a quote that is still open, which `PREFIX` has not.
    _cargo-lambda-zip_word "$PREFIX" "$compstate[quote]"
    # The first word is `cargo-lambda-zip`, or `lambda-zip` behind Cargo.
    replies=("${(@f)$(
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 1)) _CARGO_LAMBDA_ZIP_COMPLETE=zsh \
            cargo-lambda-zip -- cargo-lambda-zip "${(@)given}" "$REPLY" 2>/dev/null
    )}")
    # The folder stays as it is typed. A colon in a reply has a backslash.
    if [[ $REPLY == */* ]]; then
        replies=(${replies#"${${REPLY%/*}//:/\:}/"})
        compset -P '*/'
    fi
    for reply in $replies; do
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
