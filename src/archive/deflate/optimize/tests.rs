//! Streams from different compressors inflate to the same bytes after the second pass.

use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use libdeflater::{CompressionLvl, Compressor, Decompressor};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::pieces::{PIECE, deflate_in_pieces};
use super::reblock::{reblock, rewrite};

fn libdeflate(original: &[u8], level: i32) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::new(level).unwrap());
    let mut deflated = vec![0; compressor.deflate_compress_bound(original.len())];
    let length = compressor
        .deflate_compress(original, &mut deflated)
        .unwrap();
    deflated.truncate(length);
    deflated
}

/// Deflates with zlib, with empty blocks between pieces.
fn zlib(original: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::new(level));
    for piece in original.chunks(50_000) {
        encoder.write_all(piece).unwrap();
        encoder.flush().unwrap();
    }
    encoder.finish().unwrap()
}

/// Inflates with two independent libraries.
fn assert_inflates(deflated: &[u8], original: &[u8]) {
    let mut inflated = vec![0; original.len()];
    let length = Decompressor::new().deflate_decompress(deflated, &mut inflated);
    assert_eq!(length, Ok(original.len()));
    assert!(inflated == original);
    let mut inflated = Vec::new();
    DeflateDecoder::new(deflated)
        .read_to_end(&mut inflated)
        .unwrap();
    assert!(inflated == original);
}

/// Returns how much smaller the stream becomes.
fn assert_same(deflated: &[u8], original: &[u8]) -> usize {
    // With more room than is needed, so that no stream is refused.
    let room = 2 * deflated.len() + 2 * original.len() + 1000;
    let rewritten = rewrite(deflated, original, room).unwrap();
    assert_inflates(&rewritten, original);
    let Some(smaller) = reblock(deflated, original) else {
        assert!(rewritten.len() >= deflated.len());
        return 0;
    };
    assert!(smaller == rewritten);
    deflated.len() - smaller.len()
}

fn assert_same_of_all(original: &[u8]) {
    for level in [0, 1, 12] {
        assert_same(&libdeflate(original, level), original);
    }
    for level in [0, 1, 9] {
        assert_same(&zlib(original, level), original);
    }
}

/// Pseudo-random bytes from xorshift64, without patterns for deflate.
fn noise(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
}

/// Words, the frequent ones more often.
fn text(seed: u64) -> impl Iterator<Item = u8> {
    let mut numbers = noise(seed);
    let mut number = move || usize::from(numbers.next().unwrap_or_default());
    std::iter::repeat_with(move || {
        let index = number() * number() / 700;
        let word: String = noise(index as u64 * 77 + 5)
            .map(|byte| char::from(b'a' + byte % 26 * (byte % 3) / 2))
            .take(2 + index % 9)
            .collect();
        word + [" ", ", ", ".\n"][number() * number() / 22_000]
    })
    .flat_map(String::into_bytes)
}

/// Instructions of four bytes; some of their parts change more than others.
fn machine_code(seed: u64) -> impl Iterator<Item = u8> {
    let mut numbers = noise(seed);
    let mut number = move || numbers.next().unwrap_or_default();
    std::iter::repeat_with(move || {
        let operation = [0x48, 0x8b, 0xe8, 0x0f, 0x89, 0x66, 0xf9, 0xaa][usize::from(number() % 8)];
        [
            operation,
            number() % 32,
            number() & 0xc0,
            number() % operation,
        ]
    })
    .flatten()
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Noise,
    Text,
    MachineCode,
    Run,
    /// Bytes of the same few symbols.
    Few,
}

/// Data of different kinds, with some repetitions.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let kinds = select(vec![
        Kind::Noise,
        Kind::Text,
        Kind::MachineCode,
        Kind::Run,
        Kind::Few,
    ]);
    let length = prop_oneof![0..300_usize, 0..10_000_usize, 0..70_000_usize];
    let distance = prop_oneof![Just(1_usize), Just(32_768), 1..40_000_usize];
    let copy = (distance, 3..600_usize);
    vec((kinds, any::<u64>(), length, copy), 0..5).prop_map(|parts| {
        let mut data = Vec::new();
        for (kind, seed, length, (distance, copied)) in parts {
            match kind {
                Kind::Noise => data.extend(noise(seed).take(length)),
                Kind::Text => data.extend(text(seed).take(length)),
                Kind::MachineCode => data.extend(machine_code(seed).take(length)),
                Kind::Run => data.extend(std::iter::repeat_n(seed.to_le_bytes()[0], length)),
                Kind::Few => data.extend(noise(seed).map(|byte| byte & 7).take(length)),
            }
            for _ in 0..copied {
                let Some(start) = data.len().checked_sub(distance) else {
                    break;
                };
                data.push(data[start]);
            }
        }
        data
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn rewritten_streams_inflate_to_the_same(original in data()) {
        assert_same_of_all(&original);
    }

    #[test]
    fn a_damaged_stream_does_not_panic(
        original in data(),
        breaks in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut deflated = libdeflate(&original, 12);
        for (place, byte) in breaks {
            let place = place.index(deflated.len());
            deflated[place] = byte;
        }
        deflated.truncate(cut.index(2 * deflated.len()));
        if let Some(smaller) = reblock(&deflated, &original) {
            assert_inflates(&smaller, &original);
        }
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(reblock(&bytes, b"something else"), None);
    }
}

#[test]
fn extremes_inflate_to_the_same() {
    let far: Vec<u8> = noise(1).take(32_768).collect();
    let every_byte: Vec<u8> = (0..=255).collect();
    for original in [
        b"".as_slice(),
        b"x",
        b"xy",
        &b"x".repeat(258),
        &b"x".repeat(259 + 258),
        &b"x".repeat(100_000),
        // Matches of a single distance, the farthest.
        &far.repeat(3),
        &far[..300].repeat(100),
        // Each byte as often as all others.
        &every_byte,
        &every_byte.repeat(50),
        // Stored in more than one block.
        &noise(2).take(70_000).collect::<Vec<_>>(),
    ] {
        assert_same_of_all(original);
    }
}

#[test]
fn pieces_inflate_as_one_stream() {
    let whole = |bytes: &[u8]| Some(libdeflate(bytes, 12));
    // Words, whose repetitions go on from one piece to the next; and runs, whose matches do.
    for original in [
        text(7).take(2 * PIECE + PIECE / 2).collect::<Vec<u8>>(),
        b"x".repeat(PIECE + 1),
        b"xyz".repeat(PIECE),
        noise(5).map(|byte| byte & 7).take(PIECE + 2).collect(),
    ] {
        let deflated = deflate_in_pieces(&original, whole).unwrap();
        assert_inflates(&deflated, &original);
        let at_once = libdeflate(&original, 12);
        let at_once = reblock(&at_once, &original).unwrap_or(at_once);
        let most = at_once.len() + at_once.len() / 500 + 200;
        assert!(
            deflated.len() <= most,
            "{} > {}",
            deflated.len(),
            at_once.len()
        );
    }
}

#[test]
fn pieces_that_are_not_smaller_are_not_returned() {
    let whole = |bytes: &[u8]| Some(libdeflate(bytes, 12));
    for length in [0, 1, PIECE + 1] {
        let original: Vec<u8> = noise(6).take(length).collect();
        assert_eq!(deflate_in_pieces(&original, whole), None);
    }
    assert_eq!(deflate_in_pieces(b"failure", |_| None), None);
    let other = |_: &[u8]| Some(libdeflate(b"something else", 12));
    assert_eq!(deflate_in_pieces(&[0; 100], other), None);
}

#[test]
fn changing_data_becomes_smaller() {
    let mut original = Vec::new();
    for seed in 0..10 {
        original.extend(text(seed).take(30_000));
        original.extend(machine_code(seed).take(30_000));
    }
    let deflated = libdeflate(&original, 12);
    let saved = assert_same(&deflated, &original);
    assert!(saved * 1000 > deflated.len(), "{saved}");
}
