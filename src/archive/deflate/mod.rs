//! Deflate: entries in memory at once, large ones in chunks, programs in pieces.

mod chunked;
mod deflater;
mod incompressible;
pub(crate) mod optimize;

pub(crate) use deflater::{Body, LARGE, Packed, pack};
