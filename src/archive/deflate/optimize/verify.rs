//! A check of every stream that this module writes.

use libdeflater::Decompressor;

/// The stream, or `None` if it does not inflate to `original`.
pub(super) fn verified(deflated: Vec<u8>, original: &[u8]) -> Option<Vec<u8>> {
    let mut inflated = vec![0; original.len()];
    let length = Decompressor::new()
        .deflate_decompress(&deflated, &mut inflated)
        .ok()?;
    (inflated.get(..length)? == original).then_some(deflated)
}
