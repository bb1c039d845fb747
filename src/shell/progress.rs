//! A progress bar by bytes, in the look of Cargo's own.

use std::io::{self, Write};
use std::iter;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Effects, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::bar::Bar;
use super::terminal::Shell;
use crate::bytes::{KIB, MIB};
use crate::meter::Meter;
use crate::text::printable;

/// The time before the bar appears.
const DELAY: Duration = Duration::from_secs(1);

/// The style of the word in front of Cargo's own bar.
const VERB: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);

/// The columns of the word in front.
const VERB_COLUMNS: usize = 12;

/// A bar as [`ProgressStyle`] takes it, and its columns with the space in front.
const BAR: &str = " [{bar:22}]";
const BAR_COLUMNS: usize = 25;

/// The narrowest terminal with a bar, in columns. Others have only numbers and names.
const NARROWEST: usize = 70;

/// A bar that appears only where Cargo's would, and only if the work takes longer than [`DELAY`].
pub(crate) struct Progress<'a> {
    shell: &'a Shell,
    verb: &'static str,
    begun: Instant,
    bar: Option<ProgressBar>,
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
            bar: None,
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
        let bar = self.bar.get_or_insert_with(|| begin(self.shell, self.verb));
        let has_bar = columns >= NARROWEST;
        let taken = VERB_COLUMNS + 1 + if has_bar { BAR_COLUMNS } else { 0 };
        let name = meter.name().unwrap_or_default();
        bar.set_style(style(has_bar));
        bar.set_length(expected);
        bar.set_position(done);
        bar.set_message(text(
            done,
            expected,
            &name,
            columns.saturating_sub(taken + 1),
        ));
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A bar with the `verb` in front.
fn begin(shell: &Shell, verb: &str) -> ProgressBar {
    let target = ProgressDrawTarget::term_like(Box::new(StandardError(shell.bar())));
    let style = if shell.is_colored() {
        VERB
    } else {
        Style::new()
    };
    let prefix = format!("{style}{verb:>VERB_COLUMNS$}{style:#}");
    ProgressBar::with_draw_target(None, target).with_prefix(prefix)
}

/// The look of Cargo's own bar; the default one if the template did not parse.
fn style(has_bar: bool) -> ProgressStyle {
    let bar = if has_bar { BAR } else { "" };
    ProgressStyle::with_template(&format!("{{prefix}}{bar} {{msg}}"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}

/// Standard error as indicatif draws on it: also a pipe, if the settings ask for a bar there.
#[derive(Debug)]
struct StandardError(Bar);

impl TermLike for StandardError {
    /// The last column stays empty: some terminals begin a new line after it.
    fn width(&self) -> u16 {
        let columns = self
            .0
            .columns()
            .unwrap_or_default()
            .saturating_sub(1)
            .max(1);
        u16::try_from(columns).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.go(lines, 'A')
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.go(lines, 'B')
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.go(columns, 'C')
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.go(columns, 'D')
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        writeln!(io::stderr(), "{line}")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        io::stderr().write_all(text.as_bytes())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str("\r\x1b[K")
    }

    fn flush(&self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl StandardError {
    /// Moves the cursor by so many lines or columns.
    fn go(&self, count: usize, direction: char) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        self.write_str(&format!("\x1b[{count}{direction}"))
    }
}

/// The text behind the bar: `12.0/250.0 MiB: model.bin`, in at most `room` columns.
fn text(done: u64, expected: u64, name: &str, room: usize) -> String {
    let mut text = amounts(done, expected);
    let left = room.saturating_sub(text.len() + 2);
    let name = end_of(&printable(name), left);
    if !name.is_empty() {
        text += ": ";
        text += &name;
    }
    // All that stands in front of the name is ASCII.
    if text.is_ascii() {
        text.truncate(room);
    }
    text
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
    iter::once('…').chain(kept.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_what_fits() {
        let text = |name, room| text(25 << 20, 100 << 20, name, room);
        let name = "orders/model.bin";
        assert_eq!(text(name, 41), "25.0/100.0 MiB: orders/model.bin");
        assert_eq!(text(name, 26), "25.0/100.0 MiB: …model.bin");
        assert_eq!(text(name, 9), "25.0/100.");
        assert_eq!(text("模型.bin", 24), "25.0/100.0 MiB: 模型.bin");
        assert_eq!(text("模型.bin", 23), "25.0/100.0 MiB: …型.bin");
        assert_eq!(text("a\u{1b}[2J", 41), "25.0/100.0 MiB: a\\u{1b}[2J");
    }

    #[test]
    fn small_amounts_are_in_kibibytes() {
        assert_eq!(amounts(1024, 4000), "1/4 KiB");
        assert_eq!(amounts(1 << 19, 1 << 20), "0.5/1.0 MiB");
    }
}
