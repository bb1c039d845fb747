//! Closed sets of names a user may write: parsed alike from flags and manifests.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use clap::ValueEnum;

/// Parses one of `T`'s names or aliases; the error names the closest match.
///
/// `what` says in a word or two what the name stands for: `architecture`, `lint`.
pub(crate) fn parse<T: ValueEnum>(what: &str, name: &str) -> Result<T, String> {
    T::from_str(name, false).map_err(|_| {
        let known: Vec<String> = T::value_variants()
            .iter()
            .filter_map(|variant| Some(variant.to_possible_value()?.get_name().to_owned()))
            .collect();
        unknown(what, name, known.iter().map(String::as_str))
    })
}

/// The sentence for a name that is not among `known`: the closest match, or all of them.
pub(crate) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    if let Some(closest) = closest(name, known.clone()) {
        return format!("unknown {what} `{name}`; did you mean `{closest}`?");
    }
    let known: Vec<String> = known.into_iter().map(|k| format!("`{k}`")).collect();
    if known.is_empty() {
        format!("unknown {what} `{name}`")
    } else {
        format!("unknown {what} `{name}`; known are {}", known.join(", "))
    }
}

/// The candidate that `name` was most likely meant to be, if one is near enough.
pub(crate) fn closest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // The bar clap sets for its own suggestions.
    const NEAR_ENOUGH: f64 = 0.7;
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > NEAR_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Makes a [`ValueEnum`] read from strings (flags, environment) and from manifests, and print,
/// all by the same names.
macro_rules! named {
    ($type:ty, $what:literal) => {
        impl std::str::FromStr for $type {
            type Err = String;
            fn from_str(name: &str) -> Result<Self, String> {
                $crate::text::parse($what, name)
            }
        }
        $crate::text::deserialize_from_str!($type);
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}
pub(crate) use named;

/// Reads a type from a string in a manifest by its [`std::str::FromStr`].
///
/// Serde's own `try_from` would parse only after the string's place is forgotten, and leave the
/// error with the place of the array around it.
macro_rules! deserialize_from_str {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str($crate::text::FromStrVisitor(std::marker::PhantomData))
            }
        }
    };
}
pub(crate) use deserialize_from_str;

pub(crate) struct FromStrVisitor<T>(pub(crate) PhantomData<T>);

impl<T: FromStr<Err = String>> serde::de::Visitor<'_> for FromStrVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Reads a type from a string in a manifest, or from a table that reads as `Parts`.
pub(crate) struct StrOrTable<T, Parts> {
    expected: &'static str,
    types: PhantomData<(T, Parts)>,
}

impl<T, Parts> StrOrTable<T, Parts> {
    /// `expected` completes the error for anything else: "expected …".
    pub(crate) fn new(expected: &'static str) -> Self {
        Self {
            expected,
            types: PhantomData,
        }
    }
}

impl<'de, T, Parts> serde::de::Visitor<'de> for StrOrTable<T, Parts>
where
    T: FromStr<Err = String> + TryFrom<Parts, Error = String>,
    Parts: serde::Deserialize<'de>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let parts = Parts::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        parts.try_into().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_suggested_and_far_ones_are_not() {
        assert_eq!(closest("arm46", ["x86_64", "arm64"]), Some("arm64"));
        assert_eq!(closest("riscv", ["x86_64", "arm64"]), None);
    }

    #[test]
    fn without_a_close_match_all_names_are_listed() {
        assert_eq!(
            unknown("colour", "blue", ["x", "y"]),
            "unknown colour `blue`; known are `x`, `y`"
        );
    }
}
