//! The files of a package in a folder that belongs to this tool, for tools that want a folder.
//!
//! A file in the folder is ours if its digest is in the [`WriteLog`]. Ours are replaced and removed
//! as the package changes. Anything else is never touched: the folder is refused.

mod existing;
mod files;
mod sync_plan;
mod write_entry;
mod write_log;

pub(crate) use existing::{Expected, check};
pub(crate) use files::Files;
pub(crate) use sync_plan::SyncPlan;
pub(crate) use write_log::WriteLog;
