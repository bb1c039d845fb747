//! The first configuration of a workspace, with what that of cargo-lambda says.

mod advice;
mod carry;
mod edit;
mod paths;
mod plan;
mod source;

pub(crate) use carry::Fate;
pub(crate) use plan::{Change, InitPlan, plan};
