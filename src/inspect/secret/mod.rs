//! Secrets, by what a file says rather than by its name alone. A public certificate is not a
//! secret, and neither is a text that mentions a key.

mod files;
mod key;
mod matcher;
mod rule;
mod scan;
mod tokens;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use scan::{Secret, SecretScan};
