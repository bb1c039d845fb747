//! `cargo lambda-zip man`: options, and the pages.

use std::io;

use camino::Utf8PathBuf;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::Cli;
use crate::error::{Error, Result};
use crate::text;

/// Prints the manual page of the tool or of a command, or writes all pages into a folder.
///
/// In a folder `man1` of the manual path, `man cargo-lambda-zip` finds the page of the tool, and
/// `man cargo-lambda-zip-pack` that of `pack`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Manual Options")]
pub(crate) struct ManOptions {
    /// Command whose page is printed [default: the tool itself]
    #[arg(value_name = "COMMAND", help_heading = None)]
    pub(crate) command: Vec<String>,

    /// Write all pages into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) out_dir: Option<Utf8PathBuf>,
}

impl ManOptions {
    /// The page that is asked for.
    ///
    /// # Errors
    /// [`Error::Usage`] if there is no such command.
    pub(crate) fn page<'p>(&self, pages: &'p [Page]) -> Result<&'p Page> {
        let command = self.command.join(" ");
        let found = pages.iter().find(|page| page.command == command);
        found.ok_or_else(|| {
            let known = pages.iter().map(|page| page.command.as_str());
            let known = known.filter(|known| !known.is_empty());
            Error::usage(text::unknown("command", &command, known), None)
        })
    }
}

/// A manual page of section 1.
pub(crate) struct Page {
    /// The command that it is about, such as `report merge`; empty for the tool itself.
    pub(crate) command: String,
    /// The page in roff.
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn file_name(&self) -> String {
        format!("{}.1", title(&self.command))
    }
}

fn title(command: &str) -> String {
    let words = ["cargo-lambda-zip"]
        .into_iter()
        .chain(command.split_whitespace());
    words.collect::<Vec<_>>().join("-")
}

/// The pages of the tool and of each command.
pub(crate) fn pages() -> Vec<Page> {
    let mut tool = Cli::command().disable_help_subcommand(true);
    tool.build();
    let mut pages = Vec::new();
    add(&tool, "", &mut pages);
    pages
}

/// Adds the page of a command, and those of the commands below it.
fn add(command: &Command, name: &str, pages: &mut Vec<Page>) {
    pages.push(page(command.clone(), name));
    for below in command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
    {
        let name = format!("{name} {}", below.get_name());
        add(below, name.trim_start(), pages);
    }
}

fn page(command: Command, name: &str) -> Page {
    let title = title(name);
    // The library leaves out the help of what `-h` does not show.
    let command = command.mut_args(|arg| arg.hide_short_help(false));
    let notes = command.get_after_long_help().map(ToString::to_string);
    let has_subcommands = command.has_subcommands();
    let man = Man::new(command.display_name(&title))
        .title(title.to_uppercase())
        // The library leaves out an empty date, so that what follows takes its place.
        .date(env!("CARGO_PKG_VERSION"))
        .source("cargo-lambda-zip")
        .manual("Cargo Lambda-Zip Manual");
    let mut text = Vec::new();
    // A vector takes everything.
    let _ = write(&man, has_subcommands, notes.as_deref(), &mut text);
    Page {
        command: name.to_owned(),
        text: String::from_utf8_lossy(&text).into_owned(),
    }
}

/// Writes the sections of a page. The `notes` keep their lines.
fn write(
    man: &Man,
    has_subcommands: bool,
    notes: Option<&str>,
    text: &mut Vec<u8>,
) -> io::Result<()> {
    man.render_title(text)?;
    man.render_name_section(text)?;
    man.render_synopsis_section(text)?;
    man.render_description_section(text)?;
    man.render_options_section(text)?;
    if has_subcommands {
        man.render_subcommands_section(text)?;
    }
    let Some(notes) = notes else {
        return Ok(());
    };
    let mut roff = Roff::new();
    roff.control("SH", ["NOTES"]).control("nf", []);
    for line in notes.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff.to_writer(text)
}
