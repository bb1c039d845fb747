//! An estimate of the size of coded symbols, without the codes.
//!
//! It uses integers, so that the result is the same on every machine. Logarithms in floating point
//! are not, and the same inputs must give the same zip.

/// One bit in the fixed-point unit of this module.
pub(crate) const BIT: u64 = 1 << 16;

/// The number of bits of the numbers in the tables.
const KNOWN_BITS: u32 = 12;
const KNOWN: usize = 1 << KNOWN_BITS;

/// The logarithms to base 2; that of 0 is 0.
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

/// Computes a logarithm digit by digit: the square of a number has twice its logarithm.
const fn logarithm(number: u64) -> u32 {
    /// The number 1 with as many binary places as a square has room for.
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

/// Each number times its logarithm.
static WEIGHED: [u32; KNOWN] = {
    let mut weighed = LOGARITHMS;
    let mut number = 0;
    while number < 1 << KNOWN_BITS {
        weighed[number as usize] *= number;
        number += 1;
    }
    weighed
};

/// The logarithm to base 2, in units of 1/[`BIT`]; that of 0 is 0.
#[inline]
pub(crate) fn log2(n: u32) -> u64 {
    match LOGARITHMS.get(n as usize) {
        Some(logarithm) => u64::from(*logarithm),
        None => large_log2(n),
    }
}

/// Interpolates between two logarithms in the table.
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

/// The size of symbols with these counts in an ideal code, in units of 1/[`BIT`] bit.
#[inline]
pub(crate) fn entropy(counts: &[u32]) -> u64 {
    let weighed = |n: u32| match WEIGHED.get(n as usize) {
        Some(weighed) => u64::from(*weighed),
        None => u64::from(n) * large_log2(n),
    };
    let total = counts.iter().sum();
    let saved: u64 = counts.iter().map(|&count| weighed(count)).sum();
    // For a single symbol, rounding may give a negative number.
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
    fn logarithms_are_precise_to_a_ten_thousandth_of_a_bit() {
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
    fn equally_frequent_symbols_take_the_bits_of_their_number() {
        assert_eq!(entropy(&[7; 16]), 7 * 16 * 4 * BIT);
        assert_eq!(entropy(&[0, 9, 0]), 0);
        assert_eq!(entropy(&[]), 0);
    }
}
