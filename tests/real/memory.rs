//! The memory of the tool itself, with as many bytes as Lambda takes.

use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

/// The bytes of all files. With a script they are close to what Lambda takes.
const BYTES: usize = (250 << 20) - (64 << 10);

const MIB: u64 = 1024;

/// The most memory that the tool has had at once, in KiB.
fn peak(folder: &Path, args: &[&str]) -> u64 {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    let mut tool = tool
        .arg("lambda-zip")
        .args(args)
        .current_dir(folder)
        .spawn()
        .unwrap();
    let mut peak = 0;
    loop {
        peak = peak.max(high_water_mark(tool.id()).unwrap_or_default());
        if let Some(status) = tool.try_wait().unwrap() {
            assert!(status.success(), "{args:?}: {status}");
            return peak;
        }
        sleep(Duration::from_millis(5));
    }
}

/// The peak of a process until now, in KiB; `None` if it has ended.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs_err::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix(" kB")?.parse().ok()
}

/// Writes so many files of the same size, half of which can be compressed.
fn write_files(folder: &Path, count: usize) {
    let mut number: u64 = 1;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        number.to_be_bytes()[0]
    })
    .take(4 << 20)
    .collect();
    let text: Vec<u8> = noise
        .iter()
        .map(|byte| b"etaoin shrdlu\n"[usize::from(byte % 14)])
        .collect();
    for number in 0..count {
        let part = folder.join(format!("{}", number / 500));
        fs_err::create_dir_all(&part).unwrap();
        let data = if number % 2 == 0 { &text } else { &noise };
        let mut left = BYTES / count;
        let mut file = Vec::with_capacity(left);
        while left > 0 {
            let start = number * 997 % (data.len() / 2);
            let length = left.min(data.len() / 2);
            file.extend_from_slice(&data[start..start + length]);
            left -= length;
        }
        fs_err::write(part.join(format!("{number:06}")), file).unwrap();
    }
}

/// Packs and checks so many files, with peaks below so many MiB.
fn takes_less_than(files: usize, packing: u64, checking: u64) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_files(&folder.join("files"), files);
    fs_err::write(folder.join("script"), "#!/bin/sh\n").unwrap();
    let quiet = ["--quiet", "-A", "zip-too-large"];
    let pack = [
        &["pack", "script", "--include", "files", "-o", "f.zip"][..],
        &quiet,
    ]
    .concat();
    let check = [&["check", "f.zip"][..], &quiet].concat();
    for (args, limit) in [(pack, packing), (check, checking)] {
        let peak = peak(folder, &args);
        assert!(peak > 4 * MIB, "{peak} KiB cannot be all of it");
        assert!(
            peak < limit * MIB,
            "{args:?} of {files} files takes {peak} KiB"
        );
    }
}

#[test]
#[ignore = "writes 250 MiB; run it with tests/run"]
fn one_large_file_takes_little_memory() {
    takes_less_than(1, 64, 64);
}

#[test]
#[ignore = "writes 250 MiB; run it with tests/run"]
fn thousands_of_files_take_little_memory() {
    takes_less_than(3_500, 64, 64);
}

#[test]
#[ignore = "writes 250 MiB; run it with tests/run"]
fn a_hundred_thousand_files_take_little_memory() {
    // Without optimisation the program itself takes about 25 MiB.
    takes_less_than(100_000, 96, 72);
}
