//! Deflate: entries in memory at once, large ones in chunks, programs in pieces.

mod chunked;
mod incompressible;
pub(crate) mod optimize;
mod pack;

pub(crate) use pack::{Body, LARGE, Packed, pack};
