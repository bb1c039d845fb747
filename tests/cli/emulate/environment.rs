//! The environment of a function: its variables, folders and files.

use forge::{Forged, Forgery};

use super::{each_way, function, invoke, script};

const PRINT: &str = "next; respond \"$(printf '{}')\"; env -0 | sort -z | tr '\\0' '\\n'; next";

#[test]
fn a_function_has_the_variables_of_lambda_and_no_other() {
    let project = function(PRINT).file("my.env", "TABLE=orders\nA1='two words'\nTAKEN\nUNSET\n");
    let args = ["--env-file", "my.env", "--env", "A1=x=y", "--memory", "512"];
    let outcome = super::command(&project, &args)
        .env("LEAKED", "1")
        .env("TAKEN", "outer")
        .run();
    outcome
        .exits(0)
        .never_says("LEAKED")
        .never_says("CARGO")
        .never_says("UNSET");
    for variable in [
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512",
        "AWS_LAMBDA_FUNCTION_NAME=f",
        "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/f",
        "AWS_LAMBDA_RUNTIME_API=127.0.0.1:",
        "AWS_REGION=us-east-1",
        "_HANDLER=bootstrap",
        "LAMBDA_RUNTIME_DIR=/var/runtime",
        "TZ=:UTC",
        "TABLE=orders",
        "A1=x=y",
        "TAKEN=outer",
    ] {
        outcome.says(&format!("\n{variable}"));
    }
    each_way(&project, &[], |outcome| {
        let is_variable = |line: &&str| {
            line.split_once('=')
                .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        };
        let names = outcome.stderr.lines().filter(is_variable).count();
        // With those that bash adds: OLDPWD, PWD, SHLVL and _.
        assert!((19..=22).contains(&names), "{names}\n{outcome}");
    });
}

#[test]
fn the_region_can_be_set_and_the_api_cannot() {
    let project = function(PRINT);
    let outcome = invoke(&project, &["--env", "AWS_REGION=eu-west-1"]);
    outcome.exits(0).says("\nAWS_REGION=eu-west-1");
    let outcome = invoke(&project, &["--env", "AWS_LAMBDA_RUNTIME_API=x"]);
    outcome.exits(2).says("set by Lambda");
    invoke(&project, &["--env", "A-B=x"])
        .exits(2)
        .says("not a name that Lambda accepts");
}

#[test]
fn the_working_folder_is_the_task_root_with_the_files_of_the_package() {
    let project = function("");
    let body = "next; read -r data <data.txt; respond \"\\\"$data $PWD\\\"\"; \
                [ \"$PWD\" = \"$LAMBDA_TASK_ROOT\" ] && echo same; next";
    let files = [
        Forged::file("bootstrap", 0o755, script(body)),
        Forged::file("data.txt", 0o644, "kept\n"),
    ];
    project.write("f.zip", Forgery::of(files).bytes());
    each_way(&project, &[], |outcome| {
        outcome.exits(0).prints("\"kept /").says("same\n");
    });
}

/// True if bubblewrap works here: then the note about it is not there.
fn is_closed() -> bool {
    let outcome = invoke(&function("next; respond 1; next"), &[]);
    !outcome.stderr.contains("`bwrap` is not there")
}

#[test]
fn a_sandbox_has_lambdas_folders_and_nothing_else_of_this_machine() {
    if !is_closed() {
        // The note of `each_way` is all that can be held here.
        return;
    }
    let body = "next
        touch /tmp/mine && echo tmp-writable
        touch here 2>/dev/null || echo task-read-only
        ls /home /root \"$1\" 2>/dev/null | head -1
        [ -e /home ] || echo no-home
        [ -e /etc/shadow ] || echo no-shadow
        echo \"user $(id -u):$(id -g)\"
        respond '\"'$PWD'\"'; next";
    let outcome = invoke(&function(body), &[]);
    assert_eq!(outcome.exits(0).stdout, "\"/var/task\"\n");
    for line in [
        "tmp-writable",
        "task-read-only",
        "no-home",
        "no-shadow",
        "user 993:990",
    ] {
        outcome.says(&format!("{line}\n"));
    }
    assert!(!std::path::Path::new("/tmp/mine").exists());
}

#[test]
fn nothing_is_left_of_what_was_unpacked() {
    let project = function("next; respond 1; next");
    for path in ["", "/nowhere"] {
        let folder = project.path(&format!("tmp{}", path.len()));
        fs_err::create_dir(&folder).unwrap();
        let run = super::command(&project, &[]).env("TMPDIR", folder.to_str().unwrap());
        let run = if path.is_empty() {
            run
        } else {
            run.env("PATH", path)
        };
        run.run().exits(0);
        assert_eq!(fs_err::read_dir(&folder).unwrap().count(), 0);
    }
}
