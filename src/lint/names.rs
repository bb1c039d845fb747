//! The names of entries.

use std::collections::BTreeMap;

use super::{Lint, Observation};

/// Finds names that differ only in case: two files for Lambda, one for whoever unpacks the zip on
/// Windows or macOS.
pub(crate) fn case<'a>(names: impl Iterator<Item = &'a str>) -> Option<Observation> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        if let Some(other) = seen.insert(name.to_lowercase(), name)
            && other != name
        {
            return Some(Observation {
                lint: Lint::CaseConflict,
                message: format!(
                    "`{other}` and `{name}` differ only in case: where file names have none, one \
                     of them is lost"
                ),
                help: "rename one of them".to_owned(),
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_only_in_case_are_found() {
        assert_eq!(case(["a", "b", "a/b"].into_iter()), None);
        let found = case(["conf/A", "b", "conf/a"].into_iter()).unwrap();
        assert_eq!(found.lint, Lint::CaseConflict);
    }
}
