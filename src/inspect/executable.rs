//! Executables: machine code or scripts, recognised by their bytes.

use object::read::ReadRef;

use super::binary::{self, BinaryFacts};
use super::elf::{self, Machine, NotAnExecutable};
use super::script::{self, ScriptFacts};
use crate::lambda::Architecture;

/// A file that Linux can start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Executable {
    /// Machine code. The facts are in a box, since most files have none.
    Binary(Box<BinaryFacts>),
    /// Text that another program runs.
    Script(Box<ScriptFacts>),
}

impl Executable {
    /// The architecture of machine code that Lambda may run; `None` for scripts and other machines.
    pub(crate) fn architecture(&self) -> Option<Architecture> {
        match self {
            Self::Binary(facts) => match facts.machine {
                Machine::Lambda(architecture) => Some(architecture),
                Machine::Other(_) => None,
            },
            Self::Script(_) => None,
        }
    }

    /// Adds the result of a search for a client of the Runtime API.
    pub(crate) fn searched(&mut self, lacks_client: bool) {
        if let Self::Binary(facts) = self {
            facts.lacks_client = lacks_client;
        }
    }

    /// The facts that it would have without its debug information.
    pub(crate) fn without_debug_information(self) -> Self {
        match self {
            Self::Binary(mut facts) => {
                facts.debug_bytes = 0;
                Self::Binary(facts)
            }
            Self::Script(_) => self,
        }
    }
}

/// The bytes of a script that are read. Linux reads only 256, `BINPRM_BUF_SIZE`.
const FIRST_LINE: u64 = 4096;

/// Reads the facts of an executable from its bytes. Of a file, only the parts that are needed are
/// read.
///
/// # Errors
/// A phrase for what the file is instead.
pub(crate) fn inspect<'data>(data: impl ReadRef<'data>) -> Result<Executable, NotAnExecutable> {
    let unreadable = |()| "a file that cannot be read";
    let length = data.len().map_err(unreadable)?.min(FIRST_LINE);
    let beginning = data.read_bytes_at(0, length).map_err(unreadable)?;
    if let Some(rest) = beginning.strip_prefix(b"#!") {
        return script::read(rest).map(|facts| Executable::Script(facts.into()));
    }
    elf::recognise(beginning)?;
    binary::read(data).map(|facts| Executable::Binary(facts.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_recognised_by_its_first_line() {
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
    fn other_formats_are_named() {
        let what = |data: &[u8]| inspect(data).unwrap_err();
        assert_eq!(what(b""), "empty");
        assert_eq!(what(b"MZ\x90"), "a Windows executable");
        assert_eq!(what(b"\xcf\xfa\xed\xfe"), "a macOS executable");
        assert_eq!(what(b"\xca\xfe\xba\xbe\0\0\0\x02"), "a macOS executable");
        assert_eq!(what(b"\xca\xfe\xba\xbe\0\0\0\x3d"), "a Java class");
        assert_eq!(what(b"\x7fELF\x01"), "a 32-bit ELF file");
        assert!(what(b"\xef\xbb\xbf#!/bin/sh\n").contains("byte order mark"));
        assert_eq!(what(b"text"), "not an ELF file");
        assert!(what(b"\x7fELF\x02").contains("damaged"));
    }
}
