//! Telling data that deflate makes no smaller before all of it was tried: images, archives, models.

use libdeflater::{CompressionLvl, Compressor};

use crate::archive::Level;

/// Where the level is higher, size counts for more than time.
const HASTY: u8 = 6;

/// Less than this is tried as a whole.
const LARGE: usize = 512 * 1024;

/// How many samples are tried at the most, of how many bytes, and how far they are apart at least.
const SAMPLES: usize = 64;
const SAMPLE: usize = 8 * 1024;
const DISTANCE: usize = 128 * 1024;

/// What is to be shrunk by a fiftieth at least is shrunk somewhat by the fastest level too.
const FASTEST: i32 = 1;

/// Whether to deflate `data` would take time and gain next to nothing: none of the samples, which
/// are spread evenly over it, shrinks by a fiftieth.
pub(crate) fn is_incompressible(data: &[u8], level: Level) -> bool {
    if level.number() > HASTY || data.len() < LARGE {
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

    /// xorshift64: bytes without any pattern that deflate could find.
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
    fn noise_is_told_by_samples_of_all_its_parts() {
        let mut data = noise(2 * LARGE);
        assert!(is_incompressible(&data, level(6)));
        data[LARGE..LARGE + LARGE / 8].fill(b' ');
        assert!(!is_incompressible(&data, level(6)));
    }

    #[test]
    fn where_size_counts_or_there_is_little_everything_is_tried() {
        assert!(!is_incompressible(&noise(2 * LARGE), level(9)));
        assert!(!is_incompressible(&noise(LARGE - 1), level(6)));
    }
}
