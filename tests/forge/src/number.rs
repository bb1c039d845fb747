//! Little-endian numbers, as both formats have them.

pub(crate) fn put16(bytes: &mut Vec<u8>, values: &[u16]) {
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

pub(crate) fn put32(bytes: &mut Vec<u8>, values: &[u32]) {
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

pub(crate) fn put64(bytes: &mut Vec<u8>, values: &[u64]) {
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

pub(crate) fn half(value: impl TryInto<u16>) -> u16 {
    value.try_into().ok().expect("fits in 16 bits")
}

pub(crate) fn word(value: impl TryInto<u32>) -> u32 {
    value.try_into().ok().expect("fits in 32 bits")
}
