//! How much of one file is in another, by the measure of git: the bytes of lines that both have, order aside, as a
//! share of the larger file. A longer line counts in pieces of 64 bytes, and a carriage return before a line break
//! counts for nothing in a text. Versions of git before 2.44 left out a last line without a line break; here it counts.

use crate::diff::is_binary;

/// Every byte of the larger file is in the smaller.
pub(crate) const WHOLE: u64 = 60_000;
/// From here on two files count as one that was renamed: half.
pub(crate) const LEAST: u64 = WHOLE / 2;
/// From here on two files of the same unique name are paired without comparing them with others.
pub(crate) const LEAST_OF_SAME_NAME: u64 = LEAST + (WHOLE - LEAST) / 2;

const LONGEST_PIECE: u32 = 64;
const BUCKETS: u32 = 107_927;

/// The pieces of one file: how many bytes fall into each bucket, by bucket.
#[derive(Debug, Clone)]
pub(crate) struct Pieces {
    bytes: u64,
    counts: Vec<(u32, u64)>,
}

impl Pieces {
    /// The pieces of a content.
    pub(crate) fn cut(data: &[u8]) -> Self {
        let is_text = !is_binary(data);
        let mut counts = Vec::new();
        let (mut low, mut high, mut length) = (0_u32, 0_u32, 0_u32);
        let mut bytes = data.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if is_text && byte == b'\r' && bytes.peek() == Some(&b'\n') {
                continue;
            }
            let before = low;
            low = ((low << 7) ^ (high >> 25)).wrapping_add(u32::from(byte));
            high = (high << 7) ^ (before >> 25);
            length += 1;
            if length == LONGEST_PIECE || byte == b'\n' || bytes.peek().is_none() {
                let bucket = low.wrapping_add(high.wrapping_mul(0x61)) % BUCKETS;
                counts.push((bucket, u64::from(length)));
                (low, high, length) = (0, 0, 0);
            }
        }
        counts.sort_unstable();
        counts.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            kept.1 += if is_same { next.1 } else { 0 };
            is_same
        });
        Self { bytes: data.len() as u64, counts }
    }

    /// How many distinct pieces there are, each of which takes 16 bytes of memory.
    pub(crate) fn count(&self) -> usize {
        self.counts.len()
    }

    /// How similar two files are, from 0 to [`WHOLE`]; 0 if their sizes alone keep them below [`LEAST`].
    pub(crate) fn score(&self, other: &Self) -> u64 {
        let (larger, smaller) = (self.bytes.max(other.bytes), self.bytes.min(other.bytes));
        if larger == 0 || larger * (WHOLE - LEAST) < (larger - smaller) * WHOLE {
            return 0;
        }
        let mut shared = 0;
        let mut others = other.counts.iter().peekable();
        for (bucket, bytes) in &self.counts {
            while others.next_if(|(other, _)| other < bucket).is_some() {}
            if let Some((_, other)) = others.next_if(|(other, _)| other == bucket) {
                shared += bytes.min(other);
            }
        }
        shared * WHOLE / larger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(one: &str, other: &str) -> u64 {
        Pieces::cut(one.as_bytes()).score(&Pieces::cut(other.as_bytes()))
    }

    #[test]
    fn files_are_as_similar_as_the_lines_that_they_share() {
        assert_eq!(score("a\nb\n", "b\na\n"), WHOLE);
        assert_eq!(score("one line\ntwo line\n", "one line\nsix line\n"), WHOLE / 2);
        assert_eq!(score("a\r\nb\r\n", "a\nb\n"), WHOLE * 4 / 6);
        assert_eq!(score("a\n", "a\nb\nc\nd\n"), 0, "too different in size");
        assert_eq!(score("", ""), 0);
    }
}
