//! The limits that a team sets for the sizes of its own packages.

use super::diagnostic::Diagnostic;
use super::largest::largest;
use super::list::List;
use super::table::Lint;
use crate::bytes::{Size, sum};

/// The limits for a package; `None` if there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) zipped: Option<Size>,
    pub(crate) unzipped: Option<Size>,
}

impl Budget {
    /// Checks the size of a zip in bytes. `entries` are names with compressed bytes.
    pub(crate) fn zipped(self, bytes: u64, entries: &[(&str, u64)]) -> Option<Diagnostic> {
        over("is zipped to", "max-zip-size", bytes, self.zipped?, entries)
    }

    /// Checks the unzipped size of a package without its layers. `entries` are names with bytes.
    pub(crate) fn unzipped(self, entries: &[(&str, u64)]) -> Option<Diagnostic> {
        let bytes = sum(entries.iter().map(|(_, bytes)| *bytes));
        let key = "max-unzipped-size";
        over("unzips to", key, bytes, self.unzipped?, entries)
    }
}

fn over(
    is: &str,
    key: &str,
    bytes: u64,
    budget: Size,
    entries: &[(&str, u64)],
) -> Option<Diagnostic> {
    let Size(allowed) = budget;
    (bytes > allowed).then(|| Diagnostic {
        lint: Lint::OverBudget,
        message: format!(
            "the package {is} {} ({bytes} bytes), more than its budget of {budget} ({allowed} \
             bytes); the largest entries are {}",
            Size(bytes),
            largest(entries)
        ),
        help: format!("leave out files that are not needed, or raise the budget: `{key}`"),
        names: List::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_may_be_used_up_but_not_exceeded() {
        let budget = Budget {
            zipped: Some(Size(5)),
            unzipped: Some(Size(10)),
        };
        assert_eq!(budget.zipped(5, &[("a", 4)]), None);
        assert!(budget.zipped(6, &[("a", 4)]).is_some());
        assert_eq!(budget.unzipped(&[("a", 4), ("b", 6)]), None);
        let over = budget.unzipped(&[("a", 4), ("b", 7)]).unwrap();
        assert_eq!(over.lint, Lint::OverBudget);
        assert!(
            over.message.contains("`b` 7 B, `a` 4 B"),
            "{}",
            over.message
        );
        assert_eq!(Budget::default().unzipped(&[("a", u64::MAX)]), None);
    }
}
