//! Whether Lambda can start an executable.

use super::{Lint, Observation};
use crate::inspect::{BinaryFacts, Executable, Linkage, Machine, NotAnExecutable, ScriptFacts};
use crate::size::Size;
use crate::target::{Architecture, Runtime};

/// Bytes of debug information from which on it is worth a word: less is the leftover of a
/// precompiled library, which no setting of the user's would remove.
const DEBUG_INFO_WORTH_A_WORD: u64 = 1024 * 1024;

/// Judges what [`crate::inspect::inspect`] found in the executable called `name`.
pub(crate) fn judge(
    name: &str,
    executable: Result<&Executable, &NotAnExecutable>,
    architecture: Architecture,
    runtime: Runtime,
) -> Vec<Observation> {
    match executable {
        Err(what) => vec![not_an_executable(name, what)],
        Ok(Executable::Script(facts)) => [
            crlf_script(name, facts),
            missing_script_interpreter(name, facts, runtime),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Ok(Executable::Binary(facts)) => [
            wrong_architecture(name, &facts.machine, architecture),
            missing_interpreter(name, facts, runtime),
            glibc_too_new(name, facts, runtime),
            missing_library(name, facts, runtime),
            debug_info(name, facts),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// Judges the runtime itself.
pub(crate) fn judge_runtime(runtime: Runtime) -> Option<Observation> {
    runtime.deprecation().map(|dates| Observation {
        lint: Lint::DeprecatedRuntime,
        message: format!("the runtime {runtime} is {dates}"),
        help: format!("deploy on {} (`--runtime {0}`)", Runtime::default()),
    })
}

fn not_an_executable(name: &str, what: &str) -> Observation {
    Observation {
        lint: Lint::NotAnExecutable,
        message: format!(
            "`{name}` is no executable that Lambda can start: it is {what}; the function would \
             fail with `exec format error`"
        ),
        help: "package a 64-bit Linux executable, or a script with `#!`".to_owned(),
    }
}

fn crlf_script(name: &str, facts: &ScriptFacts) -> Option<Observation> {
    facts.has_crlf.then(|| Observation {
        lint: Lint::CrlfScript,
        message: format!(
            "the script `{name}` has Windows line endings: Linux would look for an interpreter \
             whose name ends in a carriage return, and fail with `no such file or directory`"
        ),
        help: "save it with Unix line endings (`dos2unix`, or `* text eol=lf` in .gitattributes)"
            .to_owned(),
    })
}

fn missing_script_interpreter(
    name: &str,
    facts: &ScriptFacts,
    runtime: Runtime,
) -> Option<Observation> {
    (!runtime.may_have_interpreter(&facts.interpreter)).then(|| Observation {
        lint: Lint::MissingInterpreter,
        message: format!(
            "the script `{name}` asks for `{}`, which {runtime} does not have: it would fail \
             with `no such file or directory`",
            facts.interpreter
        ),
        help: "use `#!/bin/sh`, or bring the interpreter in a layer and name it by its path \
               there, `#!/opt/…`"
            .to_owned(),
    })
}

/// Judges the instruction set of the program, or library, called `name`.
pub(crate) fn wrong_architecture(
    name: &str,
    machine: &Machine,
    architecture: Architecture,
) -> Option<Observation> {
    (*machine != Machine::Lambda(architecture)).then(|| Observation {
        lint: Lint::WrongArchitecture,
        message: format!(
            "`{name}` is built for {machine}, but the function is to run on {architecture}: it \
             would fail with `exec format error`"
        ),
        help: match machine {
            Machine::Lambda(actual) => {
                format!("build it for {architecture}, or deploy it as {actual} (`--arch {actual}`)")
            }
            Machine::Other(_) => format!("build it for {architecture}"),
        },
    })
}

fn missing_interpreter(name: &str, facts: &BinaryFacts, runtime: Runtime) -> Option<Observation> {
    let loader = facts.interpreter.as_deref()?;
    let Machine::Lambda(architecture) = facts.machine else {
        return None; // wrong-architecture says it all
    };
    (!runtime.has_loader(loader, architecture)).then(|| Observation {
        lint: Lint::MissingInterpreter,
        message: format!(
            "`{name}` asks for the dynamic loader `{loader}`, which {runtime} does not have: it \
             would fail with `no such file or directory`, though the file is there"
        ),
        help: static_help(architecture),
    })
}

fn glibc_too_new(name: &str, facts: &BinaryFacts, runtime: Runtime) -> Option<Observation> {
    let needed = facts.glibc?;
    (needed > runtime.glibc()).then(|| Observation {
        lint: Lint::GlibcTooNew,
        message: format!(
            "`{name}` needs GLIBC_{needed}{}, but {runtime} has glibc {}: it would fail with \
             `version `GLIBC_{needed}' not found`",
            for_symbols(&facts.glibc_symbols),
            runtime.glibc()
        ),
        help: newer_runtime_help(needed, runtime, facts),
    })
}

/// ` (for `arc4random`)`, or nothing.
fn for_symbols(symbols: &[String]) -> String {
    /// How many are named.
    const NAMED: usize = 3;
    if symbols.is_empty() {
        return String::new();
    }
    let mut named: Vec<String> = symbols
        .iter()
        .take(NAMED)
        .map(|s| format!("`{s}`"))
        .collect();
    if symbols.len() > NAMED {
        named.push(format!("{} more", symbols.len() - NAMED));
    }
    format!(" (for {})", named.join(", "))
}

fn newer_runtime_help(
    needed: crate::target::GlibcVersion,
    runtime: Runtime,
    facts: &BinaryFacts,
) -> String {
    let newest = Runtime::default();
    let mut ways = Vec::new();
    if let Machine::Lambda(architecture) = facts.machine {
        ways.push(static_help(architecture));
        ways.push(format!(
            "link it against an older glibc (`--builder zigbuild --target {}-unknown-linux-gnu`, \
             which takes the runtime's)",
            architecture.rust_name()
        ));
    }
    if needed <= newest.glibc() && runtime != newest {
        ways.push(format!("deploy on {newest} (`--runtime {newest}`)"));
    }
    ways.join(", or ")
}

fn missing_library(name: &str, facts: &BinaryFacts, runtime: Runtime) -> Option<Observation> {
    if facts.linkage != Linkage::Dynamic {
        return None;
    }
    let missing: Vec<&str> = facts
        .needed
        .iter()
        .map(String::as_str)
        .filter(|library| !runtime.has_library(library))
        .collect();
    let first = missing.first()?;
    Some(Observation {
        lint: Lint::MissingLibrary,
        message: format!(
            "`{name}` needs {}, which {runtime} does not have: it would fail with \
             `error while loading shared libraries: {first}: cannot open shared object file`",
            missing.join(", ")
        ),
        help: "link it statically (a musl target, or the `vendored` or `bundled` feature of the \
               crate that wants it)"
            .to_owned(),
    })
}

fn debug_info(name: &str, facts: &BinaryFacts) -> Option<Observation> {
    (facts.debug_bytes >= DEBUG_INFO_WORTH_A_WORD).then(|| Observation {
        lint: Lint::DebugInfo,
        message: format!(
            "`{name}` carries {} of debug information, which counts towards Lambda's limits and \
             slows its cold start",
            Size(facts.debug_bytes)
        ),
        help: "set `strip = \"debuginfo\"` or `strip = \"symbols\"` in the profile".to_owned(),
    })
}

fn static_help(architecture: Architecture) -> String {
    format!(
        "link it statically (`--target {}-unknown-linux-musl`)",
        architecture.rust_name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gnu(glibc: &str, needed: &[&str]) -> BinaryFacts {
        BinaryFacts {
            machine: Machine::Lambda(Architecture::X86_64),
            linkage: Linkage::Dynamic,
            interpreter: Some("/lib64/ld-linux-x86-64.so.2".to_owned()),
            needed: needed.iter().map(ToString::to_string).collect(),
            glibc: Some(glibc.parse().unwrap()),
            glibc_symbols: vec!["arc4random".to_owned()],
            debug_bytes: 0,
        }
    }

    fn lints(facts: &BinaryFacts, architecture: Architecture, runtime: Runtime) -> Vec<Lint> {
        let executable = Executable::Binary(facts.clone());
        judge("bootstrap", Ok(&executable), architecture, runtime)
            .into_iter()
            .map(|observation| observation.lint)
            .collect()
    }

    #[test]
    fn a_dynamic_executable_is_held_against_the_runtimes_glibc() {
        let x86 = Architecture::X86_64;
        let facts = gnu("2.34", &["libc.so.6", "libgcc_s.so.1"]);
        assert_eq!(lints(&facts, x86, Runtime::Al2023), []);
        assert_eq!(lints(&facts, x86, Runtime::Al2), [Lint::GlibcTooNew]);
        let facts = gnu("2.36", &["libc.so.6"]);
        assert_eq!(lints(&facts, x86, Runtime::Al2023), [Lint::GlibcTooNew]);
    }

    #[test]
    fn libraries_that_no_runtime_has_are_named() {
        let facts = gnu("2.17", &["libc.so.6", "libssl.so.3", "libz.so.1"]);
        let found = judge(
            "bootstrap",
            Ok(&Executable::Binary(facts)),
            Architecture::X86_64,
            Runtime::Al2023,
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("libssl.so.3, libz.so.1"));
    }

    #[test]
    fn another_machine_and_another_loader_are_refused() {
        let mut facts = gnu("2.17", &["libc.so.6"]);
        let arm = Architecture::Arm64;
        assert_eq!(
            lints(&facts, arm, Runtime::Al2023),
            [Lint::WrongArchitecture]
        );
        facts.interpreter = Some("/lib/ld-musl-x86_64.so.1".to_owned());
        assert_eq!(
            lints(&facts, Architecture::X86_64, Runtime::Al2023),
            [Lint::MissingInterpreter]
        );
    }

    #[test]
    fn scripts_are_held_against_what_the_runtime_has() {
        let lints = |interpreter: &str, has_crlf| {
            let interpreter = interpreter.to_owned();
            let script = Executable::Script(ScriptFacts {
                interpreter,
                has_crlf,
            });
            let found = judge("f", Ok(&script), Architecture::Arm64, Runtime::Al2023);
            found.into_iter().map(|o| o.lint).collect::<Vec<_>>()
        };
        assert_eq!(lints("/bin/sh", false), []);
        assert_eq!(lints("/usr/bin/env bash", false), []);
        assert_eq!(lints("/opt/bin/python3", false), []);
        assert_eq!(lints("/bin/sh", true), [Lint::CrlfScript]);
        assert_eq!(lints("/usr/bin/python3", false), [Lint::MissingInterpreter]);
    }

    #[test]
    fn what_is_no_executable_is_said_once() {
        let what = "a Windows executable".to_owned();
        let found = judge("f", Err(&what), Architecture::X86_64, Runtime::Al2023);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].lint, Lint::NotAnExecutable);
    }
}
