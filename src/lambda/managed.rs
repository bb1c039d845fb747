//! Lambda's runtimes for one language, which do not start a `bootstrap`, and older OS-only runtimes.

/// The beginnings of their identifiers.
///
/// Source: the Lambda developer guide, "Lambda runtimes", with the deprecated ones.
const FAMILIES: [&str; 6] = ["nodejs", "python", "java", "dotnet", "ruby", "go1.x"];

/// The first OS-only runtime, on Amazon Linux 1, which this tool does not know.
const PROVIDED: &str = "provided";

/// True for a runtime of a language, which starts no `bootstrap`.
pub(crate) fn is_of_language(name: &str) -> bool {
    FAMILIES.iter().any(|family| name.starts_with(family))
}

/// True if Lambda has, or had, a runtime of this name beside the OS-only runtimes that this tool
/// knows.
pub(crate) fn is_runtime(name: &str) -> bool {
    name == PROVIDED || is_of_language(name)
}
