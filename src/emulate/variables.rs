//! The environment variables of a function and of its extensions.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::function::Function;
use super::id;
use crate::error::{Error, Result};
use crate::lambda::execution::{NOT_OF_EXTENSIONS, RESERVED};

/// The variables of the runtime.
pub(super) fn of_runtime(
    function: &Function<'_>,
    task: &str,
    opt: &str,
    api: SocketAddr,
) -> BTreeMap<String, String> {
    let name = function.name;
    // Source: the Lambda developer guide, "Defined runtime environment variables". There are no
    // credentials: a local run has no role.
    let own = [
        ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        (
            "LD_LIBRARY_PATH",
            format!("/lib64:/usr/lib64:{task}:{task}/lib:{opt}/lib"),
        ),
        ("PATH", format!("/usr/local/bin:/usr/bin/:/bin:{opt}/bin")),
        ("TZ", ":UTC".to_owned()),
    ];
    let reserved = [
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            function.memory.to_string(),
        ),
        ("AWS_LAMBDA_FUNCTION_NAME", name.to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", id::log_stream()),
        ("AWS_LAMBDA_RUNTIME_API", api.to_string()),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".to_owned()),
        ("LAMBDA_TASK_ROOT", task.to_owned()),
        ("_HANDLER", "bootstrap".to_owned()),
    ];
    let mut variables = BTreeMap::new();
    variables.extend(own.map(|(name, value)| (name.to_owned(), value)));
    variables.extend(function.variables.iter().cloned());
    variables.extend(reserved.map(|(name, value)| (name.to_owned(), value)));
    variables
}

/// The variables of extensions, of those of the runtime.
pub(super) fn of_extension(runtime: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut variables = runtime.clone();
    variables.retain(|name, _| !name.starts_with('_') && !NOT_OF_EXTENSIONS.contains(&&**name));
    variables
}

/// Refuses variables that Lambda would refuse.
///
/// # Errors
/// [`Error::Usage`] for a reserved name, and one that Lambda does not accept.
pub(crate) fn check(variables: &[(String, String)]) -> Result<()> {
    for (name, _) in variables {
        if RESERVED.contains(&&**name) {
            return Err(Error::usage(
                format!("`{name}` is set by Lambda: a function cannot be deployed with it"),
                "leave it out",
            ));
        }
        // Source: the Lambda API, `CreateFunction`, `Environment`: [a-zA-Z]([a-zA-Z0-9_])+
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !begins || name.len() < 2 || !name.chars().all(is_word) {
            return Err(Error::usage(
                format!("`{name}` is not a name that Lambda accepts for a variable"),
                "it begins with a letter, and has two or more letters, digits and underscores",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lambda_refuses_are_refused() {
        let given = |name: &str| [(name.to_owned(), String::new())];
        for name in ["TABLE", "AWS_REGION", "AWS_ACCESS_KEY_ID", "a1"] {
            assert!(check(&given(name)).is_ok(), "{name}");
        }
        for name in ["_HANDLER", "LAMBDA_TASK_ROOT", "1A", "A", "A-B", ""] {
            assert!(check(&given(name)).is_err(), "{name}");
        }
    }
}
