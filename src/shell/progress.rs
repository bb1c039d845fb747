//! A progress bar by bytes, in the look of Cargo's own.

use std::io::{self, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Effects, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::terminal::Shell;
use crate::bytes::{KIB, MIB};
use crate::meter::Meter;
use crate::text::printable;

/// The time before the bar appears.
const DELAY: Duration = Duration::from_secs(1);

/// The style of the word in front of Cargo's own bar.
const VERB: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);

/// The number of signs in the bar.
const SIGNS: usize = 22;

/// The narrowest terminal with a bar, in columns. Others have only numbers and names.
const NARROWEST: usize = 70;

/// A bar that appears only where Cargo's would, and only if the work takes longer than [`DELAY`].
pub(crate) struct Progress<'a> {
    shell: &'a Shell,
    verb: &'static str,
    begun: Instant,
    is_drawn: bool,
}

impl<'a> Progress<'a> {
    /// The interval for calls of [`Progress::update`].
    pub(crate) const INTERVAL: Duration = Duration::from_millis(100);

    /// `verb` says what is done.
    pub(crate) fn new(shell: &'a Shell, verb: &'static str) -> Self {
        Self {
            shell,
            verb,
            begun: Instant::now(),
            is_drawn: false,
        }
    }

    /// Does some `work`, and shows meanwhile what the `meter` says.
    pub(crate) fn during<T>(
        shell: &Shell,
        verb: &'static str,
        meter: &Meter,
        work: impl FnOnce() -> T,
    ) -> T {
        if !shell.has_progress() {
            return work();
        }
        thread::scope(|scope| {
            let (work_lasts, work_is_done) = channel::<()>();
            scope.spawn(move || {
                let mut progress = Progress::new(shell, verb);
                while work_is_done.recv_timeout(Self::INTERVAL) == Err(RecvTimeoutError::Timeout) {
                    progress.update(meter);
                }
            });
            let result = work();
            drop(work_lasts);
            result
        })
    }

    /// Shows what the `meter` says.
    pub(crate) fn update(&mut self, meter: &Meter) {
        if self.begun.elapsed() < DELAY {
            return;
        }
        let Some(columns) = self.shell.progress_columns() else {
            return;
        };
        let (done, expected) = meter.bytes();
        let name = meter.name().unwrap_or_default();
        let verb = format!("{:>12}", self.verb);
        // The last column stays empty: some terminals begin a new line after it.
        let room = columns.saturating_sub(verb.len() + 1);
        let rest = line(done, expected, &name, room, columns >= NARROWEST);
        let style = if self.shell.is_colored() {
            VERB
        } else {
            Style::new()
        };
        write(&format!("\r{style}{verb}{style:#}{rest}\x1b[K"));
        self.is_drawn = true;
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if self.is_drawn {
            write("\r\x1b[K");
        }
    }
}

/// Writes to standard error. A terminal that is closed is no reason to stop.
fn write(text: &str) {
    let mut stream = io::stderr().lock();
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
}

/// What follows the word in front: ` [=====>    ] 12.0/250.0 MiB: model.bin`, in at most `room`
/// columns.
fn line(done: u64, expected: u64, name: &str, room: usize, has_bar: bool) -> String {
    let mut line = String::from(" ");
    if has_bar {
        line += &bar(done, expected);
    }
    line += &amounts(done, expected);
    let left = room.saturating_sub(line.len() + 2);
    let name = end_of(&printable(name), left);
    if !name.is_empty() {
        line += ": ";
        line += &name;
    }
    // All that stands in front of the name is ASCII.
    if line.is_ascii() {
        line.truncate(room);
    }
    line
}

fn bar(done: u64, expected: u64) -> String {
    let signs = u128::from(done) * SIGNS as u128 / u128::from(expected.max(1));
    let signs = usize::try_from(signs).unwrap_or(SIGNS).min(SIGNS);
    let tip = if signs < SIGNS { ">" } else { "" };
    format!("[{:<SIGNS$}] ", "=".repeat(signs) + tip)
}

fn amounts(done: u64, expected: u64) -> String {
    if expected < MIB {
        return format!("{}/{} KiB", done / KIB, expected.div_ceil(KIB));
    }
    let tenths = |bytes: u64| {
        let tenths = u128::from(bytes) * 10 / u128::from(MIB);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    format!("{}/{} MiB", tenths(done), tenths(expected))
}

/// The end of a name, which tells more than its beginning, in at most `columns`.
fn end_of(name: &str, columns: usize) -> String {
    let width = |sign: char| sign.width().unwrap_or_default();
    if name.width() <= columns {
        return name.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let kept = name.chars().rev().take_while(|&sign| {
        let fits = width(sign) <= left;
        left = left.saturating_sub(width(sign));
        fits
    });
    let kept: Vec<char> = kept.collect();
    if kept.is_empty() {
        return String::new();
    }
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_what_fits() {
        let line = |name, room, has_bar| line(25 << 20, 100 << 20, name, room, has_bar);
        let full = line("orders/model.bin", 67, true);
        let expected = " [=====>                ] 25.0/100.0 MiB: orders/model.bin";
        assert_eq!(full, expected);
        assert_eq!(
            line("orders/model.bin", 27, false),
            " 25.0/100.0 MiB: …model.bin"
        );
        assert_eq!(line("orders/model.bin", 10, false), " 25.0/100.");
        assert_eq!(line("模型.bin", 25, false), " 25.0/100.0 MiB: 模型.bin");
        assert_eq!(line("模型.bin", 24, false), " 25.0/100.0 MiB: …型.bin");
        assert_eq!(
            line("a\u{1b}[2J", 67, false),
            " 25.0/100.0 MiB: a\\u{1b}[2J"
        );
    }

    #[test]
    fn a_bar_is_full_at_the_end_and_never_longer() {
        assert_eq!(bar(0, 0).trim(), format!("[>{}]", " ".repeat(SIGNS - 1)));
        assert_eq!(bar(5, 5).trim(), format!("[{}]", "=".repeat(SIGNS)));
        assert_eq!(bar(9, 5), bar(5, 5));
    }

    #[test]
    fn small_amounts_are_in_kibibytes() {
        assert_eq!(amounts(1024, 4000), "1/4 KiB");
        assert_eq!(amounts(1 << 19, 1 << 20), "0.5/1.0 MiB");
    }
}
