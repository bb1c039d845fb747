//! The CPUs that rustc knows.

use crate::cargo::process::Process;
use crate::cargo::project::Project;
use crate::error::{Error, Result};
use crate::lambda::Target;
use crate::text::closest;

/// Refuses a CPU that rustc does not know for `target`. rustc itself only warns of it, and compiles
/// for another one.
///
/// # Errors
/// [`Error::Usage`] with the closest name.
pub(crate) fn check_cpu(project: &Project<'_>, target: Target, cpu: &str) -> Result<()> {
    let triple = target.triple();
    let command = Process::new(project.config.rustc())
        .args(["--print", "target-cpus", "--target", triple])
        .with_given(&project.config.environment);
    // If rustc does not answer, it says why when it compiles.
    let Ok(answer) = project
        .workspace
        .cached_by_toolchain(&command, project.config)
    else {
        return Ok(());
    };
    let known: Vec<&str> = names(&answer).collect();
    if known.is_empty() || known.contains(&cpu) {
        return Ok(());
    }
    // Of equally close names, the older CPU comes first.
    let closest = closest(cpu, known.into_iter().rev());
    let closest = closest.map(|name| format!("; did you mean `{name}`?"));
    Err(Error::usage(
        format!(
            "rustc knows no CPU `{cpu}` for {triple}{}",
            closest.unwrap_or_default()
        ),
        "`rustc --print target-cpus --target TRIPLE` lists the names; `--cpu ARCH=NAME` is for one \
         architecture",
    ))
}

/// The names in the answer of rustc: one in each line, some with a description behind them. The
/// first line is a heading.
fn names(answer: &str) -> impl Iterator<Item = &str> {
    let lines = answer.lines().filter(|line| line.starts_with(' '));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "native")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_without_descriptions() {
        let answer = "Available CPUs for this target:\n    native                  - Select the \
                      CPU of the current host (currently znver3).\n    alderlake\n    x86-64 - \
                      This is the default target CPU.\n\n";
        assert!(names(answer).eq(["alderlake", "x86-64"]));
    }
}
