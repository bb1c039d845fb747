//! CloudFormation and SAM templates, as `check` reads them: the functions and layers whose code is a
//! zip on this machine, and everything that only a deploy knows.

mod code;
mod condition;
mod deployed;
mod fault;
mod file;
mod functions;
mod intrinsic;
mod layer_uses;
mod model;
mod node;
mod parameter_override;
mod parse;
mod properties;
mod resolve;
mod resources;
mod values;

pub(crate) use file::read;
pub(crate) use model::{Architectures, Function, Layer, LayerUse, Stated, Template, Unchecked};
pub(crate) use parameter_override::{ParameterOverride, ParameterOverrides};
