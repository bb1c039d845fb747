//! `cargo lambda-zip invoke`: a package that is started on this machine, as Lambda would.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use super::check_input;
use super::session::current_folder;
use crate::bytes::{MIB, Size};
use crate::cargo::{Environment, Interrupt};
use crate::cli::InvokeOptions;
use crate::config::Settings;
use crate::emulate::{self, Document, Function, Invocation, Log, Outcome, Package, Sandbox, Setup};
use crate::error::{Error, Result};
use crate::lint::Finding;
use crate::report::MessageFormat;
use crate::shell::{Severity, Shell};
use crate::text::printable;

/// Starts the package that `options` name, gives it the events, and prints what it answers.
///
/// # Errors
/// [`Error::Invocation`] if an invocation failed, [`Error::NotUnpacked`] if Lambda could not unpack
/// a zip, [`Error::Missing`] if this machine lacks what it takes to run the package.
pub(crate) fn run(options: &InvokeOptions, shell: &Shell) -> Result<()> {
    let folder = current_folder()?;
    let run = options.flags.run()?;
    let prints = match run.message_format {
        MessageFormat::Human => true,
        MessageFormat::Json => false,
        other => {
            return Err(Error::usage(
                format!("`invoke` has no result in the format `{other}`"),
                "use --message-format human or json",
            ));
        }
    };
    let environment = Environment::load(&run.env_file, &run.env)?;
    emulate::check_variables(environment.given())?;
    let settings = Settings::merge(&options.flags.sources(&folder)?.each_ref());
    let events = emulate::events(&options.event, &folder)?;
    let package = Package::open(&options.zip, &settings)?;
    let checked = package.check(&settings)?;
    warn(&checked.findings, shell);

    let interrupt = Interrupt::cleanly();
    let root = package.unpack()?;
    let architecture = checked.architecture.unwrap_or(emulate::OWN);
    let sandbox = Sandbox::new(&root, architecture)?;
    for note in &sandbox.notes {
        shell.status("Note", note);
    }
    let function = Function {
        name: &emulate::name(options.zip.file_stem().unwrap_or_default()),
        timeout: Duration::from_secs(options.timeout),
        memory: options.memory,
        variables: environment.given(),
    };
    let setup = Setup {
        function: &function,
        sandbox: &sandbox,
        interrupt: &interrupt,
        log: Arc::new(Log::new(options.display.quiet)),
        shell,
    };
    let each = |invocation: &Invocation| show(invocation, prints, options.memory, shell);
    let invocations = emulate::run(&setup, &events, each)?;
    if !prints {
        let document = Document {
            version: 1,
            path: &check_input::path(&options.zip, &folder),
            architecture,
            invocations: &invocations,
            log_tail: setup.log.tail(),
            notes: &sandbox.notes,
            findings: &checked.findings,
        };
        document.write(io::stdout().lock()).map_err(Error::output)?;
    }
    let is_failed = |invocation: &&Invocation| invocation.outcome == Outcome::Failed;
    match invocations.iter().filter(is_failed).count() {
        0 => Ok(()),
        failed => Err(Error::Invocation {
            failed,
            of: invocations.len(),
        }),
    }
}

/// Shows findings as warnings: the package is started in any case, since what happens then is of
/// interest.
fn warn(findings: &[Finding], shell: &Shell) {
    for finding in findings {
        shell.diagnostic(
            Severity::Warning,
            finding.lint,
            &finding.message,
            finding.names.details(),
            &finding.help,
        );
    }
}

/// Prints an answer, and shows durations and memory.
fn show(invocation: &Invocation, prints: bool, memory: u64, shell: &Shell) -> Result<()> {
    if prints {
        let mut out = io::stdout().lock();
        let written = writeln!(out, "{}", invocation.line()).and_then(|()| out.flush());
        written.map_err(Error::output)?;
    }
    match &invocation.error_type {
        None => shell.status("Answered", invocation),
        Some(error) => {
            let message = invocation.error_message.as_deref().unwrap_or_default();
            shell.status("Failed", format_args!("{error}: {}", printable(message)));
            shell.status("After", invocation);
        }
    }
    if let Some(bytes) = invocation
        .max_memory_bytes
        .filter(|bytes| *bytes > memory * MIB)
    {
        let used = Size(bytes);
        shell.warning(format_args!(
            "the function used {used}, and has {memory} MiB: Lambda would end it"
        ));
    }
    Ok(())
}
