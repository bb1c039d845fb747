//! The forge's zips.

pub(crate) use ::forge::zip::{Forged, Forgery};
