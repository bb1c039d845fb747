//! The encryption that zips have had since PKZIP 2: section 6.1 of APPNOTE.

/// The compressed `data` of an entry whose contents have the checksum `crc`, encrypted. Other
/// programs put random bytes before it, and a reader without the password takes one of 256 for
/// right. Here, these bytes are always the same.
pub(super) fn encrypt(data: &[u8], crc: u32, password: &[u8]) -> Vec<u8> {
    let mut keys = Keys([0x1234_5678, 0x2345_6789, 0x3456_7890]);
    for byte in password {
        keys.update(*byte);
    }
    let [.., check] = crc.to_le_bytes();
    let header = [b"eleven byte".as_slice(), &[check]].concat();
    let plain = header.iter().chain(data);
    plain.map(|byte| keys.encrypt(*byte)).collect()
}

struct Keys([u32; 3]);

impl Keys {
    fn update(&mut self, byte: u8) {
        let [first, second, third] = &mut self.0;
        *first = crc_of_byte(*first, byte);
        *second = second
            .wrapping_add(*first & 0xff)
            .wrapping_mul(134_775_813)
            .wrapping_add(1);
        *third = crc_of_byte(*third, second.to_be_bytes()[0]);
    }

    fn encrypt(&mut self, byte: u8) -> u8 {
        let mixed = (self.0[2] | 2) & 0xffff;
        let [_, key, ..] = mixed.wrapping_mul(mixed ^ 1).to_le_bytes();
        self.update(byte);
        byte ^ key
    }
}

/// A step of CRC-32, without the inversions before and after.
fn crc_of_byte(crc: u32, byte: u8) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(!crc);
    hasher.update(&[byte]);
    !hasher.finalize()
}
