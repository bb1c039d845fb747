//! Events of the command line: JSON, a file with JSON, or standard input.

use std::io::{self, Read};

use camino::Utf8Path;
use fs_err as fs;
use serde::de::IgnoredAny;

use crate::error::{Error, Result};
use crate::lambda::execution::EVENT_LIMIT;
use crate::paths::{is_endless, is_inherited};

/// The events that the command line gives, in its order; `{}` if it gives none.
///
/// # Errors
/// [`Error::Usage`] for what is not JSON, is too large, or is neither JSON nor a file;
/// [`Error::Io`] if it cannot be read.
pub(crate) fn events(given: &[String], folder: &Utf8Path) -> Result<Vec<Vec<u8>>> {
    if given.is_empty() {
        return Ok(vec![b"{}".to_vec()]);
    }
    if given.iter().filter(|event| *event == "-").count() > 1 {
        return Err(Error::usage(
            "the event is read from standard input more than once",
            "give `--event -` once: it can only be read once",
        ));
    }
    given.iter().map(|event| read(event, folder)).collect()
}

fn read(given: &str, folder: &Utf8Path) -> Result<Vec<u8>> {
    if given == "-" {
        return checked(&mut io::stdin().lock(), "standard input");
    }
    let Err(error) = json(given.as_bytes()) else {
        return checked(&mut given.as_bytes(), "the event");
    };
    if given.is_empty() {
        return Err(Error::usage("the event is empty, and not JSON", HELP));
    }
    let path = folder.join(given);
    if path.is_dir() {
        return Err(Error::usage(
            format!("`{given}` is a folder, and an event is needed"),
            HELP,
        ));
    }
    if !path.exists() {
        return Err(Error::usage(
            format!("`{given}` is neither JSON ({error}) nor a file"),
            HELP,
        ));
    }
    if is_endless(&path) && !is_inherited(&path) {
        // Reading it could wait for ever.
        return Err(Error::usage(
            format!("`{given}` is neither a regular file nor a pipe of the shell"),
            HELP,
        ));
    }
    let mut file = fs::File::open(&path).map_err(Error::io("could not read an event"))?;
    checked(&mut file, &format!("`{given}`"))
}

const HELP: &str = "for instance --event '{\"order\": 1}' or --event event.json";

/// Reads an event, and refuses what Lambda would not pass on.
fn checked(from: &mut impl Read, what: &str) -> Result<Vec<u8>> {
    let mut event = Vec::new();
    let read = from.take(EVENT_LIMIT).read_to_end(&mut event);
    read.map_err(Error::io(format!("could not read {what}")))?;
    if event.len() as u64 >= EVENT_LIMIT {
        return Err(Error::usage(
            format!("{what} is too large: Lambda takes events of less than {EVENT_LIMIT} bytes"),
            "put large data into S3, and its key into the event",
        ));
    }
    if let Some(encoding) = other_encoding(&event) {
        return Err(Error::usage(
            format!("{what} {encoding}, and `lambda_runtime` reads no such JSON"),
            "save it as UTF-8 without a byte order mark",
        ));
    }
    match json(&event) {
        Ok(()) => Ok(event),
        Err(error) => Err(Error::usage(format!("{what} is not JSON: {error}"), HELP)),
    }
}

/// A clause for the encoding of `text`, if it is not that of JSON. Editors and shells of Windows
/// write such files.
fn other_encoding(text: &[u8]) -> Option<String> {
    Some(match text {
        [0xef, 0xbb, 0xbf, ..] => "begins with a byte order mark".to_owned(),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "is in UTF-16".to_owned(),
        _ => {
            let error = std::str::from_utf8(text).err()?;
            format!("is not UTF-8 from byte {} on", error.valid_up_to())
        }
    })
}

fn json(text: &[u8]) -> serde_json::Result<()> {
    serde_json::from_slice::<IgnoredAny>(text).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_json_or_a_file_with_json() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        fs::write(folder.join("event.json"), "{\"a\": 1}\n").unwrap();
        fs::write(folder.join("broken.json"), "{\"a\": ").unwrap();
        fs::write(folder.join("1"), "2").unwrap();
        let read = |given: &str| events(&[given.to_owned()], folder);
        assert_eq!(events(&[], folder).unwrap(), [b"{}"]);
        assert_eq!(read(" [1] ").unwrap(), [b" [1] "]);
        assert_eq!(read("event.json").unwrap(), [b"{\"a\": 1}\n"]);
        assert_eq!(read("1").unwrap(), [b"1"], "JSON comes first");
        for (given, why) in [
            ("broken.json", "`broken.json` is not JSON: EOF"),
            ("{a: 1}", "neither JSON (key must be a string"),
            ("missing.json", "nor a file"),
            (".", "is a folder"),
            ("", "the event is empty"),
        ] {
            let error = read(given).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
            assert_eq!(error.code(), 2);
        }
        let twice = ["-".to_owned(), "-".to_owned()];
        assert!(events(&twice, folder).is_err());
    }

    #[test]
    fn an_event_is_smaller_than_lambda_takes_requests() {
        let folder = Utf8Path::new(".");
        // Two bytes are those of the quotes.
        let of = |bytes: usize| format!("\"{}\"", "a".repeat(bytes - 2));
        let read = |bytes: usize| events(&[of(bytes)], folder);
        assert_eq!(read(6_291_455).unwrap()[0].len(), 6_291_455);
        for bytes in [6_291_456, 6_291_457, 6_291_556] {
            let error = read(bytes).unwrap_err().to_string();
            assert!(error.contains("less than 6291456 bytes"), "{error}");
        }
    }

    #[test]
    fn the_encoding_of_an_event_is_that_of_json() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        for (bytes, why) in [
            (&b"\xef\xbb\xbf{}"[..], "begins with a byte order mark"),
            (b"\xff\xfe{\0}\0", "is in UTF-16"),
            (b"\xfe\xff\0{\0}", "is in UTF-16"),
            (b"{\"a\":\"\xff\"}", "is not UTF-8 from byte 6 on"),
            (b"\"\xed\xa0\x80\"", "is not UTF-8 from byte 1 on"),
        ] {
            fs::write(folder.join("e.json"), bytes).unwrap();
            let error = events(&["e.json".to_owned()], folder).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}
