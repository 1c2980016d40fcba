//! Signatures that stand beside what was signed.

use std::fmt;

use data_encoding::HEXUPPER;

use crate::{
    Certificate, Fingerprint, Revocation, Seconds, SigningKey, armor,
    hash::BadHash,
    packet::{Tag, packets},
    signature::{About, Signature},
};

const KIND: &str = "PGP SIGNATURE";
/// Longer texts are no signature: one of RSA with 8,192 bits takes 2 KiB.
const MOST_BYTES: usize = 16 * 1024;
/// The clock of whoever signed may be this much ahead.
const MOST_SECONDS_AHEAD: Seconds = 24 * 60 * 60;

/// A well-formed signature of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetachedSignature {
    bytes: Vec<u8>,
    issuer: Issuer,
    created: Seconds,
}

/// The key that a signature says it is of. Only [`DetachedSignature::check`] proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issuer {
    Fingerprint(Fingerprint),
    /// Eight bytes as hexadecimal digits.
    KeyId(String),
}

/// Why a text is not accepted as a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// Also several signatures: other programs may look at another one.
    #[error("not one signature")]
    Malformed,
    #[error("made over MD5, SHA-1 or RIPEMD")]
    WeakDigest,
    #[error("a kind of signature that is not known")]
    Unknown,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The key holds to this day.
    Good,
    /// The key held when it signed, as it says itself, and its time is over since.
    Expired,
    /// The key held when it signed, as it says itself, and was revoked since.
    Revoked,
    /// Somebody else may have had the key.
    Compromised,
    /// The key did not hold when it signed.
    Untimely,
    /// The key has not signed this.
    Mismatch,
}

impl fmt::Display for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fingerprint(fingerprint) => fingerprint.fmt(formatter),
            Self::KeyId(id) => formatter.write_str(id),
        }
    }
}

impl Issuer {
    /// Whether it means this key.
    pub fn is(&self, fingerprint: &Fingerprint) -> bool {
        match self {
            Self::Fingerprint(issuer) => issuer == fingerprint,
            Self::KeyId(id) => *id == fingerprint.key_id(),
        }
    }

    pub fn key_id(&self) -> String {
        match self {
            Self::Fingerprint(fingerprint) => fingerprint.key_id(),
            Self::KeyId(id) => id.clone(),
        }
    }
}

impl DetachedSignature {
    /// Reads the armour that `gpg --armor --detach-sign` prints.
    pub fn read(text: &str) -> Result<Self, BadSignature> {
        if text.len() > MOST_BYTES {
            return Err(BadSignature::Malformed);
        }
        let bytes = armor::decode(text, KIND).ok_or(BadSignature::Malformed)?;
        let found = only_signature(&bytes)?;
        let said = &found.said;
        let issuer = match (&said.issuer, said.issuer_id) {
            (Some(fingerprint), _) => Issuer::Fingerprint(fingerprint.clone()),
            (None, Some(id)) => Issuer::KeyId(HEXUPPER.encode(id)),
            (None, None) => return Err(BadSignature::Malformed),
        };
        let created = said.created.ok_or(BadSignature::Malformed)?;
        Ok(Self { bytes, issuer, created })
    }

    pub const fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Checks it with a key of a certificate: the one that the signature names.
    pub fn check(&self, certificate: &Certificate, message: &[u8], now: Seconds) -> Verdict {
        let key = certificate.keys.iter().find(|key| self.issuer.is(&key.fingerprint));
        key.map_or(Verdict::Mismatch, |key| self.check_with(key, message, now))
    }

    fn check_with(&self, key: &SigningKey, message: &[u8], now: Seconds) -> Verdict {
        let (Ok(signature), Some(public)) = (only_signature(&self.bytes), key.public_key()) else {
            return Verdict::Mismatch;
        };
        if !signature.fits(&public, &[message]) {
            return Verdict::Mismatch;
        }
        let is_over_at = |time| key.expires.is_some_and(|expires| expires <= time);
        let is_over = !signature.holds_at(now.max(self.created)) || is_over_at(now);
        match key.revoked {
            Some(Revocation::Compromised) => Verdict::Compromised,
            _ if self.created < key.created || self.created > now + MOST_SECONDS_AHEAD => Verdict::Untimely,
            _ if is_over_at(self.created) => Verdict::Untimely,
            Some(Revocation::Since(since)) if since <= self.created => Verdict::Untimely,
            Some(Revocation::Since(_)) => Verdict::Revoked,
            None if is_over => Verdict::Expired,
            None => Verdict::Good,
        }
    }
}

fn only_signature(bytes: &[u8]) -> Result<Signature<'_>, BadSignature> {
    let packets = packets(bytes).ok_or(BadSignature::Malformed)?;
    let [packet] = packets[..] else { return Err(BadSignature::Malformed) };
    if packet.tag != Tag::Signature {
        return Err(BadSignature::Malformed);
    }
    let signature = Signature::read(packet.body).ok_or(BadSignature::Unknown)?;
    match signature.hash {
        Err(BadHash::Weak) => Err(BadSignature::WeakDigest),
        Err(BadHash::Unknown) => Err(BadSignature::Unknown),
        Ok(_) if signature.about != About::Document => Err(BadSignature::Unknown),
        Ok(_) => Ok(signature),
    }
}
