//! `cargo lambda-zip size`: what takes the room in zips.

use std::collections::BTreeMap;
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::check_input::{self, Input};
use super::session::current_folder;
use crate::bytes::Size;
use crate::cargo::LAMBDA_PROFILE;
use crate::cli::SizeOptions;
use crate::error::{Error, Result};
use crate::globs;
use crate::lint;
use crate::paths::relative_to_current;
use crate::report::{self, Failure, MessageFormat};
use crate::shell::{self, Shell};
use crate::size::{
    self, Document, Earlier, EntrySize, Look, PageFile, SymbolFile, Symbols, ZipSize,
};
use crate::text::{quoted_name, seen};

/// The number of rows in each list of the table, unless `--top` says it.
const ROWS: usize = 12;

/// Shows the sizes of the zips that `options` name.
///
/// # Errors
/// Wrong options; [`Error::Told`] if a zip could not be read or compared, or grew too much, which the
/// document tells, with the sizes of all others.
pub(crate) fn run(options: &SizeOptions, shell: &Shell) -> Result<()> {
    let folder = current_folder()?;
    let format = options.flags.run()?.message_format;
    if !matches!(format, MessageFormat::Human | MessageFormat::Json) {
        return Err(Error::usage(
            format!("`size` has no result in the format `{format}`"),
            "use --message-format human or json",
        ));
    }
    if options.top.is_some() && format == MessageFormat::Json {
        return Err(Error::usage(
            "`--top` has no effect on `--message-format json`, which has all rows",
            "leave out one of them",
        ));
    }
    let zips = globs::expanded(&options.zips);
    let inputs = check_input::all(&zips, &folder)?;
    let symbols = symbols(&options.symbols, &folder)?;
    let page = options.html.as_deref();
    let page = page.map(|path| PageFile::at(check_input::path(path, &folder)));
    let page = page.transpose()?;
    let earlier = options.against.as_deref();
    let earlier = earlier.map(|path| {
        let absolute = check_input::path(path, &folder);
        Earlier::read(absolute, path, &symbols)
    });
    let earlier = earlier.transpose()?;
    let is_only = inputs.len() == 1;
    let mut document = Document::new();
    for (zip, input) in zips.iter().zip(inputs) {
        let compared = |mut size: ZipSize| {
            if let Some(earlier) = &earlier {
                size.growth = earlier.growth(&size, is_only, options.max_growth)?;
            }
            Ok(size)
        };
        let measured = input.and_then(|input| measured(&input, &symbols));
        match measured.and_then(compared) {
            Ok(size) => document.sizes.push(size),
            Err(error) => {
                let path = check_input::path(zip, &folder);
                document.failures.push(Failure::of_file(path, error));
            }
        }
    }
    // A page without a zip would pass for a result.
    if let Some(page) = page.filter(|_| !document.sizes.is_empty()) {
        page.write(&document.sizes)?;
        shell.status("Wrote", seen(relative_to_current(page.path()).as_str()));
    }
    match format {
        MessageFormat::Json => document.write(io::stdout().lock()),
        _ => write_tables(&document.sizes, options, shell),
    }
    .map_err(Error::output)?;
    for size in &document.sizes {
        warn_of_unread(size, shell);
        note_without_symbols(size, shell);
        if let (Some(against), None) = (&options.against, &size.growth) {
            let path = seen(against.as_str());
            shell.note(format_args!(
                "`{}` is not in `{path}`: it is new",
                shown(size)
            ));
        }
    }
    // A file may fit a zip that could not be read.
    if document.failures.is_empty() {
        note_symbols_that_fit_nothing(&symbols, shell);
    }
    verdict(document, options, shell)
}

fn measured(input: &Input, symbols: &[SymbolFile]) -> Result<ZipSize> {
    let source = input.open()?;
    let measured = size::measure(&source, &input.path, symbols);
    measured.map_err(Error::io(format!(
        "could not read the zip `{}`",
        input.shown
    )))
}

/// The files with symbols.
fn symbols(files: &[Utf8PathBuf], folder: &Utf8Path) -> Result<Vec<SymbolFile>> {
    let file = |file: &Utf8PathBuf| {
        let path = check_input::path(file, folder);
        if path.is_file() {
            return Ok(SymbolFile::at(path));
        }
        if !path.exists() {
            return Err(Error::MissingFile {
                what: "the file with symbols",
                path: file.to_string(),
            });
        }
        let found = if path.is_dir() {
            "a folder"
        } else {
            "not a regular file"
        };
        Err(Error::usage(
            format!("`{file}` of `--symbols` is {found}"),
            "name the debug file of a program, or the program before it was stripped",
        ))
    };
    files.iter().map(file).collect()
}

fn write_tables(sizes: &[ZipSize], options: &SizeOptions, shell: &Shell) -> io::Result<()> {
    let look = Look {
        width: shell::width(),
        has_utf8: shell::has_utf8(),
    };
    let top = match options.top {
        Some(0) => usize::MAX,
        top => top.unwrap_or(ROWS),
    };
    let mut out = shell.output();
    for (nth, size) in sizes.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        size::write_table(size, look, top, &mut out)?;
    }
    out.flush()
}

/// Names the entries that Lambda cannot unpack.
fn warn_of_unread(size: &ZipSize, shell: &Shell) {
    let mut unread: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in &size.entries {
        if let Some(why) = &entry.unread {
            unread.entry(why).or_default().push(&entry.path);
        }
    }
    for (why, paths) in unread {
        if let Some(found) = lint::list(paths) {
            shell.warning(format_args!(
                "{found} of {} {} {why}: Lambda cannot unpack it, and its size is only what the zip \
                 declares",
                shown(size),
                found.either("is", "are"),
            ));
        }
    }
}

/// Says how to see the crates of programs without symbols.
fn note_without_symbols(size: &ZipSize, shell: &Shell) {
    let bare = |entry: &&EntrySize| entry.symbols == Some(Symbols::None);
    let bare: Vec<&str> = (size.entries.iter().filter(bare))
        .map(|entry| entry.path.as_str())
        .collect();
    let Some(first) = bare.first() else {
        return;
    };
    let others = match bare.len() {
        1 => String::new(),
        count => format!(" and {} more programs", count - 1),
    };
    shell.note(format_args!(
        "{}{others} of {} has no symbols, so its crates are not told apart; build with \
         `--debug-file` (key `debug-file = true`), which leaves the zip as it is, or keep the symbols \
         in the zip: `--config 'profile.NAME.strip=\"none\"'`, where NAME is the profile of the \
         build, `{LAMBDA_PROFILE}` by default",
        quoted_name(first),
        shown(size),
    ));
}

/// Names the files with symbols that fit no program.
fn note_symbols_that_fit_nothing(symbols: &[SymbolFile], shell: &Shell) {
    for file in symbols.iter().filter(|file| !file.fits()) {
        shell.note(format_args!(
            "the file with symbols `{}` fits no program of the zips: it is of another build, or is no \
             ELF file; name the debug file, or the program before it was stripped, of the same build",
            seen(relative_to_current(file.path()).as_str()),
        ));
    }
}

/// The path of a zip in messages.
fn shown(size: &ZipSize) -> String {
    seen(relative_to_current(&size.path).as_str())
}

/// The errors of the run: zips that could not be read or compared, and those that grew too much.
fn verdict(document: Document, options: &SizeOptions, shell: &Shell) -> Result<()> {
    let mut errors: Vec<Error> = document
        .failures
        .into_iter()
        .map(Failure::into_error)
        .collect();
    let mut grown = 0;
    for size in &document.sizes {
        let growth = size.growth.as_ref().filter(|growth| growth.exceeded);
        let (Some(growth), Some(bound)) = (growth, options.max_growth) else {
            continue;
        };
        grown += 1;
        shell.failure(
            "Grown",
            format_args!(
                "{} by more than {bound}: zipped {}, unzipped {}",
                shown(size),
                change(growth.zipped_bytes, size.zipped_bytes),
                change(growth.unzipped_bytes, size.unzipped_bytes),
            ),
        );
    }
    if grown > 0 {
        errors.push(Error::Grown {
            grown,
            of: document.sizes.len(),
        });
    }
    if document.sizes.iter().all(|size| size.growth.is_none())
        && errors.is_empty()
        && let (Some(against), Some(_)) = (&options.against, options.max_growth)
    {
        errors.push(Error::usage(
            format!("`{}` has none of the zips, so nothing is compared", seen(against.as_str())),
            "compare each zip in a run of its own, with `--against` and its earlier zip; or name an \
             earlier result with zips of the same file names",
        ));
    }
    report::show_errors(errors, shell).map_err(|error| Error::Told(Box::new(error)))
}

/// A change of a size, for instance `602 KiB → 676 KiB (+12.3 %)`.
fn change(before: u64, now: u64) -> String {
    format!(
        "{} → {} ({})",
        Size(before),
        Size(now),
        size::percent(before, now)
    )
}
