//! Writes the zips that the fuzzer begins with, into the folder that is its argument: one for each
//! thing that a reader of zips has to know.

use std::path::PathBuf;
use std::{env, fs, io};

// What is compiled with the instruments has to be linked with the fuzzer.
use libfuzzer_sys as _;

use forge::{Forged, Forgery};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args_os().nth(1).expect("a folder for the seeds"));
    fs::create_dir_all(&folder)?;
    for (name, zip) in seeds() {
        fs::write(folder.join(name), zip.bytes())?;
    }
    Ok(())
}

fn seeds() -> Vec<(&'static str, Forgery)> {
    let script = || Forged::file("bootstrap", 0o755, "#!/bin/sh\nexit 0\n");
    // The beginning of an ELF file for x86_64, dynamically linked by nothing in particular.
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0".to_vec();
    elf.resize(120, 0);
    let secret = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
    let one = |entry: Forged| Forgery::of([entry]);
    vec![
        ("empty", Forgery::default()),
        ("stored", one(script())),
        ("deflated", one(script().deflated())),
        ("descriptor", one(script().deflated().with_descriptor())),
        ("elf", one(Forged::file("bootstrap", 0o755, elf))),
        (
            "zip64",
            Forgery {
                zip64: true,
                ..one(Forged {
                    zip64: true,
                    ..script()
                })
            },
        ),
        (
            "comment",
            Forgery {
                comment: b"PK\x05\x06".to_vec(),
                ..one(script())
            },
        ),
        (
            "links",
            Forgery::of([
                Forged::link("bootstrap", "bin/handler"),
                Forged::folder("bin/"),
                Forged::link("bin/handler", "../bootstrap"),
                Forged::link("out", "../../etc/passwd"),
            ]),
        ),
        (
            "layer",
            Forgery::of([
                Forged::file("extensions/agent", 0o644, "#!/bin/sh\r\n"),
                Forged::file("opt/lib/libz.so.1", 0o644, "not a library"),
            ]),
        ),
        (
            "strays",
            Forgery::of([
                script(),
                Forged::file("key.pem", 0o600, secret).deflated(),
                Forged::file("../Bootstrap", 0o644, "").with_descriptor(),
                Forged::file("bootstrap", 0o644, "again"),
            ]),
        ),
        (
            "lies",
            one(Forged {
                size: Some(u32::MAX - 1),
                local_size: Some(1),
                local_name: Some(b"b".to_vec()),
                ..script().deflated()
            }),
        ),
    ]
}
