//! Response files: arguments in a file, given as `@FILE` where a command line would be too long.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use fs_err as fs;
use tempfile::NamedTempFile;

/// The arguments, those in response files among them, and true if there was such a file.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn expand(arguments: Vec<OsString>) -> io::Result<(Vec<OsString>, bool)> {
    let mut expanded = Vec::with_capacity(arguments.len());
    let mut is_long = false;
    for argument in arguments {
        match argument.to_str().and_then(|text| text.strip_prefix('@')) {
            Some(file) if Path::new(file).is_file() => {
                is_long = true;
                expanded.extend(parse(&fs::read_to_string(file)?));
            }
            _ => expanded.push(argument),
        }
    }
    Ok((expanded, is_long))
}

/// A file of `arguments`, which goes away with the value.
///
/// # Errors
/// If it cannot be written, or if an argument is not UTF-8.
pub(super) fn write(arguments: &[OsString]) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    for argument in arguments {
        let text = argument.to_str().ok_or(io::ErrorKind::InvalidData)?;
        writeln!(file, "{}", escape(text))?;
    }
    file.flush()?;
    Ok(file)
}

/// The arguments in the text of a response file, as GNU tools read it: white space separates them, a
/// backslash takes the next character as it is, and so do quotes.
fn parse(text: &str) -> Vec<OsString> {
    let mut arguments = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => current.get_or_insert_default().extend(characters.next()),
            c if quote == Some(c) => quote = None,
            c if quote.is_some() => current.get_or_insert_default().push(c),
            '"' | '\'' => {
                quote = Some(character);
                current.get_or_insert_default();
            }
            c if c.is_ascii_whitespace() => arguments.extend(current.take().map(OsString::from)),
            c => current.get_or_insert_default().push(c),
        }
    }
    arguments.extend(current.map(OsString::from));
    arguments
}

fn escape(argument: &str) -> String {
    if argument.is_empty() {
        return "\"\"".to_owned();
    }
    let is_special = |c: char| c.is_ascii_whitespace() || matches!(c, '\\' | '"' | '\'');
    let mut escaped = String::with_capacity(argument.len());
    for character in argument.chars() {
        if is_special(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let arguments: Vec<OsString> = ["-o", "a b", "", "it's", r"C:\x", "\"q\"", "é\nx"]
            .map(OsString::from)
            .to_vec();
        let file = write(&arguments).unwrap();
        let reference = format!("@{}", file.path().display()).into();
        let (expanded, is_long) = expand(vec!["-flavor".into(), reference]).unwrap();
        assert!(is_long);
        assert_eq!(expanded[1..], arguments[..]);
    }

    #[test]
    fn files_of_rustc_are_read_as_gnu_tools_do() {
        assert_eq!(
            parse("a\\ b\n'c d' \"e\\\"f\"\n\n-lm\n"),
            ["a b", "c d", "e\"f", "-lm"]
        );
        let name = OsString::from("@no/such/file");
        assert_eq!(expand(vec![name.clone()]).unwrap(), (vec![name], false));
    }
}
