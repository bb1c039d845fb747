# Completions of cargo-lambda-zip for fish, also behind `cargo lambda-zip`.

# Prints each word with a variable in it, or a home at its start, as the command will get it.
function __cargo_lambda_zip_expand
    for word in $argv
        set -l parts (string match --regex -- '^([^$]*)\$(\w+)(.*)$' $word)
        set -l name $parts[3]
        if set --query name[1]; and set --query $name
            set word $parts[2]"$$name"$parts[4]
        end
        string replace --regex -- '^~(?=/|$)' $HOME $word
    end
end

# Prints the words between `lambda-zip` and the cursor, and fails if the command of Cargo is another
# one.
function __cargo_lambda_zip_words
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set --erase words[1]
    while set --query words[1]
        switch $words[1]
            case --color --config -C -Z
                set --erase words[1]
            case '+*' '-*'
            case lambda-zip
                set --erase words[1]
                __cargo_lambda_zip_expand $words
                return 0
            case '*'
                return 1
        end
        set --erase words[1]
    end
    return 1
end

# The word at the cursor without quotes, of which the last is still open, and backslashes.
function __cargo_lambda_zip_current
    for end in '' \' '"'
        string unescape -- $argv$end 2>/dev/null && return
    end
    echo -- $argv
end

# Prints the replies after the words $argv, with the start of the current one as it is typed: fish
# compares them.
function __cargo_lambda_zip_reply
    set -l raw (commandline --current-token --cut-at-cursor)
    set -l typed (__cargo_lambda_zip_current $raw)
    set -l word $typed
    if string match --quiet --regex -- '^(~|[^\'\\\\]*\$)' $raw
        set word (__cargo_lambda_zip_expand $typed)
    else
        # This tilde is the name of a file. The program would take it for a home.
        set word (string replace --regex -- '(?<=^|=)~' './~' $typed)
    end
    _CARGO_LAMBDA_ZIP_COMPLETE=fish cargo-lambda-zip -- cargo-lambda-zip $argv $word 2>/dev/null |
        string replace -- "$word" "$typed"
end

complete --command cargo-lambda-zip --keep-order --exclusive \
    --arguments '(__cargo_lambda_zip_reply (__cargo_lambda_zip_expand \
    (commandline --current-process --tokenize --cut-at-cursor)[2..]))'
complete --command cargo --condition '__cargo_lambda_zip_words >/dev/null' --keep-order --exclusive \
    --arguments '(__cargo_lambda_zip_reply (__cargo_lambda_zip_words))'
