//! The places of files, and their permissions.

use crate::lint::tests::*;

#[test]
fn the_bootstrap_is_looked_for_where_lambda_does() {
    let program = |name: &str| binary(name, gnu("2.17", &[]));
    accepts(&[program("bootstrap")]);
    accepts(&[program("app"), link("bootstrap", "app")]);
    says(
        &[program("orders")],
        Lint::MissingBootstrap,
        "Couldn't find valid bootstrap",
    );
    says(
        &[program("x/bootstrap")],
        Lint::MisplacedBootstrap,
        "in a folder",
    );
    says(
        &[program("Bootstrap")],
        Lint::MisplacedBootstrap,
        "misnamed",
    );
    says(
        &[program("bootstrap.exe")],
        Lint::MisplacedBootstrap,
        "misnamed",
    );
    let of_node = File::empty("node_modules/bootstrap/", FileKind::Folder);
    let renamed = [program("app"), of_node];
    says(&renamed, Lint::MissingBootstrap, "no `bootstrap`");
    let lost = [link("bootstrap", "app")];
    assert_eq!(
        lints(&lost, &[]),
        [Lint::MissingBootstrap, Lint::DanglingSymlink]
    );
    let in_layer = layer(vec![program("bootstrap")]);
    assert_eq!(lints(&[program("orders")], &[in_layer]), []);
    assert_eq!(lints(&[program("orders")], &[unknown()]), []);
}

#[test]
fn another_user_has_to_be_allowed_to_start_it() {
    let program = |mode| {
        let facts = gnu("2.17", &[]);
        file("bootstrap", mode, Some(Executable::Binary(facts.into())))
    };
    for mode in [0o755, 0o777, 0o711, 0o555, 0o001] {
        accepts(&[program(mode)]);
    }
    for mode in [0o644, 0o744, 0o770, 0o000] {
        says(&[program(mode)], Lint::NotExecutable, "permission denied");
    }
    let unread = File {
        permissions: Some(0o711),
        ..script("bootstrap", "/bin/sh")
    };
    says(&[unread], Lint::NotExecutable, "may not read the script");
    let dos = File {
        permissions: None,
        ..program(0)
    };
    says(&[dos], Lint::NoUnixMode, "permission denied");
}

#[test]
fn data_has_to_be_readable() {
    let program = binary("bootstrap", gnu("2.17", &[]));
    says(
        &[program.clone(), file("a", 0o600, None)],
        Lint::NotReadable,
        "`a` (0600)",
    );
    let dos = File {
        permissions: None,
        ..file("a", 0, None)
    };
    accepts(&[program, dos]);
}

#[test]
fn a_link_out_of_the_package_leads_to_what_the_runtime_has() {
    let lints = |target| lints(&[link("bootstrap", target)], &[]);
    assert_eq!(lints("/usr/bin/bash"), [Lint::UnsafePath]);
    let lost = [Lint::MissingBootstrap, Lint::UnsafePath];
    assert_eq!(lints("/usr/bin/python3"), lost);
}

#[test]
fn a_bootstrap_that_is_a_folder_too_is_not_misnamed() {
    let folder = File::empty("bootstrap/", FileKind::Folder);
    let files = [binary("bootstrap", gnu("2.17", &[])), folder];
    let found = found(MountPoint::Task, &files, &[], Runtime::Al2023);
    assert!(found.iter().any(|o| o.lint == Lint::DuplicateEntry));
    assert!(
        found
            .iter()
            .any(|o| o.message.contains("`bootstrap/` is a folder"))
    );
    assert!(!found.iter().any(|o| o.message.contains("misnamed")));
}
