//! Cargo as the user runs it: options, configuration, metadata, selection, features and builders.

mod argument_files;
mod arguments;
mod build_folders;
mod build_scripts;
pub(crate) mod builders;
mod cache;
mod cache_key;
mod candidate;
pub(crate) mod config;
pub(crate) mod descendants;
mod env_file;
mod environment;
mod external_paths;
pub(crate) mod features;
mod interrupt;
pub(crate) mod linker;
mod lockfile;
mod native;
mod options;
mod partition;
mod process;
pub(crate) mod profile;
mod project;
mod refusal;
mod runtime_crates;
pub(crate) mod rustc_wrapper;
mod select;
mod spec;
mod system_library;
mod tree;
mod workspace;

pub(crate) use build_scripts::has_build_script_of_library;
pub(crate) use candidate::{BinaryId, Candidate, executables, is_example, is_executable};
pub(crate) use environment::Environment;
pub(crate) use features::{arguments_for, arguments_for_one};
pub(crate) use interrupt::Interrupt;
pub(crate) use native::{NativeCrate, NativeSearch};
pub(crate) use options::{
    CARGO_OPTIONS, CargoOptions, FeatureOptions, LAMBDA_PROFILE, ManifestOptions, OutputOptions,
    PackageOptions, TargetOptions,
};
pub(crate) use partition::Partition;
pub(crate) use process::Process;
pub(crate) use profile::{injection, is_dev};
pub(crate) use project::Project;
pub(crate) use runtime_crates::{MadeFor, made_for};
pub(crate) use select::{packages, select};
pub(crate) use workspace::{Memory, Workspace, has_metadata, has_table, metadata, resembles_table};
