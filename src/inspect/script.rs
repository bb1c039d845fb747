//! The first line of a script.

use super::elf::NotAnExecutable;
use super::strings::text;

/// The first line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScriptFacts {
    /// The program that runs it, with its arguments.
    pub interpreter: String,
    /// True if the line ends with CR LF. Linux takes the CR as part of the name.
    pub has_crlf: bool,
}

/// The bytes of the first line that Linux reads. Since Linux 5.1, it refuses a script whose
/// interpreter is cut off there. Source: `BINPRM_BUF_SIZE` in linux/binfmts.h.
const MOST_OF_A_FIRST_LINE: usize = 255;

pub(super) fn read(after_mark: &[u8]) -> Result<ScriptFacts, NotAnExecutable> {
    let line = after_mark
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = text(line);
    let interpreter = line.trim().to_owned();
    if interpreter.is_empty() {
        return Err("a script whose `#!` names no interpreter".into());
    }
    let blanks = line.len() - line.trim_start().len();
    let name = interpreter.split([' ', '\t']).next().unwrap_or_default();
    if b"#!".len() + blanks + name.len() > MOST_OF_A_FIRST_LINE {
        let why = format!(
            "a script whose interpreter has a longer path than Linux reads \
             ({MOST_OF_A_FIRST_LINE} bytes)"
        );
        return Err(why.into());
    }
    Ok(ScriptFacts {
        interpreter,
        has_crlf: line.ends_with('\r'),
    })
}
