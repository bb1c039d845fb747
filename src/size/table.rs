//! The sizes as a table with bars.

use std::cmp::Reverse;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::columns::{Look, Row};
use super::document::{EntrySize, Function, Part, ZipSize};
use super::growth::{Change, Growth};
use crate::bytes::{Share, Size};
use crate::inspect::Origin;
use crate::lambda::quotas;
use crate::paths::relative_to_current;

const TITLE: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CRATE: Style = AnsiColor::Cyan.on_default();

/// The most programs of a zip whose functions are listed.
const PROGRAMS: usize = 3;

/// Writes the sizes of a zip to `out`, in lists of at most `top` rows.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn write(zip: &ZipSize, look: Look, top: usize, out: &mut dyn Write) -> io::Result<()> {
    let path = look.cut(relative_to_current(&zip.path).as_str(), look.width);
    writeln!(out, "{TITLE}{path}{TITLE:#}")?;
    for (name, bytes, limit) in [
        ("zipped", zip.zipped_bytes, quotas::ZIPPED),
        ("unzipped", zip.unzipped_bytes, quotas::UNZIPPED),
    ] {
        writeln!(
            out,
            "{name:>10} {} ({})",
            Size(bytes),
            Share { bytes, limit }
        )?;
    }
    if let Some(growth) = &zip.growth {
        write_growth(zip, growth, look, top, out)?;
    }
    writeln!(out, "\n{TITLE}{}{TITLE:#}", look.heads())?;
    let table = Table {
        whole: zip.zipped_bytes,
        look,
        top,
    };
    table.entries(zip, out)?;
    for entry in programs(zip).into_iter().take(PROGRAMS) {
        table.functions(entry, out)?;
    }
    Ok(())
}

/// The programs whose parts are listed: small ones beside large entries are not.
fn programs(zip: &ZipSize) -> Vec<&EntrySize> {
    let programs = zip.entries.iter().filter(|entry| is_open(entry, zip));
    let mut programs: Vec<&EntrySize> = programs.collect();
    programs.sort_by_key(|entry| Reverse(entry.compressed_bytes));
    programs
}

fn is_open(entry: &EntrySize, zip: &ZipSize) -> bool {
    !entry.parts.is_empty() && entry.compressed_bytes >= zip.zipped_bytes / 20
}

fn write_growth(
    zip: &ZipSize,
    growth: &Growth,
    look: Look,
    top: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = look.cut(
        relative_to_current(&growth.against).as_str(),
        look.width.saturating_sub(11),
    );
    writeln!(out, "{:>10} {path}", "against")?;
    let arrow = look.either("→", "->");
    for (name, before, now) in [
        ("zipped", growth.zipped_bytes, zip.zipped_bytes),
        ("unzipped", growth.unzipped_bytes, zip.unzipped_bytes),
    ] {
        let percent = percent(before, now);
        writeln!(
            out,
            "{name:>10} {} {arrow} {} ({percent})",
            Size(before),
            Size(now)
        )?;
    }
    let name = |change: &Change| match &change.name {
        None => change.entry.clone(),
        Some(part) if programs(zip).len() < 2 => part.clone(),
        Some(part) => format!("{part} of {}", change.entry),
    };
    let (shown, rest) = growth.changes.split_at(top.min(growth.changes.len()));
    let line = |(unzipped, zipped), name: &str| look.change(zipped, unzipped, name);
    for change in shown {
        writeln!(out, "{}", line(change.difference(), &name(change)))?;
    }
    let sum = rest
        .iter()
        .map(Change::difference)
        .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    if !rest.is_empty() {
        writeln!(
            out,
            "{DIM}{}{DIM:#}",
            line(sum, &format!("{} more", rest.len()))
        )?;
    }
    Ok(())
}

/// A change in percent, with its sign and one decimal.
pub(crate) fn percent(before: u64, now: u64) -> String {
    if before == 0 {
        return if now == 0 { "+0.0 %" } else { "new" }.to_owned();
    }
    let sign = if now < before { '-' } else { '+' };
    let permille = u128::from(now.abs_diff(before)) * 1000 / u128::from(before);
    format!("{sign}{}.{} %", permille / 10, permille % 10)
}

/// The place of a row in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Entry,
    Part,
    Function,
}

struct Table {
    /// The size of the zip in bytes.
    whole: u64,
    look: Look,
    top: usize,
}

impl Table {
    /// The entries, and below the largest programs their parts.
    fn entries(&self, zip: &ZipSize, out: &mut dyn Write) -> io::Result<()> {
        let mut entries: Vec<&EntrySize> = zip.entries.iter().collect();
        entries.sort_by_key(|entry| Reverse(entry.compressed_bytes));
        let (shown, rest) = entries.split_at(self.top.min(entries.len()));
        for entry in shown {
            self.row(
                TITLE,
                Place::Entry,
                &entry.path,
                (entry.compressed_bytes, Some(entry.bytes)),
                out,
            )?;
            if is_open(entry, zip) {
                self.parts(&entry.parts, out)?;
            }
        }
        let rest = rest
            .iter()
            .map(|entry| (entry.compressed_bytes, entry.bytes));
        self.rest("entries", Place::Entry, rest, out)?;
        self.row(
            DIM,
            Place::Entry,
            "headers of the zip",
            (zip.overhead_bytes, None),
            out,
        )
    }

    fn parts(&self, parts: &[Part], out: &mut dyn Write) -> io::Result<()> {
        let mut parts: Vec<&Part> = parts.iter().collect();
        parts.sort_by_key(|part| Reverse(part.compressed_bytes));
        let (shown, rest) = parts.split_at(self.top.min(parts.len()));
        for part in shown {
            let style = match part.kind {
                Origin::Crate | Origin::Std | Origin::Native => CRATE,
                Origin::Section | Origin::Other => Style::new(),
            };
            self.row(
                style,
                Place::Part,
                &part.name,
                (part.compressed_bytes, Some(part.bytes)),
                out,
            )?;
        }
        let rest = rest.iter().map(|part| (part.compressed_bytes, part.bytes));
        self.rest("crates and sections", Place::Part, rest, out)
    }

    /// The largest functions of a program.
    fn functions(&self, entry: &EntrySize, out: &mut dyn Write) -> io::Result<()> {
        let functions = entry.parts.iter().flat_map(|part| &part.functions);
        let mut functions: Vec<&Function> = functions.collect();
        if functions.is_empty() {
            return Ok(());
        }
        functions.sort_by_key(|function| Reverse(function.compressed_bytes));
        let title = format!("The largest functions of {}", entry.path);
        writeln!(
            out,
            "\n{TITLE}{}{TITLE:#}",
            self.look.cut(&title, self.look.width)
        )?;
        let (shown, rest) = functions.split_at(self.top.min(functions.len()));
        for function in shown {
            self.row(
                Style::new(),
                Place::Function,
                &function.name,
                (function.compressed_bytes, Some(function.bytes)),
                out,
            )?;
        }
        let rest = rest
            .iter()
            .map(|function| (function.compressed_bytes, function.bytes));
        self.rest("functions", Place::Function, rest, out)
    }

    /// One row for the rest of a list.
    fn rest(
        &self,
        noun: &str,
        place: Place,
        sizes: impl ExactSizeIterator<Item = (u64, u64)>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let name = format!("{} more {noun}", sizes.len());
        if sizes.len() == 0 {
            return Ok(());
        }
        let (zipped, unzipped) = sizes.fold((0_u64, 0_u64), |sum, (zipped, unzipped)| {
            (sum.0.saturating_add(zipped), sum.1.saturating_add(unzipped))
        });
        self.row(DIM, place, &name, (zipped, Some(unzipped)), out)
    }

    fn row(
        &self,
        style: Style,
        place: Place,
        name: &str,
        (zipped, unzipped): (u64, Option<u64>),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let row = Row {
            depth: usize::from(place == Place::Part),
            has_bar: place != Place::Function,
            name,
            zipped,
            // What is below an entry has no size of its own in the zip.
            is_estimate: place != Place::Entry,
            unzipped,
        };
        writeln!(out, "{style}{}{style:#}", self.look.line(&row, self.whole))
    }
}
