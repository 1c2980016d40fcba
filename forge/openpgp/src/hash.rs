//! The digests that signatures are made over.

use ring::digest::{self, Algorithm, Digest, SHA256, SHA384, SHA512};

/// A digest that still proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// Why a digest is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadHash {
    /// Others can find a second text with the same digest: MD5, SHA-1, RIPEMD.
    Weak,
    Unknown,
}

impl Hash {
    /// By its number (RFC 9580, 9.5).
    pub(crate) const fn of(number: u8) -> Result<Self, BadHash> {
        match number {
            8 => Ok(Self::Sha256),
            9 => Ok(Self::Sha384),
            10 => Ok(Self::Sha512),
            1..=3 => Err(BadHash::Weak),
            _ => Err(BadHash::Unknown),
        }
    }

    pub(crate) fn digest(self, message: &[u8]) -> Digest {
        let algorithm: &'static Algorithm = match self {
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
            Self::Sha512 => &SHA512,
        };
        digest::digest(algorithm, message)
    }

    /// The bytes of the salt that a signature of version 6 begins with.
    pub(crate) const fn salt_bytes(self) -> usize {
        match self {
            Self::Sha256 => 16,
            Self::Sha384 => 24,
            Self::Sha512 => 32,
        }
    }
}
