//! CloudFormation and SAM templates, as `check` reads them: the functions and layers whose code is a
//! zip on this machine, and everything that only a deploy knows.

mod calls;
mod code;
mod condition;
mod deployed;
mod fault;
mod file;
mod forms;
mod functions;
mod globals;
mod intrinsic;
mod kinds;
mod layer_uses;
mod model;
mod node;
mod parameter_override;
mod parse;
mod properties;
mod references;
mod resolve;
mod resources;
mod transforms;
mod values;

pub(crate) use file::read;
pub(crate) use model::{
    Architectures, Function, Layer, LayerUse, Refusal, Stated, Template, Unchecked,
};
pub(crate) use parameter_override::{ParameterOverride, ParameterOverrides};
