//! Plans: decides what is built and written, and finds every problem that can be found before
//! anything compiles. It reads what that takes, and writes nothing.

mod binary;
mod builders;
mod collisions;
mod contents;
mod executable;
mod flags;
mod foreseen;
mod functions;
mod invocations;
mod layer_binaries;
mod layer_cache;
mod layer_package;
mod layer_programs;
mod layer_request;
mod layers;
mod model;
mod named_layer_error;
mod named_layers;
mod origin;
mod outputs;
mod package;
mod partition;
mod taken_layer;

pub(crate) use contents::files;
pub(crate) use executable::{ExecutableRequest, executable};
pub(crate) use layer_package::check_files_of_layer;
pub(crate) use layer_request::LayerRequest;
pub(crate) use layers::layer_of_files;
pub(crate) use model::{Build, Plan};
pub(crate) use named_layers::{functions, layers};
pub(crate) use origin::{Described, Origin};
pub(crate) use outputs::default_folder;
pub(crate) use package::{OutputSpec, PackagePlan, ProgramPlan};
pub(crate) use taken_layer::MadeLayers;
