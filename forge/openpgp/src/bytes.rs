//! A cursor over bytes that others wrote.

/// What has not been read yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bytes<'data>(&'data [u8]);

impl<'data> Bytes<'data> {
    pub(crate) const fn new(data: &'data [u8]) -> Self {
        Self(data)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is left.
    pub(crate) const fn rest(&self) -> &'data [u8] {
        self.0
    }

    /// None if there are fewer.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'data [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn octet(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn two(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    pub(crate) fn four(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// As many bytes as the number before them says, which takes four bytes or two.
    pub(crate) fn counted(&mut self, is_long: bool) -> Option<&'data [u8]> {
        let count = if is_long { usize::try_from(self.four()?).ok()? } else { usize::from(self.two()?) };
        self.take(count)
    }

    /// A number of any size without leading zeros: its bits, then its bytes (RFC 9580, 3.2).
    pub(crate) fn number(&mut self) -> Option<&'data [u8]> {
        let bits = usize::from(self.two()?);
        let bytes = self.take(bits.div_ceil(8))?;
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        Some(&bytes[start..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_their_leading_zeros_and_nothing_is_read_past_the_end() {
        let mut bytes = Bytes::new(&[0, 9, 1, 0xff, 0, 3, 5]);
        assert_eq!(bytes.number(), Some(&[1, 0xff][..]));
        assert_eq!(bytes.number(), Some(&[5][..]));
        assert_eq!(bytes.number(), None);
        assert!(bytes.is_empty());
    }
}
