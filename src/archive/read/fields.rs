//! A cursor over little-endian numbers, and the list of extra fields.

/// The bytes of a record that have not been read yet. Missing bytes read as zero, so the caller has
/// to check the length of the record first.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    fn number(&mut self, count: usize) -> u64 {
        let mut number = [0; 8];
        let bytes = self.bytes(count);
        number[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(number)
    }

    #[expect(clippy::cast_possible_truncation, reason = "two bytes were read")]
    pub(super) fn u16(&mut self) -> u16 {
        self.number(2) as u16
    }

    #[expect(clippy::cast_possible_truncation, reason = "four bytes were read")]
    pub(super) fn u32(&mut self) -> u32 {
        self.number(4) as u32
    }

    pub(super) fn u64(&mut self) -> u64 {
        self.number(8)
    }

    pub(super) fn skip(&mut self, count: usize) -> &mut Self {
        self.bytes(count);
        self
    }
}

/// The extra fields of an entry, with their tags. The last one is cut off if it declares more bytes
/// than there are.
pub(super) fn extra_fields(extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut fields = Fields(extra);
    std::iter::from_fn(move || {
        (fields.0.len() >= 4).then(|| {
            let (tag, length) = (fields.u16(), fields.u16());
            (tag, fields.bytes(length.into()))
        })
    })
}

/// True if each extra field has as many bytes as it declares. Fewer than four bytes at the end are
/// padding.
pub(super) fn are_whole(mut extra: &[u8]) -> bool {
    while extra.len() >= 4 {
        let length = usize::from(Fields(extra).skip(2).u16());
        match extra[4..].get(length..) {
            Some(rest) => extra = rest,
            None => return false,
        }
    }
    true
}
