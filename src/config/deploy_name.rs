//! The name that a function or layer is deployed as.

use std::fmt;
use std::str::FromStr;

use crate::lambda::{FUNCTION_NAME, check_name};
use crate::text::deserialize_from_str;

/// A name that Lambda accepts for a function and for a layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeployName(String);

impl DeployName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeployName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DeployName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        check_name(name, "function", FUNCTION_NAME)?;
        Ok(Self(name.to_owned()))
    }
}
deserialize_from_str!(DeployName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_lambda_takes() {
        for name in ["a", "orders-x86_64", &"x".repeat(64)] {
            assert_eq!(name.parse::<DeployName>().unwrap().as_str(), name);
        }
        for name in ["", "a.b", "a b", "ä", "arn:aws", "{bin}", &"x".repeat(65)] {
            assert!(name.parse::<DeployName>().is_err(), "{name}");
        }
    }
}
