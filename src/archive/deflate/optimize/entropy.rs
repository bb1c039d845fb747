//! What codes would take, without making them.
//!
//! In whole numbers, whose results are the same on every machine, unlike those of logarithms in
//! floating point: a zip is a function of its inputs alone.

/// A bit, in the parts of it that are counted.
pub(crate) const BIT: u64 = 1 << 16;

/// The bits of the numbers whose logarithms are known.
const KNOWN_BITS: u32 = 12;
const KNOWN: usize = 1 << KNOWN_BITS;

/// Logarithms to the base of 2; 0 of 0.
static LOGARITHMS: [u32; KNOWN] = {
    let mut logarithms = [0; KNOWN];
    let mut number = 1;
    while number < KNOWN {
        logarithms[number] = if number % 2 == 0 {
            logarithms[number / 2] + (1 << BIT.ilog2())
        } else {
            logarithm(number as u64)
        };
        number += 1;
    }
    logarithms
};

/// Digit by digit: a number's square has twice its logarithm.
const fn logarithm(number: u64) -> u32 {
    /// One, with as many digits behind the point as have room when squared.
    const ONE: u64 = 1 << 31;
    let mut logarithm = number.ilog2();
    let mut rest = (number * ONE) >> logarithm;
    let mut digits = BIT.ilog2();
    while digits > 0 {
        digits -= 1;
        rest = (rest * rest) / ONE;
        logarithm <<= 1;
        if rest >= 2 * ONE {
            rest /= 2;
            logarithm += 1;
        }
    }
    logarithm
}

/// The same times the number, which is what is mostly asked for.
static WEIGHED: [u32; KNOWN] = {
    let mut weighed = LOGARITHMS;
    let mut number = 0;
    while number < 1 << KNOWN_BITS {
        weighed[number as usize] *= number;
        number += 1;
    }
    weighed
};

/// The logarithm to the base of 2; 0 of 0.
#[inline]
pub(crate) fn log2(n: u32) -> u64 {
    match LOGARITHMS.get(n as usize) {
        Some(logarithm) => u64::from(*logarithm),
        None => large_log2(n),
    }
}

/// On the line between the two that are known.
fn large_log2(n: u32) -> u64 {
    let shift = n.ilog2() + 1 - KNOWN_BITS;
    let index = (n >> shift) as usize;
    let below = u64::from(LOGARITHMS[index]);
    let above = match LOGARITHMS.get(index + 1) {
        Some(above) => u64::from(*above),
        None => BIT * u64::from(KNOWN_BITS),
    };
    let part = u64::from(n & ((1 << shift) - 1));
    below + BIT * u64::from(shift) + (((above - below) * part) >> shift)
}

/// What symbols would take in the best code of fractions of bits.
#[inline]
pub(crate) fn entropy(counts: &[u32]) -> u64 {
    let weighed = |n: u32| match WEIGHED.get(n as usize) {
        Some(weighed) => u64::from(*weighed),
        None => u64::from(n) * large_log2(n),
    };
    let total = counts.iter().sum();
    let saved: u64 = counts.iter().map(|&count| weighed(count)).sum();
    // Rounding may leave less than nothing of a single symbol.
    weighed(total).saturating_sub(saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(
        clippy::cast_precision_loss,
        reason = "more precise than what is compared"
    )]
    fn logarithms_are_right_to_a_ten_thousandth_of_a_bit() {
        for n in (1..5000).chain([99_999, 1 << 20, (1 << 24) - 1, u32::MAX]) {
            let logarithm = log2(n) as f64 / BIT as f64;
            assert!((f64::from(n).log2() - logarithm).abs() < 1e-4, "{n}");
        }
        assert_eq!(log2(0), 0);
    }

    #[test]
    fn logarithms_are_the_same_on_every_machine() {
        assert_eq!(
            [3, 4095, 5001, u32::MAX].map(log2),
            [103_872, 786_408, 805_306, 2_097_151]
        );
    }

    #[test]
    fn even_symbols_take_as_many_bits_as_number_them() {
        assert_eq!(entropy(&[7; 16]), 7 * 16 * 4 * BIT);
        assert_eq!(entropy(&[0, 9, 0]), 0);
        assert_eq!(entropy(&[]), 0);
    }
}
