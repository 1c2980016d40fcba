//! The keys by which clients recognise this server.

use std::convert::Infallible;

use hearth_core::RandomSource;
use rand::{TryCryptoRng, TryRng};
use russh::keys::{
    Algorithm, EcdsaCurve, HashAlg, PrivateKey,
    ssh_key::{self, LineEnding},
};

/// A private key of the server.
#[derive(Clone)]
pub struct HostKey(PrivateKey);

/// The kinds of keys that a server has: a client picks one that it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKeyKind {
    Ed25519,
    Ecdsa,
}

/// A text that is no private key, or one with a password.
#[derive(Debug, thiserror::Error)]
#[error("not an OpenSSH private key without a password")]
pub struct BadHostKey(#[source] ssh_key::Error);

impl HostKeyKind {
    pub const ALL: [Self; 2] = [Self::Ed25519, Self::Ecdsa];

    /// In the name of the key's file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Ecdsa => "ecdsa",
        }
    }
}

/// Random bytes for the library that makes keys.
struct Random<'a>(&'a dyn RandomSource);

impl TryRng for Random<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.0.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.0.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Random<'_> {}

impl HostKey {
    /// A new key from these random bytes.
    pub fn make(kind: HostKeyKind, random: &dyn RandomSource) -> Result<Self, BadHostKey> {
        let algorithm = match kind {
            HostKeyKind::Ed25519 => Algorithm::Ed25519,
            HostKeyKind::Ecdsa => Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        };
        PrivateKey::random(&mut Random(random), algorithm).map(Self).map_err(BadHostKey)
    }

    /// From the text of [`HostKey::to_text`], or of `ssh-keygen`.
    pub fn parse(text: &str) -> Result<Self, BadHostKey> {
        let key = PrivateKey::from_openssh(text).map_err(BadHostKey)?;
        if key.is_encrypted() { Err(BadHostKey(ssh_key::Error::Encrypted)) } else { Ok(Self(key)) }
    }

    /// As `ssh-keygen` writes a private key.
    pub fn to_text(&self) -> Result<String, BadHostKey> {
        Ok(self.0.to_openssh(LineEnding::LF).map_err(BadHostKey)?.to_string())
    }

    /// As `ssh` shows it at the first connection: `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    pub(crate) fn into_key(self) -> PrivateKey {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::SystemRandomSource;

    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        for kind in HostKeyKind::ALL {
            let key = HostKey::make(kind, &SystemRandomSource).unwrap();
            let again = HostKey::parse(&key.to_text().unwrap()).unwrap();
            assert_eq!(again.fingerprint(), key.fingerprint());
            assert!(key.fingerprint().starts_with("SHA256:"));
        }
        assert!(HostKey::parse("ssh-ed25519 AAAA").is_err());
    }
}
