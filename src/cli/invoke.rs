//! `cargo lambda-zip invoke`.

use std::ops::RangeInclusive;

use camino::Utf8PathBuf;
use clap::Args;

use super::settings::{self, SettingFlags};
use crate::cargo::OutputOptions;
use crate::lambda::execution::{MEMORY, TIMEOUTS};

/// Starts a package on this machine, as Lambda would, and prints what it answers.
///
/// This runs the program of the package. Extensions and `bootstrap` are started with the environment and the phases that they have on
/// Lambda. Each answer is a line on standard output. The log, durations and memory go to standard
/// error. If an invocation fails, the answer has the error as Lambda words it, and the exit code is
/// 1. After an answer, a failure of the program or an extension is told on standard error.
///
/// With bubblewrap (`bwrap`) the program has a /var/task, /opt and /tmp of its own, and cannot
/// write anywhere else. It can use the network. QEMU's user mode runs packages for the other
/// architecture.
#[derive(Debug, Args)]
#[command(next_help_heading = "Invoke Options")]
pub(crate) struct InvokeOptions {
    /// The zip of the function
    #[arg(value_name = "ZIP", help_heading = None)]
    pub(crate) zip: Utf8PathBuf,

    /// Event: JSON, a file with JSON, or `-` for standard input (repeatable) [default: {}]
    ///
    /// What is valid JSON is the event itself. Several events are given to the function one after
    /// the other.
    #[arg(long, value_name = "JSON|FILE|-", allow_hyphen_values = true)]
    pub(crate) event: Vec<String>,

    /// Timeout of the function in seconds, 1 to 900
    #[arg(long, value_name = "S", default_value_t = 3, value_parser = |text: &str| whole(text, "seconds", TIMEOUTS))]
    pub(crate) timeout: u64,

    /// Memory of the function in MiB, 128 to 10240
    ///
    /// The function is told so. It is not ended if it uses more; there is a warning then.
    #[arg(long, value_name = "MB", default_value_t = 128, value_parser = |text: &str| whole(text, "MiB", MEMORY))]
    pub(crate) memory: u64,

    #[command(flatten)]
    pub(crate) flags: SettingFlags<settings::Invoke>,
    #[command(flatten)]
    pub(crate) display: OutputOptions,
}

/// The number in `text`, which is one of `range`.
fn whole(text: &str, unit: &str, range: RangeInclusive<u64>) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let (first, last) = range.into_inner();
        format!("`{text}` is not a whole number of {unit} from {first} to {last}")
    })
}
