//! The contents of a zip, as the lints see them.

use std::io;
use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::file::{File, FileKind};
use super::zip_anomalies::ZipAnomalies;
use crate::archive::read::{CentralDirectoryEntry, Defect, Fault, LargeEntryLock, Method, Zip};
use crate::bytes::Size;
use crate::inspect::{ClientScan, Contents, SecretScan, inspect};
use crate::lambda::quotas;

/// The entries of a zip, in the order of its central directory, and its anomalies.
#[derive(Default)]
pub(crate) struct ZipContents {
    pub(crate) files: Vec<File>,
    pub(crate) anomalies: ZipAnomalies,
}

/// Reads a zip, and what is large in it under `large_entry_lock`, which all zips of a run have in common.
///
/// # Errors
/// If the system cannot read it. Defects of the zip are part of the result.
pub(crate) fn read(
    zip: &Result<Zip<'_>, Defect>,
    large_entry_lock: &LargeEntryLock,
) -> io::Result<ZipContents> {
    let mut unpacked = ZipContents::default();
    let zip = match zip {
        Ok(zip) => zip,
        Err(broken) => {
            unpacked.anomalies.broken.push(broken.clone());
            return Ok(unpacked);
        }
    };
    let reaches = reaches(&zip.entries);
    let mut faults = Vec::new();
    let results = (zip.entries.par_iter().zip(&reaches))
        .map(|(record, reach)| entry(zip, record, *reach, large_entry_lock));
    results.unzip_into_vecs(&mut unpacked.files, &mut faults);
    let anomalies = &mut unpacked.anomalies;
    anomalies.broken.extend(zip.defect.clone());
    anomalies.foreign = zip.foreign;
    anomalies.hidden = zip.hidden_names()?;
    let results = unpacked.files.iter().zip(faults);
    for ((record, reach), (file, fault)) in zip.entries.iter().zip(reaches).zip(results) {
        if record.is_encrypted() {
            anomalies.encrypted.push(file.name.to_string());
        } else if let Method::Other(_) = record.method {
            let unsupported = (file.name.to_string(), record.method);
            anomalies.unsupported.push(unsupported);
        }
        if record.is_ambiguous() {
            anomalies.ambiguous.push(file.name.to_string());
        }
        if is_folder_by_type(record) && file.kind != FileKind::Folder {
            anomalies.doubtful_folders.push(file.name.to_string());
        }
        if record.attributes & VOLUME_LABEL != 0 {
            anomalies.volume_labels.push(file.name.to_string());
        }
        if record.has_descriptor() {
            anomalies.descriptors.push(file.name.to_string());
        }
        match fault {
            None if reach == Reach::TooLarge => anomalies.unverified.push(file.name.to_string()),
            None => {}
            Some(Fault::Defect(broken)) => anomalies.broken.push(broken),
            Some(Fault::Io(error)) => return Err(error),
        }
    }
    Ok(unpacked)
}

/// Bytes that are read of a link: Linux does not follow a longer one. Source: `PATH_MAX` in
/// linux/limits.h.
const LONGEST_LINK: usize = 4096;

/// Bytes that are read of all links together: more than a hundred thousand usual links have.
const LINKS: u64 = 4 * 1024 * 1024;

/// The decision to unpack an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Within,
    /// With it, the package is larger than Lambda allows.
    TooLarge,
    /// With it, the links are larger than [`LINKS`].
    TooManyLinks,
}

fn reaches(records: &[CentralDirectoryEntry]) -> Vec<Reach> {
    let mut left = quotas::UNZIPPED;
    let mut links_left = LINKS;
    let mut reach = |record: &CentralDirectoryEntry| {
        let Some(rest) = left.checked_sub(record.size) else {
            return Reach::TooLarge;
        };
        if record.is_link() {
            match links_left.checked_sub(record.size.min(LONGEST_LINK as u64)) {
                Some(rest) => links_left = rest,
                None => return Reach::TooManyLinks,
            }
        }
        left = rest;
        Reach::Within
    };
    records.iter().map(&mut reach).collect()
}

fn entry(
    zip: &Zip<'_>,
    record: &CentralDirectoryEntry,
    reach: Reach,
    large_entry_lock: &LargeEntryLock,
) -> (File, Option<Fault>) {
    let mut file = file(record);
    let is_link = record.is_link();
    if reach == Reach::TooManyLinks {
        let why = format!(
            "is one link too many: the links before it have {}",
            Size(LINKS)
        );
        let entry = Some(file.name.to_string());
        return (file, Some(Defect { entry, why }.into()));
    }
    if record.why_closed().is_some() {
        return (file, None);
    }
    if reach == Reach::TooLarge {
        return (file, zip.verify(record).err());
    }
    let fault = if is_link {
        let target = zip.look(
            record,
            large_entry_lock,
            |_| false,
            |_| {},
            |target| {
                let target = &target[..target.len().min(LONGEST_LINK)];
                String::from_utf8_lossy(target).into_owned()
            },
        );
        target
            .map(|target| file.kind = FileKind::Link(target))
            .err()
    } else {
        let mut scan = SecretScan::new(record.name());
        let mut client = ClientScan::default();
        let each = |piece: &[u8]| {
            scan.push(piece);
            client.push(piece);
        };
        let executable = zip.look(
            record,
            large_entry_lock,
            Contents::wants_all,
            each,
            |bytes| inspect(bytes),
        );
        executable
            .map(|executable| {
                let secret = scan.finish().map(Box::new);
                let mut contents = Contents { executable, secret };
                contents.searched(client.finds_none());
                file.contents = Some(contents);
            })
            .err()
    };
    (file, fault)
}

/// The attribute of the label of a disk on DOS. Info-ZIP's unzip skips such entries of DOS.
const VOLUME_LABEL: u32 = 0x08;

/// `true` if an entry is a folder by its attributes, of Unix or of DOS.
fn is_folder_by_type(record: &CentralDirectoryEntry) -> bool {
    /// The attribute of folders on DOS and Windows.
    const DOS_FOLDER: u32 = 0x10;
    let is_of_unix = record.has_type() && record.stat_type() == 0o040_000;
    is_of_unix || record.attributes & DOS_FOLDER != 0
}

/// An entry, as the central directory describes it.
fn file(record: &CentralDirectoryEntry) -> File {
    let name = Arc::clone(record.name());
    let has_type = record.has_type();
    let kind = match record.stat_type() {
        _ if record.is_link() => FileKind::Link(String::new()),
        _ if name.ends_with('/') => FileKind::Folder,
        0 if has_type => FileKind::Untyped,
        // Info-ZIP's unzip makes a folder only of a name that ends in a slash.
        0o100_000 | 0o040_000 => FileKind::Regular,
        _ if !has_type => FileKind::Regular,
        _ => FileKind::Special,
    };
    File {
        name,
        kind,
        permissions: record.permissions(),
        bytes: record.size,
        contents: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forge::{Forged, Forgery};

    fn unpacked(entries: &[Forged]) -> ZipContents {
        let source = Forgery::of(entries.iter().cloned()).bytes();
        let zip = Fault::defect(Zip::open(&source)).unwrap();
        read(&zip, &LargeEntryLock::default()).unwrap()
    }

    #[test]
    fn entries_are_what_their_attributes_say() {
        let file = |mode| Forged::file("a", mode, "a");
        let dos = |name| Forged {
            host: 0,
            ..Forged::file(name, 0o755, "")
        };
        let macos = Forged {
            host: 19,
            ..Forged::link("a", "b")
        };
        let typed = |mode| Forged { mode, ..file(0) };
        for (entry, kind, permissions) in [
            (file(0o640), FileKind::Regular, Some(0o640)),
            (Forged::folder("a/"), FileKind::Folder, Some(0o755)),
            (
                Forged::link("a", "b/c"),
                FileKind::Link("b/c".to_owned()),
                Some(0o777),
            ),
            (typed(0o755), FileKind::Untyped, Some(0o755)),
            (typed(0o010_644), FileKind::Special, Some(0o644)),
            (dos("a"), FileKind::Regular, None),
            (macos, FileKind::Link("b".to_owned()), None),
            (dos("a/"), FileKind::Folder, None),
            (Forged::folder("a"), FileKind::Regular, Some(0o755)),
            (
                Forged::link("a/", "b"),
                FileKind::Link("b".to_owned()),
                Some(0o777),
            ),
        ] {
            let file = unpacked(&[entry]).files.remove(0);
            assert_eq!((file.kind, file.permissions), (kind, permissions));
        }
    }

    #[test]
    fn what_is_unusual_is_noted_by_name() {
        let file = |name: &str| Forged::file(name, 0o644, "a");
        let entries = [
            Forged {
                flags: 1,
                ..file("secret")
            },
            Forged {
                method: 12,
                ..file("bzip2")
            },
            file("streamed").with_descriptor(),
            Forged {
                crc32: Some(1),
                ..file("damaged")
            },
            Forged::folder("folder"),
            file("Größe"),
        ];
        let ZipContents { files, anomalies } = unpacked(&entries);
        assert_eq!(files.len(), 6);
        assert_eq!(anomalies.encrypted, ["secret"]);
        assert_eq!(
            anomalies.unsupported,
            [("bzip2".to_owned(), Method::Other(12))]
        );
        assert_eq!(anomalies.descriptors, ["streamed"]);
        assert_eq!(anomalies.doubtful_folders, ["folder"]);
        assert_eq!(anomalies.ambiguous, ["Größe"]);
        let broken: Vec<_> = anomalies
            .broken
            .iter()
            .map(|b| b.entry.as_deref())
            .collect();
        assert_eq!(broken, [Some("damaged")]);
    }

    #[test]
    fn no_more_is_unpacked_than_lambda_would() {
        const SIZE: u32 = (250 << 20) + 1;
        let bomb = |name: &str| Forged {
            size: Some(SIZE),
            method: 8,
            // No deflated data, but as much as it takes for so many bytes.
            ..Forged::file(name, 0o644, vec![0xff; SIZE as usize / 1032 + 1])
        };
        let lie = Forged {
            local_size: Some(1),
            ..bomb("lie")
        };
        let impossible = Forged {
            data: vec![0xff; SIZE as usize / 1032],
            ..bomb("impossible")
        };
        let entries = [bomb("bomb"), Forged::file("b", 0o644, "b"), lie, impossible];
        let ZipContents { files, anomalies } = unpacked(&entries);
        assert_eq!(anomalies.unverified, ["bomb"], "not unpacked");
        let broken: Vec<_> = anomalies
            .broken
            .iter()
            .map(|b| b.entry.as_deref())
            .collect();
        assert_eq!(broken, [Some("lie"), Some("impossible")]);
        let seen: Vec<bool> = files.iter().map(|file| file.contents.is_some()).collect();
        assert_eq!(seen, [false, true, false, false]);
    }

    #[test]
    fn links_are_read_no_further_than_linux_would_follow_them() {
        let long = "a/".repeat(100_000);
        let links: Vec<Forged> = (0..1100)
            .map(|nth: u32| Forged::link(&nth.to_string(), &long).deflated())
            .collect();
        let ZipContents { files, anomalies } = unpacked(&links);
        let length = |file: &File| match &file.kind {
            FileKind::Link(target) => target.len(),
            _ => 0,
        };
        assert_eq!(length(&files[0]), LONGEST_LINK);
        assert_eq!(files.iter().map(length).sum::<usize>() as u64, LINKS);
        let surplus = &anomalies.broken[0];
        assert_eq!(surplus.entry.as_deref(), Some("1024"));
        assert!(surplus.why.contains("one link too many"), "{surplus:?}");
    }
}
