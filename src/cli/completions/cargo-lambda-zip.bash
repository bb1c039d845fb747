# Completions of cargo-lambda-zip for bash 3.2 and newer, also behind `cargo lambda-zip`. Load it after those of
# Cargo, if you load them yourself.

# Sets `words` to the words of the command line up to the cursor. Bash divides words at `=`, `:` and
# `@`; here they are whole.
_cargo_lambda_zip_words() {
    local rest=${COMP_LINE:0:COMP_POINT} text word i last=-1
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        text=${rest#"${rest%%[![:space:]]*}"}
        word=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)); then
            word=$text
        fi
        if ((last >= 0)) && [[ $text == "$rest" ]]; then
            words[last]+=$word
        else
            words[++last]=$word
        fi
        rest=${text#"$word"}
    done
}

# Sets `plain` to the word $1 as a command gets it, `quote` to the quote that is open at its end, and
# `typed` to the end of the word that Bash replaces: from that quote, or else from the last break.
_cargo_lambda_zip_unquote() {
    local word=$1 char i start=0 break=0 name
    local variable='^\$(\{([A-Za-z_][A-Za-z_0-9]*)\}|([A-Za-z_][A-Za-z_0-9]*))'
    plain='' quote=''
    for ((i = 0; i < ${#word}; i++)); do
        char=${word:i:1}
        case $quote$char in
            "''" | '""') quote='' start=$break ;;
            "'" | '"') quote=$char start=$((i + 1)) ;;
            '\' | '"\')
                ((++i))
                if [[ -n $quote && ${word:i:1} != ['$`"\'] ]]; then
                    plain+=$char
                fi
                plain+=${word:i:1}
                ;;
            '$' | '"$')
                name=
                if [[ ${word:i} =~ $variable ]]; then
                    name=${BASH_REMATCH[2]}${BASH_REMATCH[3]}
                fi
                if [[ -n $name && -n ${!name} ]]; then
                    plain+=${!name}
                    ((i += ${#BASH_REMATCH[0]} - 1))
                else
                    plain+=$char
                fi
                ;;
            '~')
                if [[ $word == '~' || $word == '~/'* ]] && ((i == 0)); then
                    char=$HOME
                fi
                plain+=$char
                ;;
            *)
                plain+=$char
                if [[ -z $quote && $char == [=:@] && $COMP_WORDBREAKS == *"$char"* ]]; then
                    break=$((i + 1)) start=$((i + 1))
                fi
                ;;
        esac
    done
    typed=${word:start}
    # A backslash at the end has nothing behind it yet.
    if ((i > ${#word})); then
        typed=${typed%?}
    fi
    # Any other tilde is the name of a file. The program would take it for a home.
    plain=${plain/#'~'/./~}
    plain=${plain/'=~'/=./~}
}

# Sets COMPREPLY for a command line of cargo-lambda-zip, whose words are the arguments. What is typed
# stays as it is, and the rest of each reply is escaped as the quotes need it.
_cargo_lambda_zip_reply() {
    local word plain quote typed reply char words=() outside=
    local escaped=(
        '\' ' ' $'\t' '"' "'" '$' '`' '(' ')' '&' ';' '|' '<' '>' '*' '?' '[' ']' '{' '}' '!' '#'
    )
    COMPREPLY=()
    for word; do
        _cargo_lambda_zip_unquote "$word"
        words+=("$plain")
    done
    # Some characters have their meaning also after a backslash within quotes: they go outside.
    case $quote in
        "'") escaped=() outside="'" ;;
        '"') escaped=('\' '"' '$' '`') outside='!' ;;
    esac
    while IFS= read -r reply || [[ -n $reply ]]; do
        reply=${reply#"$plain"}
        for char in "${escaped[@]}"; do
            reply=${reply//"$char"/"\\$char"}
        done
        if [[ -n $quote ]]; then
            reply=${reply//"$outside"/"$quote\\$outside$quote"}
        fi
        reply=$typed$reply
        if [[ $reply == "$quote"* ]]; then
            # Bash drops a second quote at the start.
            reply=$quote$reply
        fi
        COMPREPLY+=("$reply")
    done < <(
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$(($# - 1)) _CARGO_LAMBDA_ZIP_COMPLETE=bash \
            cargo-lambda-zip -- "${words[@]}" 2>/dev/null
    )
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

_cargo_lambda_zip() {
    local words
    _cargo_lambda_zip_words
    _cargo_lambda_zip_reply "${words[@]}"
}

_cargo_lambda_zip_behind_cargo() {
    local words i
    _cargo_lambda_zip_words
    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        case ${words[i]} in
            --color | --config | -C | -Z) ((i++)) ;;
            [+-]*) ;;
            lambda-zip)
                _cargo_lambda_zip_reply cargo-lambda-zip "${words[@]:i+1}"
                return
                ;;
            *) break ;;
        esac
    done
    _cargo_lambda_zip_others "$@"
}

# Remembers the function that completes the other commands of Cargo.
_cargo_lambda_zip_remember() {
    local spec
    spec=$(complete -p cargo 2>/dev/null)
    if [[ $spec =~ ' -F '([^ ]+) && ${BASH_REMATCH[1]} != _cargo_lambda_zip_* ]]; then
        _cargo_lambda_zip_cargo=${BASH_REMATCH[1]}
    fi
}

# Completes the other commands of Cargo. Their completions are loaded when they are first needed:
# those that bash-completion finds, else those of the toolchain.
_cargo_lambda_zip_others() {
    local file
    if [[ -z $_cargo_lambda_zip_cargo ]]; then
        if declare -F _comp_load >/dev/null; then
            _comp_load cargo
        elif declare -F _completion_loader >/dev/null; then
            _completion_loader cargo
        fi
        _cargo_lambda_zip_remember
        case $_cargo_lambda_zip_cargo in
            '' | _minimal | _comp_complete_minimal)
                file=$(rustc --print sysroot 2>/dev/null)/etc/bash_completion.d/cargo
                if [[ -f $file ]] && declare -F _get_comp_words_by_ref >/dev/null; then
                    # shellcheck disable=SC1090 # it is not in this repository
                    source "$file"
                    _cargo_lambda_zip_remember
                fi
                ;;
        esac
        complete -F _cargo_lambda_zip_behind_cargo cargo
    fi
    if [[ -n $_cargo_lambda_zip_cargo ]]; then
        "$_cargo_lambda_zip_cargo" "$@"
    else
        compopt -o default 2>/dev/null
    fi
}

_cargo_lambda_zip_cargo=
_cargo_lambda_zip_remember
complete -F _cargo_lambda_zip cargo-lambda-zip
complete -F _cargo_lambda_zip_behind_cargo cargo
