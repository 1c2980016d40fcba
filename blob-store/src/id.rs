use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// The SHA-256 of an object: 64 lowercase hex characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId(String);

impl BlobId {
    /// `None` unless it is exactly 64 lowercase hex characters.
    pub fn parse(text: &str) -> Option<Self> {
        let is_good = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_good.then(|| Self(text.to_owned()))
    }

    /// The id of the hashed bytes.
    pub(crate) fn of(hasher: Sha256) -> Self {
        Self(HEXLOWER.encode(&hasher.finalize()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `ab/cd/{hash}`: its path under the root of a store. It is the same in a folder and in a bucket, so
    /// that objects can be copied from one to the other by any program.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}/{}", &self.0[..2], &self.0[2..4], self.0)
    }
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: BlobId,
    pub size_bytes: u64,
}

/// What the sender promised; a mismatch is rejected and leaves nothing behind.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    pub id: Option<BlobId>,
    pub size_bytes: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_lowercase_hex_characters_are_an_id() {
        for bad in ["", "ABC", &"g".repeat(64), &"A".repeat(64), &"0".repeat(63), "../../../../etc/passwd"] {
            assert_eq!(BlobId::parse(bad), None, "{bad}");
        }
    }
}
