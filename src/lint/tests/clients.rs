//! Programs without a client of the Runtime API.

use super::*;

fn program(name: &str, lacks_client: bool) -> File {
    binary(
        name,
        BinaryFacts {
            lacks_client,
            ..gnu("2.34", &[])
        },
    )
}

#[test]
fn a_program_that_never_asks_for_events_is_found_if_nothing_else_could_ask() {
    let tool = program("bootstrap", true);
    says(
        from_ref(&tool),
        Lint::NoRuntimeClient,
        "every invocation would fail",
    );
    says(
        &[link("bootstrap", "app"), program("app", true)],
        Lint::NoRuntimeClient,
        "`app`",
    );
    says(
        &[tool.clone(), program("bin/other", true)],
        Lint::NoRuntimeClient,
        "`bootstrap`",
    );
    accepts(&[program("bootstrap", false), program("bin/other", true)]);
    accepts(&[tool.clone(), program("bin/server", false)]);
    accepts(&[tool.clone(), script("run.sh", "/bin/sh")]);
    for layer in [unknown(), layer(vec![program("extensions/adapter", false)])] {
        assert_eq!(lints(from_ref(&tool), &[layer]), []);
    }
}

#[test]
fn an_extension_that_never_registers_is_found() {
    let found = |files: &[File]| {
        let found = found(MountPoint::Opt, files, &[], Runtime::Al2023).into_iter();
        found.map(|one| one.lint).collect::<Vec<_>>()
    };
    let agent = program("extensions/agent", true);
    assert_eq!(found(from_ref(&agent)), [Lint::NoRuntimeClient]);
    assert_eq!(found(&[agent.clone(), program("bin/agent", false)]), []);
    let other = program("extensions/other", false);
    assert_eq!(found(&[agent.clone(), other]), [Lint::NoRuntimeClient]);
    let both = [program("bootstrap", true), agent];
    assert_eq!(found(&both), [Lint::NoRuntimeClient; 2]);
    assert_eq!(found(&[program("extensions/agent", false)]), []);
    assert_eq!(found(&[program("bin/tool", true)]), []);
}
