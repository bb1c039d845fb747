//! The checks of a program: can Linux on Lambda run it?

use super::permissions;
use crate::bytes::Size;
use crate::inspect::{
    BadStart, BinaryFacts, Executable, Linkage, Machine, NotAnExecutable, ScriptFacts,
};
use crate::lambda::{Architecture, Runtime};
use crate::lint::fs::{Found, Program, RuntimeFs, absolute, has_glibc_loader, static_help};
use crate::lint::{Diagnostic, File, Lint, List, list};
use crate::text::quoted_name;

/// Bytes of debug information that are worth a warning. Less comes from precompiled libraries, and no
/// setting of the user would remove it.
const DEBUG_INFO_WORTH_A_WORD: u64 = 1024 * 1024;

/// Checks a program by the result of [`crate::inspect::inspect`].
pub(crate) fn check(
    program: &Program<'_>,
    executable: Result<&Executable, &NotAnExecutable>,
    fs: &RuntimeFs<'_>,
) -> Vec<Diagnostic> {
    let name = &quoted_name(program.name);
    match executable {
        Err(what) => vec![not_an_executable(name, what)],
        Ok(Executable::Binary(facts)) if facts.linkage == Linkage::Shared => {
            vec![not_an_executable(name, "a shared library, not a program")]
        }
        Ok(Executable::Script(facts)) => [
            crlf_script(name, facts),
            missing_script_interpreter(name, facts, program.runtime, fs),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Ok(Executable::Binary(facts)) => [
            other_architecture(program, facts),
            bad_start(name, facts, program.architecture),
            missing_loader(name, facts, program.runtime, fs),
            debug_info(name, facts, program.bytes),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn not_an_executable(name: &str, what: &str) -> Diagnostic {
    Diagnostic {
        lint: Lint::NotAnExecutable,
        message: format!(
            "{name} is not an executable that Lambda can start: it is {what}; the function would \
             fail with `exec format error`"
        ),
        help: "package a 64-bit Linux executable, or a script with `#!`".to_owned(),
        names: List::default(),
    }
}

fn crlf_script(name: &str, facts: &ScriptFacts) -> Option<Diagnostic> {
    let (_, argument) = split_first(&facts.interpreter);
    let failure = if argument.is_empty() {
        "Linux would search for an interpreter whose name ends in a carriage return, and fail with \
         `no such file or directory`"
    } else {
        "Linux would give its interpreter an argument that ends in a carriage return, which is \
         unknown to it"
    };
    facts.has_crlf.then(|| Diagnostic {
        lint: Lint::CrlfScript,
        message: format!("the script {name} has Windows line endings: {failure}"),
        help: "save it with Unix line endings (`dos2unix`, or `* text eol=lf` in .gitattributes)"
            .to_owned(),
        names: List::default(),
    })
}

/// The path of a script's interpreter, if it is in the package or a layer.
pub(crate) fn interpreter_path(
    facts: &ScriptFacts,
    fs: &RuntimeFs<'_>,
    runtime: Runtime,
) -> Option<String> {
    match script_interpreter(facts, fs, runtime) {
        Interpreter::InPackage(path) => Some(path),
        Interpreter::InRuntime | Interpreter::Missing(_) => None,
    }
}

/// The name of a script's interpreter, if it is neither in the runtime nor in the package or a layer.
pub(crate) fn missing_interpreter(
    facts: &ScriptFacts,
    fs: &RuntimeFs<'_>,
    runtime: Runtime,
) -> Option<String> {
    match script_interpreter(facts, fs, runtime) {
        Interpreter::Missing(name) => Some(name),
        Interpreter::InRuntime | Interpreter::InPackage(_) => None,
    }
}

/// The place of a script's interpreter.
enum Interpreter {
    InRuntime,
    /// In the package or a layer, at this path.
    InPackage(String),
    /// Missing; its path, or its name on the `PATH`.
    Missing(String),
}

/// Finds a script's interpreter. The argument of `env` is searched for on Lambda's `PATH`.
fn script_interpreter(facts: &ScriptFacts, fs: &RuntimeFs<'_>, runtime: Runtime) -> Interpreter {
    /// Source: the Lambda developer guide, "Defined runtime environment variables".
    const PATH: [&str; 4] = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/bin"];
    let (path, argument) = split_first(&facts.interpreter);
    let path = absolute(path);
    if argument.is_empty() || !(path.ends_with("/env") && runtime.facts().has_program(&path)) {
        return interpreter_at(path, fs, runtime);
    }
    // Linux passes the rest of the line as one argument, which `env` splits only with `-S`.
    let program = if is_to_be_split(argument) && runtime.facts().env_splits {
        let mut words = argument.split_whitespace();
        let is_program = |word: &&str| !word.starts_with('-') && !word.contains('=');
        words.find(is_program).unwrap_or(argument)
    } else {
        argument
    };
    if program.contains('/') {
        return interpreter_at(absolute(program), fs, runtime);
    }
    PATH.iter()
        .map(|folder| interpreter_at(format!("{folder}/{program}"), fs, runtime))
        .find(|found| !matches!(found, Interpreter::Missing(_)))
        .unwrap_or_else(|| Interpreter::Missing(program.to_owned()))
}

/// The first word, and the rest of the line.
fn split_first(line: &str) -> (&str, &str) {
    let (first, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    (first, rest.trim())
}

/// `true` if `env` splits its argument: by `-S`, also among other letters, or `--split-string`.
fn is_to_be_split(argument: &str) -> bool {
    let (option, _) = split_first(argument);
    let is_short = option.starts_with('-') && !option.starts_with("--");
    option.starts_with("--split-string") || (is_short && option.contains('S'))
}

fn interpreter_at(path: String, fs: &RuntimeFs<'_>, runtime: Runtime) -> Interpreter {
    match fs.find(&path) {
        Found::File(..) => Interpreter::InPackage(path),
        Found::Outside(real) if runtime.facts().has_program(&real) => Interpreter::InRuntime,
        // It may be in a layer of which only the size is known.
        Found::Nothing if fs.has_unknown_layers && path.starts_with("/opt/") => {
            Interpreter::InRuntime
        }
        _ => Interpreter::Missing(path),
    }
}

fn missing_script_interpreter(
    name: &str,
    facts: &ScriptFacts,
    runtime: Runtime,
    fs: &RuntimeFs<'_>,
) -> Option<Diagnostic> {
    let interpreter = missing_interpreter(facts, fs, runtime)?;
    Some(Diagnostic {
        lint: Lint::MissingInterpreter,
        message: format!(
            "the script {name} needs {}, but {} is neither in {runtime} nor in the package or its \
             layers: it would fail with `no such file or directory`",
            quoted_name(&facts.interpreter),
            quoted_name(&interpreter),
        ),
        help: if interpreter.contains(char::is_whitespace) {
            "Linux passes the rest of the line to `env` as one argument: write `#!/usr/bin/env -S …` \
             (not on provided.al2), or name the interpreter itself"
        } else {
            "use `#!/bin/sh`, or add the interpreter in a layer (`--layer ZIP`) and name its path \
             there, `#!/opt/bin/…`"
        }
        .to_owned(),
        names: List::default(),
    })
}

/// The diagnostic for files that are built for `machine`, which is not that of the function.
pub(crate) fn wrong_architecture(
    files: List,
    machine: &Machine,
    architecture: Architecture,
) -> Diagnostic {
    Diagnostic {
        lint: Lint::WrongArchitecture,
        message: format!(
            "{files} {} built for {machine}, but the function runs on {architecture}: it would fail \
             with `exec format error`",
            files.either("is", "are")
        ),
        help: match machine {
            Machine::Lambda(actual) => {
                format!("build it for {architecture}, or deploy it as {actual} (`--arch {actual}`)")
            }
            Machine::Other(_) => format!("build it for {architecture}"),
        },
        names: files,
    }
}

fn other_architecture(program: &Program<'_>, facts: &BinaryFacts) -> Option<Diagnostic> {
    let is_right = facts.machine == Machine::Lambda(program.architecture);
    let file = list([program.name]).filter(|_| !is_right)?;
    Some(wrong_architecture(
        file,
        &facts.machine,
        program.architecture,
    ))
}

/// Finds a program whose headers contradict each other.
pub(crate) fn bad_start(
    name: &str,
    facts: &BinaryFacts,
    architecture: Architecture,
) -> Option<Diagnostic> {
    const CRASHES: &str = "it would crash with `signal: segmentation fault`";
    if facts.machine != Machine::Lambda(architecture) {
        return None; // wrong-architecture covers it
    }
    let bad = facts.bad_start?;
    let reason = bad.reason();
    let libraries = list(&facts.needed);
    Some(match libraries {
        Some(libraries) if bad == BadStart::NoLoader => Diagnostic {
            lint: Lint::MissingInterpreter,
            message: format!(
                "{name} {reason}, so that nothing would load {libraries}: it is linked as a static \
                 program, and {CRASHES}"
            ),
            help: format!(
                "link the library statically (in a build script, \
                 `cargo::rustc-link-lib=static=NAME`, or the `vendored` or `bundled` feature of the \
                 crate that needs it), or build a program that loads libraries \
                 (`--target {}-unknown-linux-gnu`)",
                architecture.rust_name()
            ),
            names: libraries,
        },
        _ => Diagnostic {
            lint: Lint::NotAnExecutable,
            message: format!(
                "{name} is an executable whose headers contradict each other: it {reason}; {CRASHES}"
            ),
            help: match bad {
                BadStart::LoaderOfStatic => {
                    "leave out the argument of the linker that names a loader (`-dynamic-linker`, in \
                     RUSTFLAGS, .cargo/config.toml or a build script), or link the C library \
                     dynamically"
                }
                BadStart::FixedStaticPie => {
                    "leave out the argument of the linker that forbids a PIE (`-no-pie`, in \
                     RUSTFLAGS, .cargo/config.toml or a build script), or set \
                     `-Crelocation-model=static` beside it"
                }
                _ => {
                    "build it again, and leave out the tools that change it after the build \
                     (`objcopy`, `patchelf`, packers)"
                }
            }
            .to_owned(),
            names: List::default(),
        },
    })
}

/// The same as [`missing_loader`] for a program in a layer: a loader in `/opt` or `/var/task` may come from
/// another package.
pub(crate) fn missing_loader_anywhere(
    program: &Program<'_>,
    facts: &BinaryFacts,
    fs: &RuntimeFs<'_>,
) -> Option<Diagnostic> {
    let loader = absolute(facts.interpreter.as_deref()?);
    let may_come = ["/opt/", "/var/task/"]
        .iter()
        .any(|root| loader.starts_with(root));
    let found = missing_loader(&quoted_name(program.name), facts, program.runtime, fs);
    found.filter(|_| !may_come)
}

fn missing_loader(
    name: &str,
    facts: &BinaryFacts,
    runtime: Runtime,
    fs: &RuntimeFs<'_>,
) -> Option<Diagnostic> {
    let loader = facts.interpreter.as_deref()?;
    let Machine::Lambda(architecture) = facts.machine else {
        return None; // wrong-architecture covers it
    };
    let path = absolute(loader);
    let is_there = match fs.find(&path) {
        // The loader has to be executable too.
        Found::File(file, _) => {
            let closed = permissions::not_executable(&file.name, file);
            return closed.or_else(|| foreign_loader(name, facts, file));
        }
        _ if has_glibc_loader(facts) => true,
        _ => fs.has_unknown_layers && path.starts_with("/opt/"),
    };
    (!is_there).then(|| Diagnostic {
        lint: Lint::MissingInterpreter,
        message: format!(
            "{name} needs the dynamic loader {}, which is neither in {runtime} nor in the package or \
             its layers: it would fail with `no such file or directory`, although the program is \
             there",
            quoted_name(loader)
        ),
        help: static_help(architecture),
        names: List::default(),
    })
}

/// Finds a loader in the package that Linux cannot load for the program.
fn foreign_loader(name: &str, facts: &BinaryFacts, loader: &File) -> Option<Diagnostic> {
    let executable = loader.contents.as_ref()?.executable.as_ref();
    let what = match executable {
        Ok(Executable::Binary(loader)) if loader.machine == facts.machine => return None,
        Ok(Executable::Binary(loader)) => format!("built for {}", loader.machine).into(),
        Ok(Executable::Script(_)) => "a script".into(),
        Err(what) => what.clone(),
    };
    Some(Diagnostic {
        lint: Lint::MissingInterpreter,
        message: format!(
            "{name} needs the dynamic loader {}, which is {what}: it would fail with `accessing a \
             corrupted shared library`",
            quoted_name(&loader.name)
        ),
        help: format!("pack the loader for {}", facts.machine),
        names: List::default(),
    })
}

fn debug_info(name: &str, facts: &BinaryFacts, bytes: u64) -> Option<Diagnostic> {
    (facts.debug_bytes >= DEBUG_INFO_WORTH_A_WORD).then(|| Diagnostic {
        lint: Lint::DebugInfo,
        message: format!(
            "{name} contains {} of debug information, {} % of its size, which counts towards Lambda's \
             limits and makes cold starts slower",
            Size(facts.debug_bytes),
            u128::from(facts.debug_bytes) * 100 / u128::from(bytes.max(1)),
        ),
        help: "strip it: `strip --strip-debug`, or in Rust `strip = \"debuginfo\"` in the profile"
            .to_owned(),
        names: List::default(),
    })
}
