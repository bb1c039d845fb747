//! The records at the end of a zip.

use super::*;

#[test]
fn two_end_records_have_to_agree() {
    let forgery = |count| Forgery {
        zip64_and_plain: true,
        count,
        ..Forgery::of([file()])
    };
    let bytes = forgery(None).bytes();
    let zip = Zip::open(&bytes).unwrap();
    assert_eq!((zip.entries.len(), zip.foreign), (1, Foreign::default()));
    assert_eq!(zip.defect, None);
    let lie = contents(&forgery(Some(2)).bytes()).unwrap_err();
    assert!(format!("{lie:?}").contains("contradict"), "{lie:?}");
}

#[test]
fn wrong_counts_and_offsets_are_found() {
    let counts = Forgery {
        count: Some(2),
        ..Forgery::of([file()])
    };
    assert!(
        contents(&counts.bytes())
            .unwrap_err()
            .contains("counts 2 entries")
    );
    let mut bytes = Forgery::of([file()]).bytes();
    let offset_of_directory = bytes.len() - 6;
    bytes[offset_of_directory..][..4].copy_from_slice(&0x00ff_ffff_u32.to_le_bytes());
    assert!(contents(&bytes).unwrap_err().contains("impossible offset"));
    assert!(contents(b"no zip").unwrap_err().contains("no end record"));
    assert!(contents(&[]).is_err());
}

#[test]
fn each_number_of_a_zip64_end_record_is_checked() {
    const PARTS: &str = "one of several parts";
    const PLACE: &str = "does not end at the zip64 locator";
    let whole = |zip64_and_plain: bool| {
        Forgery {
            zip64: !zip64_and_plain,
            zip64_and_plain,
            ..Forgery::of([file()])
        }
        .bytes()
    };
    // From the end of the zip: the classic record, the locator, the zip64 record.
    let locator = |at: usize| 22 + 20 - at;
    let record = |at: usize| 22 + 20 + 56 - at;
    for (from_end, value, expected) in [
        (locator(4), 1, PARTS),
        (locator(15), 0x80, "points to another place"),
        (locator(16), 2, PARTS),
        (record(4), 45, PLACE),
        (record(5), 0xff, PLACE),
        (record(11), 0xff, PLACE),
        (record(16), 1, PARTS),
        (record(20), 1, PARTS),
        (record(24), 2, PARTS),
        (record(32), 2, PARTS),
    ] {
        for mut bytes in [whole(false), whole(true)] {
            let at = bytes.len() - from_end;
            bytes[at] = value;
            let why = contents(&bytes).unwrap_err();
            assert!(why.contains(expected), "{from_end}: {why}");
        }
    }
    // Some tools write 0 for the number of disks.
    let mut bytes = whole(false);
    let disks = bytes.len() - locator(16);
    bytes[disks] = 0;
    assert_eq!(contents(&bytes), Ok(vec![data()]));
}

#[test]
fn a_zip64_end_record_is_found_in_a_zip_with_a_prefix() {
    let zip = Forgery {
        zip64: true,
        ..Forgery::of([file()])
    };
    let prefixed = [b"#!/bin/sh\n".to_vec(), zip.bytes()].concat();
    assert_eq!(contents(&prefixed), Ok(vec![data()]));
}

#[test]
fn a_locator_without_a_record_is_a_defect_only_where_zip64_is_needed() {
    for (zip64_and_plain, is_right) in [(true, true), (false, false)] {
        let mut bytes = Forgery {
            zip64: !zip64_and_plain,
            zip64_and_plain,
            ..Forgery::of([file()])
        }
        .bytes();
        let record = bytes.len() - 22 - 20 - 56;
        bytes[record] = b'x';
        let read = contents(&bytes);
        let is_missed = read.as_ref().is_err_and(|why| why.contains("zip64"));
        assert_eq!(is_missed, !is_right, "{read:?}");
    }
}

#[test]
fn a_count_over_65535_wraps_around() {
    let entries = (0..65_537).map(|nth| Forged::file(nth.to_string(), 0o644, ""));
    for (count, is_right) in [(1, true), (0, false), (u16::MAX - 1, false)] {
        let bytes = Forgery {
            count: Some(count),
            ..Forgery::of(entries.clone())
        }
        .bytes();
        let zip = Zip::open(&bytes).unwrap();
        assert_eq!(zip.entries.len(), 65_537);
        assert_eq!(zip.defect.is_none(), is_right, "{count}");
    }
}
