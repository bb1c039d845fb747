//! New blocks for a deflate stream.

use super::bits::Writer;
use super::part::Part;
use super::stream::tokens_of;
use super::verify::verified;

/// The stream with other blocks. Returns `None` if it does not become smaller, or is not a valid
/// stream of `original`.
pub(crate) fn reblock(deflated: &[u8], original: &[u8]) -> Option<Vec<u8>> {
    let reblocked = rewrite(deflated, original, deflated.len().checked_sub(1)?)?;
    verified(reblocked, original)
}

/// The stream with other blocks, in at most `room` bytes.
pub(super) fn rewrite(deflated: &[u8], original: &[u8], room: usize) -> Option<Vec<u8>> {
    let mut writer = Writer::new(room);
    let part = Part::of(tokens_of(deflated)?);
    part.write(original, true, &mut writer)?;
    writer.finish()
}
