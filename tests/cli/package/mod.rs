//! From a plan to zips in their places.

mod atomicity;
mod awaited_files;
mod bundle_libraries;
mod cache;
mod cache_workspace;
mod changed_input;
mod changing_files;
mod debug_file;
mod directory;
mod directory_refused;
mod directory_together;
mod known_files;
mod preflight;
mod stale_temp_files;
mod stale_zips;
mod together;
