# Completions of cargo-lambda-zip for fish, also behind `cargo lambda-zip`.

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
                for word in $words
                    echo -- $word
                end
                return 0
            case '*'
                return 1
        end
        set --erase words[1]
    end
    return 1
end

# The word at the cursor as the command will get it: without quotes, of which the last is still open,
# and backslashes.
function __cargo_lambda_zip_current
    set -l word (commandline --current-token --cut-at-cursor)
    for end in '' \' '"'
        string unescape -- $word$end 2>/dev/null && return
    end
    echo -- $word
end

function __cargo_lambda_zip_reply
    _CARGO_LAMBDA_ZIP_COMPLETE=fish cargo-lambda-zip -- cargo-lambda-zip $argv \
        (__cargo_lambda_zip_current) 2>/dev/null
end

complete --command cargo-lambda-zip --keep-order --exclusive \
    --arguments '(__cargo_lambda_zip_reply (commandline --current-process --tokenize --cut-at-cursor)[2..])'
complete --command cargo --condition '__cargo_lambda_zip_words >/dev/null' --keep-order --exclusive \
    --arguments '(__cargo_lambda_zip_reply (__cargo_lambda_zip_words))'
