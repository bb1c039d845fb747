//! What a file is to Linux and to whoever may read it: told by its bytes, without running it.

mod binary;
mod contents;
mod dynamic;
mod executable_file;
mod script;
mod secret;
mod strings;
mod symbols;

pub(crate) use binary::{BinaryFacts, Linkage, Machine};
pub(crate) use contents::Contents;
pub(crate) use executable_file::ExecutableFile;
pub(crate) use script::ScriptFacts;
pub(crate) use secret::{Secret, SecretScan};

use object::Endianness;
use object::elf::FileHeader64;
use object::read::ReadRef;
use object::read::elf::FileHeader;

/// Something that Linux can start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Executable {
    /// Machine code.
    Binary(BinaryFacts),
    /// Text that another program runs.
    Script(ScriptFacts),
}

/// Why a file is not an executable that Linux could start; completes "it is …".
pub(crate) type NotAnExecutable = String;

type Header = FileHeader64<Endianness>;

/// More than what Linux looks at of a script: 256 bytes, `BINPRM_BUF_SIZE`.
const FIRST_LINE: u64 = 4096;

/// Whether a file that begins so is an ELF file, of whatever kind.
pub(crate) fn is_elf(beginning: &[u8]) -> bool {
    beginning.starts_with(b"\x7fELF")
}

/// Reads the facts of an executable from its bytes; of those in a file, only what it needs.
///
/// # Errors
/// A fragment that says what the file is instead.
pub(crate) fn inspect<'data>(data: impl ReadRef<'data>) -> Result<Executable, NotAnExecutable> {
    let unreadable = |()| "a file that cannot be read".to_owned();
    let length = data.len().map_err(unreadable)?.min(FIRST_LINE);
    let beginning = data.read_bytes_at(0, length).map_err(unreadable)?;
    if let Some(rest) = beginning.strip_prefix(b"#!") {
        return script::read(rest).map(Executable::Script);
    }
    recognise(beginning)?;
    binary::read(data).map(Executable::Binary)
}

/// Bytes of the header of an ELF file.
pub(crate) const HEADER: u64 = size_of::<Header>() as u64;

/// The instruction set that an ELF file of any kind is for, from its first [`HEADER`] bytes.
pub(crate) fn machine_of(beginning: &[u8]) -> Option<Machine> {
    recognise(beginning).ok()?;
    Some(binary::machine(Header::parse(beginning).ok()?))
}

/// Refuses what is not 64-bit ELF, and says what it is.
fn recognise(data: &[u8]) -> Result<(), NotAnExecutable> {
    let what = match data {
        [] => "empty",
        [0x7f, b'E', b'L', b'F', 2, ..] => return Ok(()),
        [0x7f, b'E', b'L', b'F', ..] => "a 32-bit ELF file",
        // Windows' editors write one, and Linux does not pass over it.
        [0xef, 0xbb, 0xbf, b'#', b'!', ..] => "a script with a byte order mark before its `#!`",
        [b'M', b'Z', ..] => "a Windows executable",
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xca, 0xfe, 0xba, 0xbe, ..] => "a macOS executable",
        _ => "not an ELF file",
    };
    Err(what.to_owned())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_known_by_its_first_line() {
        let script = |text: &str| match inspect(text.as_bytes()) {
            Ok(Executable::Script(facts)) => (facts.interpreter, facts.has_crlf),
            other => panic!("{other:?}"),
        };
        assert_eq!(script("#!/bin/sh\nexit 0\n"), ("/bin/sh".to_owned(), false));
        assert_eq!(
            script("#! /bin/bash -e\r\n"),
            ("/bin/bash -e".to_owned(), true)
        );
        assert!(inspect(b"#!\n".as_slice()).is_err());
        let named = |length: usize| format!("#! /{} -e\n", "a".repeat(length - 1));
        assert!(inspect(named(252).as_bytes()).is_ok());
        assert!(inspect(named(253).as_bytes()).unwrap_err().contains("255"));
    }

    #[test]
    fn what_is_no_executable_is_called_by_its_name() {
        let what = |data: &[u8]| inspect(data).unwrap_err();
        assert_eq!(what(b""), "empty");
        assert_eq!(what(b"MZ\x90"), "a Windows executable");
        assert_eq!(what(b"\xcf\xfa\xed\xfe"), "a macOS executable");
        assert_eq!(what(b"\x7fELF\x01"), "a 32-bit ELF file");
        assert!(what(b"\xef\xbb\xbf#!/bin/sh\n").contains("byte order mark"));
        assert_eq!(what(b"text"), "not an ELF file");
        assert!(what(b"\x7fELF\x02").contains("damaged"));
    }
}
