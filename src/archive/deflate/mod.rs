//! Deflate: small files at once, large files in chunks, programs in pieces that are compressed in
//! parallel.

mod chunked;
mod incompressible;
pub(crate) mod optimize;
mod pack;
mod packed;

pub(crate) use pack::{LARGE, pack};
pub(crate) use packed::{Body, Packed};
