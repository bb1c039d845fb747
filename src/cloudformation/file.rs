//! The file of a template.

use std::io::{self, Read};

use camino::Utf8Path;
use fs_err as fs;

use super::model::Template;
use super::parameter_override::ParameterOverride;
use super::{parse, resources};
use crate::bytes::{MIB, Size};
use crate::error::{Error, Result};

/// The most bytes of a template. CloudFormation takes 1 MB, and does not count comments that the
/// tools leave out.
///
/// Source: "Understand CloudFormation quotas" in the CloudFormation User Guide ("Template body size
/// in an S3 object").
const MOST: u64 = 2 * MIB;

/// Reads the template at the absolute `path`. The values of `overrides` are those of its parameters.
///
/// # Errors
/// [`Error::MissingFile`], [`Error::Io`], [`Error::Usage`] for what cannot be a template, and
/// [`Error::Manifest`] with the position of a mistake in it.
pub(crate) fn read(path: &Utf8Path, overrides: &[ParameterOverride]) -> Result<Template> {
    let text = text(path)?;
    let template = parse::parse(&text).and_then(|root| resources::read(path, &root, overrides));
    template.map_err(|fault| fault.in_file(path, &text))
}

fn text(path: &Utf8Path) -> Result<String> {
    let unreadable = || Error::io_at(path, format!("could not read the template `{path}`"));
    let refused = |why: String| {
        let message = format!("the template `{path}` {why}");
        Err(Error::usage(
            message,
            "name a template of SAM or CloudFormation, in YAML or JSON",
        ))
    };
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::MissingFile {
            what: "the template",
            path: path.to_string(),
        },
        _ => unreadable()(error),
    })?;
    if metadata.is_dir() {
        return refused("is a folder".to_owned());
    }
    if !metadata.is_file() {
        // Reading a pipe could wait for ever.
        return refused("is not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable())?;
    file.take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable())?;
    if bytes.len() as u64 > MOST {
        let most = Size(MOST);
        return refused(format!(
            "is larger than {most}, which CloudFormation does not take"
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(joined_surrogates(text.trim_start_matches('\u{feff}'))),
        Err(error) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.split(|byte| *byte == b'\n').count();
            refused(format!("is not UTF-8 (line {line})"))
        }
    }
}

/// The text with each pair of escapes that JSON writes for a character beyond U+FFFF as the one
/// escape of YAML.
fn joined_surrogates(text: &str) -> String {
    let mut joined = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("\\u") {
        let (before, escape) = rest.split_at(start);
        joined.push_str(before);
        let unit = |at: usize| u16::from_str_radix(escape.get(at..at + 4)?, 16).ok();
        let is_pair = escape.get(6..8) == Some("\\u");
        let units = [unit(2), unit(8).filter(|_| is_pair)];
        let units = units.into_iter().flatten();
        let mut characters = char::decode_utf16(units);
        match characters.next() {
            Some(Ok(c)) if u32::from(c) > 0xFFFF => {
                joined.extend(["\\U", &format!("{:08x}", u32::from(c))]);
                rest = &escape[12..];
            }
            _ => {
                joined.push_str(&escape[..2]);
                rest = &escape[2..];
            }
        }
    }
    joined.push_str(rest);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_escapes_become_one() {
        for (text, joined) in [
            (r#""a \ud83d\ude80 b""#, r#""a \U0001f680 b""#),
            (r#""\u00fc\ud83d""#, r#""\u00fc\ud83d""#),
            (r#""\ud83dü\u""#, r#""\ud83dü\u""#),
        ] {
            assert_eq!(joined_surrogates(text), joined);
        }
    }
}
