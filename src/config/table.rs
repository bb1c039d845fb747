//! What follows from a table of settings: types, merging, and a visit of every entry.
//!
//! An entry says the type in one source, the field and type of the merged value (after `=>`), and
//! the names and help. The type decides how values are read and merged. `setting` is an entry that
//! a flag or an environment variable can give, `key` one that only Cargo.toml can give.

use super::definition::Definition;
use super::value::{Given, Value};

/// What is done with each setting of a source, whatever its type.
pub(crate) trait Visitor {
    fn setting<V: Given>(&mut self, definition: &'static Definition, value: &mut V);

    fn key<V: Value>(&mut self, definition: &'static Definition, value: &mut V);
}

/// Declares the settings of one source, and the merged ones.
macro_rules! table {
    (
        $(#[$partial_attribute:meta])*
        struct $Partial:ident;
        $(#[$resolved_attribute:meta])*
        struct $Resolved:ident;
        $(
            $(#[$attribute:meta])*
            $visit:ident $field:ident: $given:ty $(=> $name:ident: $resolved:ty)?, $definition:expr;
        )*
    ) => {
        $(#[$partial_attribute])*
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $Partial {
            $($(#[$attribute])* pub(crate) $field: $given,)*
        }

        $(#[$resolved_attribute])*
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct $Resolved {
            $($(pub(crate) $name: $resolved,)?)*
        }

        impl $Partial {
            pub(crate) fn visit(&mut self, visitor: &mut impl Visitor) {
                $({
                    static DEFINITION: Definition = Definition {
                        id: stringify!($field),
                        ..$definition
                    };
                    visitor.$visit(&DEFINITION, &mut self.$field);
                })*
            }

            fn overlay(&mut self, higher: Self, precedence: usize) {
                $(self.$field.overlay(higher.$field, precedence);)*
            }

            /// Merges sources; later ones have a higher precedence.
            pub(crate) fn merged(sources: impl IntoIterator<Item = Self>) -> Self {
                let mut merged = Self::default();
                for (precedence, source) in sources.into_iter().enumerate() {
                    merged.overlay(source, precedence);
                }
                merged
            }

            /// The entries of the table.
            pub(crate) fn definitions() -> Vec<&'static Definition> {
                let mut collect = Collect(Vec::new());
                Self::default().visit(&mut collect);
                collect.0
            }
        }

        impl From<$Partial> for $Resolved {
            fn from(merged: $Partial) -> Self {
                Self {
                    $($($name: merged.$field.resolve(),)?)*
                }
            }
        }
    };
}
pub(crate) use table;

/// Collects the definitions.
pub(crate) struct Collect(pub(crate) Vec<&'static Definition>);

impl Visitor for Collect {
    fn setting<V: Given>(&mut self, definition: &'static Definition, _: &mut V) {
        self.0.push(definition);
    }

    fn key<V: Value>(&mut self, definition: &'static Definition, _: &mut V) {
        self.0.push(definition);
    }
}
