//! Detection of data that deflate hardly shrinks, such as images, archives and models.

use libdeflater::{CompressionLvl, Compressor};

use crate::archive::compression::Level;

/// The highest level with this detection: above it, size matters more than time.
const HIGHEST_LEVEL: u8 = 6;

/// Data with fewer bytes is always compressed.
const LARGE: usize = 512 * 1024;

/// The largest number of samples, the size of a sample, and the least distance between them in
/// bytes.
const SAMPLES: usize = 64;
const SAMPLE: usize = 8 * 1024;
const DISTANCE: usize = 128 * 1024;

/// The level for samples: the fastest one also shrinks compressible data by a fiftieth.
const FASTEST: i32 = 1;

/// True if deflate would hardly shrink `data`: none of the samples, which are spread evenly over
/// it, shrinks by a fiftieth.
pub(crate) fn is_incompressible(data: &[u8], level: Level) -> bool {
    if level.number() > HIGHEST_LEVEL || data.len() < LARGE {
        return false;
    }
    let Ok(fastest) = CompressionLvl::new(FASTEST) else {
        return false;
    };
    let mut compressor = Compressor::new(fastest);
    let mut room = [0; SAMPLE - SAMPLE / 50];
    let distance = DISTANCE.max(data.len() / SAMPLES);
    data.chunks_exact(distance).all(|part| {
        compressor
            .deflate_compress(&part[..SAMPLE], &mut room)
            .is_err()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Compression;

    fn level(number: u8) -> Level {
        Compression::Level(number).level(0)
    }

    /// Pseudo-random bytes from xorshift64, without patterns for deflate.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    #[test]
    fn samples_cover_all_of_the_data() {
        let mut data = noise(2 * LARGE);
        assert!(is_incompressible(&data, level(6)));
        data[LARGE..LARGE + LARGE / 8].fill(b' ');
        assert!(!is_incompressible(&data, level(6)));
    }

    #[test]
    fn high_levels_and_small_data_are_always_compressed() {
        assert!(!is_incompressible(&noise(2 * LARGE), level(9)));
        assert!(!is_incompressible(&noise(LARGE - 1), level(6)));
    }
}
