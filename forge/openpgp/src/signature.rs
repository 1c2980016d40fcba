//! Signature packets (RFC 9580, 5.2).

use crate::{
    Seconds,
    bytes::Bytes,
    hash::{BadHash, Hash},
    key::{Fingerprint, PublicKey, SignatureNumbers, Version},
    packet,
};

/// What a signature is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The bytes of a document.
    Document,
    /// A document whose line ends were changed first, which git never asks for.
    Text,
    /// A person's name and address.
    UserId,
    /// A subkey, by the primary key.
    Subkey,
    /// A primary key, by its subkey.
    PrimaryKey,
    /// A key itself.
    Key,
    RevokesKey,
    RevokesSubkey,
    RevokesUserId,
    Other,
}

impl About {
    const fn of(number: u8) -> Self {
        match number {
            0x00 => Self::Document,
            0x01 => Self::Text,
            0x10..=0x13 => Self::UserId,
            0x18 => Self::Subkey,
            0x19 => Self::PrimaryKey,
            0x1f => Self::Key,
            0x20 => Self::RevokesKey,
            0x28 => Self::RevokesSubkey,
            0x30 => Self::RevokesUserId,
            _ => Self::Other,
        }
    }
}

/// A signature, and what it says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Signature<'data> {
    version: Version,
    pub(crate) about: About,
    algorithm: u8,
    pub(crate) hash: Result<Hash, BadHash>,
    /// From the version to the last of what is signed along.
    hashed: &'data [u8],
    salt: &'data [u8],
    numbers: SignatureNumbers<'data>,
    pub(crate) said: Said<'data>,
}

/// What the subpackets say. Only those that are signed along count, but for the hints at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said<'data> {
    pub(crate) created: Option<Seconds>,
    /// Seconds from its creation.
    pub(crate) expires_after: Option<Seconds>,
    /// Seconds from the key's creation.
    pub(crate) key_expires_after: Option<Seconds>,
    pub(crate) key_flags: Option<u8>,
    pub(crate) revocation_reason: Option<u8>,
    /// It demands to be understood, and is not.
    pub(crate) is_beyond_us: bool,
    /// Hints, which need not be signed: whoever changes them finds another key or none, never a wrong one.
    pub(crate) issuer: Option<Fingerprint>,
    pub(crate) issuer_id: Option<&'data [u8]>,
    pub(crate) embedded: Option<&'data [u8]>,
}

impl<'data> Signature<'data> {
    /// From the content of a packet. None if it is malformed or of an unknown kind.
    pub(crate) fn read(body: &'data [u8]) -> Option<Self> {
        let mut bytes = Bytes::new(body);
        let version = match bytes.octet()? {
            4 => Version::Four,
            6 => Version::Six,
            _ => return None,
        };
        let about = About::of(bytes.octet()?);
        let algorithm = bytes.octet()?;
        let hash = Hash::of(bytes.octet()?);
        let is_long = version == Version::Six;
        let mut said = Said::default();
        said.read(bytes.counted(is_long)?, true)?;
        let hashed = body.get(..body.len() - bytes.rest().len())?;
        said.read(bytes.counted(is_long)?, false)?;
        // The beginning of the digest, for a quick guess. The signature is checked anyway.
        bytes.two()?;
        let salt = match version {
            Version::Four => &[],
            Version::Six => {
                let length = usize::from(bytes.octet()?);
                bytes.take(length)?
            }
        };
        let numbers = read_numbers(algorithm, &mut bytes)?;
        bytes.is_empty().then_some(Self { version, about, algorithm, hash, hashed, salt, numbers, said })
    }

    /// Whether it was made over these parts with this key.
    pub(crate) fn fits(&self, key: &PublicKey<'_>, parts: &[&[u8]]) -> bool {
        let Ok(hash) = self.hash else { return false };
        let (number, salt_bytes) = match self.version {
            Version::Four => (4, 0),
            Version::Six => (6, hash.salt_bytes()),
        };
        let Ok(length) = u32::try_from(self.hashed.len()) else { return false };
        if key.version != self.version || self.salt.len() != salt_bytes || self.said.is_beyond_us {
            return false;
        }
        let parts = parts.concat();
        let message = [self.salt, &parts, self.hashed, &[number, 0xff], &length.to_be_bytes()].concat();
        key.has_signed(self.algorithm, hash, &message, self.numbers)
    }

    /// Whether it says that it is of this key, or does not say of which.
    pub(crate) fn may_be_of(&self, fingerprint: &Fingerprint) -> bool {
        match (&self.said.issuer, self.said.issuer_id) {
            (Some(issuer), _) => issuer == fingerprint,
            (None, Some(id)) => data_encoding::HEXUPPER.encode(id) == fingerprint.key_id(),
            (None, None) => true,
        }
    }

    /// Whether it holds at this time by what it says of itself.
    pub(crate) fn holds_at(&self, time: Seconds) -> bool {
        let Some(created) = self.said.created else { return false };
        created <= time && self.said.expires_after.is_none_or(|after| time < created + after)
    }
}

fn read_numbers<'data>(algorithm: u8, bytes: &mut Bytes<'data>) -> Option<SignatureNumbers<'data>> {
    Some(match algorithm {
        1 | 3 => SignatureNumbers::One(bytes.number()?),
        19 | 22 => SignatureNumbers::Two(bytes.number()?, bytes.number()?),
        27 => SignatureNumbers::Fixed(bytes.take(64)?),
        _ => return None,
    })
}

impl<'data> Said<'data> {
    fn read(&mut self, area: &'data [u8], is_signed: bool) -> Option<()> {
        let mut bytes = Bytes::new(area);
        while !bytes.is_empty() {
            let length = packet::length(&mut bytes, 255)?;
            let mut body = Bytes::new(bytes.take(length)?);
            let kind = body.octet()?;
            self.note(kind & 0x7f, kind & 0x80 != 0, body, is_signed)?;
        }
        Some(())
    }

    fn note(&mut self, kind: u8, is_critical: bool, mut body: Bytes<'data>, is_signed: bool) -> Option<()> {
        let mut seconds = || body.four().map(Seconds::from).filter(|_| body.is_empty());
        // No end is written as zero seconds.
        let mut span = || seconds().map(|seconds| Some(seconds).filter(|seconds| *seconds != 0));
        match (kind, is_signed) {
            (2, true) => self.created = Some(seconds()?),
            (3, true) => self.expires_after = span()?,
            (9, true) => self.key_expires_after = span()?,
            (27, true) => self.key_flags = Some(body.octet().unwrap_or(0)),
            (29, true) => self.revocation_reason = Some(body.octet()?),
            (16, _) => self.issuer_id = Some(Some(body.rest()).filter(|id| id.len() == 8)?),
            (33, _) => {
                let _version = body.octet()?;
                self.issuer = Some(Fingerprint::new(body.rest()));
            }
            (32, _) => self.embedded = Some(body.rest()),
            // Preferences, servers, notes, who else may revoke, whose it is: nothing that is decided by here.
            (11 | 20..=26 | 28 | 30 | 34 | 35 | 39, true) if kind != 20 || !is_critical => {}
            (_, true) => self.is_beyond_us |= is_critical,
            (_, false) => {}
        }
        Some(())
    }
}
