//! The values that a deploy gives to parameters of a template.

use std::str::FromStr;

/// A value in the place of the default of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParameterOverride {
    /// The name of the parameter.
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Both forms that `sam` takes: `Name=Value`, and `ParameterKey=Name,ParameterValue=Value`.
impl FromStr for ParameterOverride {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pair = match text.strip_prefix("ParameterKey=") {
            Some(rest) => rest.split_once(",ParameterValue="),
            None => text.split_once('='),
        };
        match pair {
            Some((name, value)) if !name.is_empty() => Ok(Self {
                name: name.to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("expected `Name=Value`, or `ParameterKey=Name,ParameterValue=Value`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_sam_are_read() {
        for (text, expected) in [
            ("Arch=arm64", Some(("Arch", "arm64"))),
            ("Url=https://a/?b=c", Some(("Url", "https://a/?b=c"))),
            ("Empty=", Some(("Empty", ""))),
            (
                "ParameterKey=Arch,ParameterValue=arm64",
                Some(("Arch", "arm64")),
            ),
            ("ParameterKey=Arch,UsePreviousValue=true", None),
            ("Arch", None),
            ("=arm64", None),
        ] {
            let read = text.parse::<ParameterOverride>().ok();
            let read = read.as_ref().map(|read| (&*read.name, &*read.value));
            assert_eq!(read, expected, "{text}");
        }
    }
}
