//! Facts of AWS Lambda, each with its source: architectures, targets, runtimes, quotas, mount points,
//! libraries, CPUs, kinds of package.

mod cpu;
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "`invoke` starts programs of Linux")
)]
pub(crate) mod execution;
mod gcc;
mod instructions;
mod kind;
mod libraries;
pub(crate) mod managed;
pub(crate) mod mount_point;
mod name;
pub(crate) mod quotas;
mod runtime;
mod target;

pub(crate) use cpu::{Cpu, Cpus};
pub(crate) use gcc::library_of;
pub(crate) use instructions::{BeyondLambda, beyond_lambda};
pub(crate) use kind::Kind;
pub(crate) use libraries::{Presence, is_of_glibc};
pub(crate) use mount_point::MountPoint;
pub(crate) use name::{FUNCTION_NAME, LAYER_NAME, check_layer_arn, check_name, is_name};
pub(crate) use runtime::Runtime;
pub(crate) use target::{Architecture, GlibcVersion, Libc, Target};
