//! From a plan to zips in their places, or to what a dry run shows.

use std::io;
use std::sync::Arc;

use super::cache::Records;
use super::execution::{self, Command};
use super::input::Parcel;
use super::packer::Packer;
use super::pool::Workshop;
use super::preflight;
use crate::archive::DateTime;
use crate::cargo::Interrupt;
use crate::cli::MessageFormat;
use crate::commands::source_date;
use crate::error::{Error, Result};
use crate::package::directory::Ledger;
use crate::plan::Plan;
use crate::report::Report;
use crate::shell::Shell;

/// A plan that is ready to be carried out.
pub(crate) struct Making<'a> {
    pub(crate) plan: &'a Arc<Plan>,
    /// For its invocations, in their order.
    pub(crate) commands: &'a [Command<'a>],
    /// None where nothing is remembered between runs.
    pub(crate) records: Option<Records>,
    /// What was written into folders.
    pub(crate) ledger: Ledger,
    pub(crate) format: MessageFormat,
    pub(crate) shell: &'a Shell,
}

impl Making<'_> {
    /// Shows what would be done.
    pub(crate) fn show(&self) -> Result<()> {
        self.check()?;
        let commands = self.commands.iter().map(|command| &command.process);
        let report = Report::of_plan(self.plan, commands);
        let out = io::stdout().lock();
        let written = match self.format {
            MessageFormat::Human => report.write_plan(out),
            MessageFormat::Json => report.write_json(out),
        };
        written.map_err(Error::output)
    }

    /// Does it; `prepare` makes what else has to be there before anything compiles.
    pub(crate) fn run(self, prepare: impl FnOnce() -> Result<()>) -> Result<()> {
        let date = self.check()?;
        let Self {
            plan,
            commands,
            records,
            ledger,
            format,
            shell,
        } = self;
        let mut workshop = Workshop::new(Packer::new(date, records, ledger));
        let interrupt = Interrupt::install()?;
        preflight::outputs(plan)?;
        prepare()?;
        let judged =
            execution::build_and_package(plan, &mut workshop, commands, &interrupt, shell)?;
        Report::new(workshop.publish(judged, &interrupt)?).finish(format, shell)
    }

    /// All that is looked at whether or not it is done; gives the date of the entries.
    fn check(&self) -> Result<DateTime> {
        let date = source_date()?;
        self.foresee()?;
        preflight::check_outputs(self.plan, &self.ledger)?;
        Ok(date)
    }

    /// Ends with the report of what will be rejected, if that is known already.
    fn foresee(&self) -> Result<()> {
        let zips = self.plan.expected();
        let foreseen = zips.filter_map(|(archive, place)| {
            Parcel::planned(archive, place, &self.plan.profile, &[], &archive.files).foresee()
        });
        let rejected: Vec<_> = foreseen.collect();
        if rejected.is_empty() {
            return Ok(());
        }
        Report::new(rejected).finish(self.format, self.shell)
    }
}
