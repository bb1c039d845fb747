//! The function as it is configured on Lambda.

use std::time::Duration;

/// The configuration of a function.
#[derive(Debug)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) timeout: Duration,
    /// In MiB.
    pub(crate) memory: u64,
    /// The variables that the user sets.
    pub(crate) variables: &'a [(String, String)],
}

/// The name of a function for the zip `file_stem`: Lambda accepts letters, digits, `-` and `_`, 64
/// at most.
///
/// Source: the Lambda API, `CreateFunction`, `FunctionName`.
pub(crate) fn name(file_stem: &str) -> String {
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    let characters = file_stem.chars().map(|c| if is_kept(&c) { c } else { '-' });
    characters.take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_what_lambda_accepts() {
        assert_eq!(name("orders_arm64-gnu"), "orders_arm64-gnu");
        assert_eq!(name("Büro 1.2"), "B-ro-1-2");
        assert_eq!(name(&"a".repeat(100)).len(), 64);
    }
}
