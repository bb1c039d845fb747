//! Completions in real shells, and the pages that `man` finds.
//!
//! Bash and zsh run in a terminal of `script`, where a tab is typed. `cargo` is a function of the
//! shell that prints its arguments, so that the completed line is seen.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use fs_err as fs;
use tempfile::TempDir;

use crate::parts::{output, path_with, program};

const TOOL: &str = env!("CARGO_BIN_EXE_cargo-lambda-zip");

/// What is typed before a tab, and the line that results.
const LINES: [(&str, &str); 21] = [
    ("lambda-zip --bin or", "lambda-zip --bin orders"),
    ("lambda-zip --bin=or", "lambda-zip --bin=orders"),
    (
        "lambda-zip -p refunds --bin ",
        "lambda-zip -p refunds --bin pay-back",
    ),
    (
        "--color never lambda-zip -p ord",
        "--color never lambda-zip -p orders",
    ),
    ("lambda-zip --profile sm", "lambda-zip --profile small"),
    ("lambda-zip -F fast,met", "lambda-zip -F fast,metrics"),
    ("lambda-zip layer too", "lambda-zip layer tools"),
    ("lambda-zip -D cpu", "lambda-zip -D cpu-above-lambda"),
    ("lambda-zip pack my", "lambda-zip pack my handler"),
    ("lambda-zip pack \"my", "lambda-zip pack my handler"),
    ("lambda-zip pack my\\ h", "lambda-zip pack my handler"),
    ("lambda-zip --bin 'or", "lambda-zip --bin orders"),
    ("lambda-zip pack ~/my", "lambda-zip pack ~/my handler"),
    ("lambda-zip pack $HOME/my", "lambda-zip pack ~/my handler"),
    (
        "lambda-zip pack $HOME/one\\ sp/x",
        "lambda-zip pack ~/one sp/x y.zip",
    ),
    (
        "lambda-zip pack -o$HOME/my",
        "lambda-zip pack -o~/my handler",
    ),
    // In quotes, a tilde is the name of a file.
    ("lambda-zip pack \"~/li", "lambda-zip pack ~/lit.zip"),
    ("lambda-zip pack \\~/li", "lambda-zip pack ~/lit.zip"),
    (
        "lambda-zip --manifest-path $HOME/orders/Cargo.toml --bin or",
        "lambda-zip --manifest-path ~/orders/Cargo.toml --bin orders",
    ),
    ("lambda-zip pack od", "lambda-zip pack odd$x'y"),
    ("lambda-zip comple", "lambda-zip completions"),
];

/// The words typed after `lambda-zip size` before a tab, with other tabs, and the path that Bash gives
/// the command.
const PATHS_IN_BASH: [(&str, &str); 23] = [
    ("\"sem\t", "semi/a;b.zip"),
    ("'sem\t", "semi/a;b.zip"),
    ("sem\t", "semi/a;b.zip"),
    ("\"one\t", "one sp/x y.zip"),
    ("'one\t", "one sp/x y.zip"),
    ("one\" s", "one sp/"),
    ("\"do", "do$lar/"),
    ("\"dt", "dtick`t/"),
    ("\"qu", "qu\"o/"),
    ("\"sl", "slash\\es/"),
    ("sl", "slash\\es/"),
    ("'it", "it's/"),
    ("it\\'s/p", "it's/p.zip"),
    ("\"it's/p", "it's/p.zip"),
    ("'it'\\''s/p", "it's/p.zip"),
    ("\"wo\tz", "wow!/z.zip"),
    ("\"k=v", "k=v/"),
    ("\"$HOME/sem\t", "~/semi/a;b.zip"),
    ("${HOME}/sem\t", "~/semi/a;b.zip"),
    ("\"$HOME\"/one\t", "~/one sp/x y.zip"),
    ("~/do", "~/do$lar/"),
    ("\"~/my\t\"", "~/my"),
    ("'$HOME/my\t'", "$HOME/my"),
];

/// A workspace of two packages.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "Cargo.toml",
        "[workspace]\nmembers = ['orders', 'refunds']\n[profile.small]\ninherits = 'release'\n\
         [workspace.metadata.lambda-zip.layer.tools]\ninclude = ['x']\n",
    );
    write(
        "orders/Cargo.toml",
        "[package]\nname = 'orders'\n[features]\nfast = []\nmetrics = []\n",
    );
    write("orders/src/main.rs", "fn main() {}");
    write(
        "refunds/Cargo.toml",
        "[package]\nname = 'refunds'\n[[bin]]\nname = 'pay-back'\npath = 'main.rs'\n",
    );
    write("refunds/main.rs", "fn main() {}");
    write("my handler", "#!/bin/sh\n");
    write("odd$x'y", "#!/bin/sh\n");
    for path in [
        "semi/a;b.zip",
        "one sp/x y.zip",
        "do$lar/z.zip",
        "dtick`t/z.zip",
        "qu\"o/z.zip",
        "slash\\es/z.zip",
        "it's/p.zip",
        "wow!/z.zip",
        "k=v/z.zip",
        "~/lit.zip",
    ] {
        write(path, "");
    }
    folder
}

/// A command in the workspace, with the tool on PATH.
fn command(program: &Path, folder: &Path) -> Command {
    let tool = Path::new(TOOL);
    let path = path_with([tool.parent().unwrap().to_owned()]);
    let mut command = Command::new(program);
    command
        .env("PATH", path)
        .env("HOME", folder)
        .env("TERM", "dumb")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder);
    // rustup looks for its toolchains below HOME.
    for (variable, default) in [("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo")] {
        if let (None, Some(home)) = (env::var_os(variable), env::home_dir()) {
            command.env(variable, home.join(default));
        }
    }
    command
}

/// Types `start` and then each line, with a tab, into an interactive shell. Returns the arguments
/// that its `cargo` was given, one call each.
fn typed(shell: &str, start: &str, lines: &[impl AsRef<str>]) -> Vec<String> {
    let folder = workspace();
    let mut terminal = command(&program("script"), folder.path())
        .args(["--quiet", "--return", "--command", shell, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keys = terminal.stdin.take().unwrap();
    let mut press = |text: &str, pause: u64| {
        keys.write_all(text.as_bytes()).unwrap();
        keys.flush().unwrap();
        sleep(Duration::from_millis(pause));
    };
    press(start, 1000);
    for line in lines {
        press("cargo ", 0);
        for keys in line.as_ref().split('\t') {
            press(keys, 50);
            // Some shells lose keys that are pressed while they complete.
            press("\t", 700);
        }
        press("\n", 50);
    }
    press("exit\n", 0);
    drop(keys);
    let output = terminal.wait_with_output().unwrap();
    let output = String::from_utf8_lossy(&output.stdout).replace('\r', "");
    let calls = output.lines().filter_map(|line| {
        let (_, call) = line.rsplit_once("<<")?;
        let call = call.strip_suffix(">>")?;
        Some(call.replace(folder.path().to_str().unwrap(), "~"))
    });
    let calls: Vec<String> = calls.collect();
    assert_eq!(calls.len(), lines.len(), "{output}");
    calls
}

#[test]
#[ignore = "needs the shells"]
fn bash_completes_and_leaves_the_rest_to_cargo() {
    let start = "source /usr/share/bash-completion/bash_completion\n\
                 eval \"$(cargo-lambda-zip completions bash)\"\n\
                 cargo() { case $1 in --list | locate-project) command cargo \"$@\" ;; \
                 *) echo \"<<$*>>\" ;; esac; }\n";
    let mut lines = LINES.to_vec();
    lines.push(("build --manifest-p", "build --manifest-path"));
    lines.push(("lambda-z", "lambda-zip"));
    let (typed_lines, expected): (Vec<&str>, Vec<&str>) = lines.into_iter().unzip();
    assert_eq!(typed("bash --norc -i", start, &typed_lines), expected);

    let start = "eval \"$(cargo-lambda-zip completions bash)\"\n\
                 cargo() { echo \"<<${*:3}>>\"; }\n";
    let (typed_paths, expected): (Vec<&str>, Vec<&str>) = PATHS_IN_BASH.into_iter().unzip();
    let typed_lines = typed_paths
        .iter()
        .map(|path| format!("lambda-zip size {path}"));
    let typed_lines: Vec<String> = typed_lines.collect();
    assert_eq!(typed("bash --norc -i", start, &typed_lines), expected);
}

#[test]
#[ignore = "needs the shells"]
fn zsh_completes_with_and_without_completions_of_cargo() {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]));
    let sysroot = String::from_utf8(sysroot).unwrap();
    let functions = format!("{}/share/zsh/site-functions", sysroot.trim());
    let (typed_lines, expected): (Vec<&str>, Vec<&str>) = LINES.into_iter().unzip();
    for functions in [functions.as_str(), "/nonexistent"] {
        let start = format!(
            "fpath=({functions} $fpath); autoload -Uz compinit; compinit -u -D\n\
             source <(cargo-lambda-zip completions zsh)\n\
             cargo() {{ print -r -- \"<<$*>>\" }}\n"
        );
        assert_eq!(
            typed("zsh -f -i", &start, &typed_lines),
            expected,
            "{functions}"
        );
    }
}

#[test]
#[ignore = "needs the shells"]
fn fish_completes_and_leaves_the_rest_to_cargo() {
    let folder = workspace();
    let replies = |line: &str| {
        let script = "cargo-lambda-zip completions fish | source; complete --do-complete $argv[1]";
        let mut fish = command(&program("fish"), folder.path());
        let replies = output(fish.args(["--command", script, "--", line]));
        let replies = String::from_utf8(replies).unwrap();
        let words = replies.lines().filter_map(|line| line.split('\t').next());
        let words = words.map(|word| word.replace("$HOME", "~"));
        words.collect::<Vec<_>>()
    };
    for (line, expected) in LINES {
        let last = expected
            .strip_prefix("lambda-zip pack ")
            .or(expected.rsplit(' ').next())
            .unwrap();
        assert_eq!(replies(&format!("cargo {line}")), [last], "{line}");
    }
    assert!(replies("cargo build --manifest").contains(&"--manifest-path".to_owned()));
    assert!(replies("cargo-lambda-zip pac").contains(&"pack".to_owned()));
}

#[test]
#[ignore = "needs the shells"]
fn man_finds_the_pages() {
    let folder = workspace();
    let pages = folder.path().join("man/man1");
    let written = ["man", "--out-dir", pages.to_str().unwrap()];
    output(command(Path::new(TOOL), folder.path()).args(written));
    for (page, text) in [
        (
            "cargo-lambda-zip",
            "Packages an executable that is already built",
        ),
        ("cargo-lambda-zip-pack", "cargo lambda-zip pack"),
    ] {
        let mut man = command(&program("man"), folder.path());
        man.env("MANPATH", folder.path().join("man"))
            .env("MANWIDTH", "200")
            .env("MAN_KEEP_FORMATTING", "");
        let shown = String::from_utf8(output(man.args(["--warnings", page]))).unwrap();
        let shown = shown.replace('\u{2010}', "-");
        // Lines are justified with spaces.
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(text), "{shown}");
    }
}
