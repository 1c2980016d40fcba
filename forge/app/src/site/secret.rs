//! Secrets that Hearth generates: long enough for a plain hash to protect them.

use data_encoding::HEXLOWER;
use hearth_core::RandomSource;
use sha2::{Digest as _, Sha256};

/// 160 random bits as 40 lowercase hex characters.
pub(crate) fn make(random: &dyn RandomSource) -> String {
    HEXLOWER.encode(&random.bytes::<20>())
}

/// The hash to store.
pub(crate) fn hash(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// Whether it has the form of a secret: anything else is not looked up.
pub(crate) fn is_possible(secret: &str) -> bool {
    secret.len() == 40 && secret.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
