//! `--list` and `--explain`.

use std::io::{self, Write};

use clap::ValueEnum;

use crate::lint::Lint;

/// A line for each lint: name, default level, meaning.
pub(crate) fn list(mut out: impl Write) -> io::Result<()> {
    let lints = Lint::value_variants();
    let width = lints.iter().map(|lint| lint.name().len()).max();
    let width = width.unwrap_or_default();
    for lint in lints {
        let (level, meaning) = (lint.default_level(), lint.meaning());
        writeln!(out, "{lint:<width$}  {level:<5}  {meaning}")?;
    }
    Ok(())
}

/// The name, level, meaning and explanation of a lint.
pub(crate) fn explain(lint: Lint, mut out: impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{lint} ({}): {}\n",
        lint.default_level(),
        lint.meaning()
    )?;
    writeln!(out, "{}", lint.explanation())
}
