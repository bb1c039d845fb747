//! From a plan to zips in their places, or to what a dry run shows.

use std::io;
use std::sync::Arc;

use super::execute::{self, Command};
use super::{prepare, source_date};
use crate::archive::{DateTime, Records};
use crate::build::Interrupt;
use crate::cli::MessageFormat;
use crate::error::{Error, Result};
use crate::folder::Ledger;
use crate::package::Packer;
use crate::parcel::Parcel;
use crate::plan::Plan;
use crate::report::Report;
use crate::shell::Shell;
use crate::workshop::Workshop;

/// A plan that is ready to be carried out.
pub(super) struct Making<'a> {
    pub(super) plan: &'a Arc<Plan>,
    /// For its invocations, in their order.
    pub(super) commands: &'a [Command<'a>],
    /// None where nothing is remembered between runs.
    pub(super) records: Option<Records>,
    /// What was written into folders.
    pub(super) ledger: Ledger,
    pub(super) format: MessageFormat,
    pub(super) shell: &'a Shell,
}

impl Making<'_> {
    /// Shows what would be done.
    pub(super) fn show(&self) -> Result<()> {
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
    pub(super) fn run(self, prepare: impl FnOnce() -> Result<()>) -> Result<()> {
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
        prepare::outputs(plan)?;
        prepare()?;
        let judged = execute::build_and_package(plan, &mut workshop, commands, &interrupt, shell)?;
        Report::new(workshop.publish(judged, &interrupt)?).finish(format, shell)
    }

    /// All that is looked at whether or not it is done; gives the date of the entries.
    fn check(&self) -> Result<DateTime> {
        let date = source_date()?;
        self.foresee()?;
        prepare::check_outputs(self.plan, &self.ledger)?;
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
