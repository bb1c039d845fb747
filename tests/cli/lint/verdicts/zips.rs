//! The zip itself: its entries, their names, and what readers make of them.

use forge::{Forged, Forgery};

use super::{accepts, bootstrap, check, rejects, rejects_bytes, text, warns};

#[test]
fn entries_that_readers_skip_are_found() {
    let labelled = Forged {
        dos_attributes: 0x08,
        ..text("a.txt")
    };
    warns([bootstrap(), labelled], "missing-file-type");
    let folder = Forged {
        dos_attributes: 0x10,
        ..text("a.txt")
    };
    warns([bootstrap(), folder], "odd-name");
    let named = Forged {
        dos_attributes: 0x10,
        ..Forged::folder("a/")
    };
    accepts(&Forgery::of([bootstrap(), named]));
    let elsewhere = Forged {
        disk: 1,
        ..text("a.txt")
    };
    rejects([bootstrap(), elsewhere], "broken-zip").says("another part");
}

#[test]
fn entries_that_the_directory_leaves_out_are_found() {
    let hidden = |name: &str| Forged {
        hidden: true,
        ..text(name)
    };
    for entries in [
        vec![hidden("secret.txt"), bootstrap()],
        vec![bootstrap(), hidden("secret.txt"), text("a.txt")],
        vec![bootstrap(), hidden("secret.txt")],
        vec![bootstrap().with_descriptor(), hidden("secret.txt")],
    ] {
        let zip = Forgery::of(entries).bytes();
        let outcome = check(&zip, &[]);
        outcome
            .exits(0)
            .says("warning[hidden-entry]")
            .says("secret.txt");
    }
    // A zip in the zip is not hidden.
    let nested = Forgery::of([text("a")]).bytes();
    accepts(&Forgery::of([
        bootstrap(),
        Forged::file("nested.zip", 0o644, nested),
    ]));
}

#[test]
fn data_descriptors_are_a_finding_for_those_who_ask() {
    let zip = Forgery::of([bootstrap().with_descriptor()]);
    check(&zip.bytes(), &["-D", "warnings"])
        .exits(0)
        .never_says("data-descriptor");
    let asked = check(&zip.bytes(), &["-W", "data-descriptor"]);
    asked.exits(0).says("warning[data-descriptor]");
    let denied = check(&zip.bytes(), &["-D", "data-descriptor"]);
    denied.exits(1).says("error[data-descriptor]");
}

#[test]
fn a_zip_that_lies_or_is_more_than_a_zip_is_rejected() {
    let lie = |change: fn(&mut Forged)| {
        let mut entry = bootstrap().deflated();
        change(&mut entry);
        entry
    };
    for entry in [
        lie(|entry| entry.crc32 = Some(7)),
        lie(|entry| entry.size = Some(7)),
        lie(|entry| entry.local_size = Some(7)),
        lie(|entry| entry.local_name = Some(b"b".to_vec())),
        lie(|entry| entry.place = Some(99_999)),
    ] {
        // What cannot be unpacked cannot be judged any further.
        rejects([entry], "broken-zip").says("bootstrap");
    }
    let followed = lie(|entry| entry.packed.as_mut().unwrap().push(0));
    rejects([followed], "broken-zip").says("after the end of its data");
    rejects([], "broken-zip").says("Uploaded file must be a non-empty zip");
    let whole = Forgery::of([bootstrap()]).bytes();
    rejects_bytes(&whole[..whole.len() - 30], "broken-zip");
    let count = Forgery {
        count: Some(9),
        ..Forgery::of([bootstrap()])
    };
    rejects_bytes(&count.bytes(), "broken-zip").says("counts 9 entries");
    rejects(
        [Forged {
            flags: 1,
            ..bootstrap()
        }],
        "encrypted-entry",
    );
    for (method, name) in [(12, "bzip2"), (93, "zstd"), (14, "LZMA"), (77, "method 77")] {
        rejects(
            [Forged {
                method,
                ..bootstrap()
            }],
            "unsupported-compression",
        )
        .says(name);
    }
}

#[test]
fn names_that_are_dangerous_are_rejected() {
    for name in ["/etc/passwd", "../x", "a/../../x", "C:\\x", "\\x"] {
        rejects([bootstrap(), text(name)], "unsafe-path");
    }
    for target in ["/etc/passwd", "../../x"] {
        rejects([bootstrap(), Forged::link("l", target)], "unsafe-path");
    }
    rejects([bootstrap(), text("a"), text("a")], "duplicate-entry");
    rejects([bootstrap(), text("a"), text("a/b")], "duplicate-entry");
    rejects([bootstrap(), bootstrap()], "duplicate-entry");
}
