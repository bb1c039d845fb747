//! Choices that a seed decides.

use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

pub(super) struct Random(TestRng);

impl Random {
    pub(super) fn new(seed: u32) -> Self {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// True once in `times` times.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of `list`, which is not empty.
    pub(super) fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// Each element of `list` once in `times` times.
    pub(super) fn some<T: Clone>(&mut self, list: &[T], times: usize) -> Vec<T> {
        let chosen = list.iter().filter(|_| self.one_in(times));
        chosen.cloned().collect()
    }
}
