//! Certificates: a primary key, the names that it claims, its subkeys, and the signatures that hold them together.

mod judge;
mod parts;

use crate::{
    Seconds, armor,
    hash::BadHash,
    key::{BadKey, Fingerprint, PublicKey},
    packet::{Tag, packets},
    signature::{About, Signature},
};
use judge::Judge;
use parts::Part;

const KIND: &str = "PGP PUBLIC KEY BLOCK";
/// Longer texts are no certificate of one person: a key with RSA and ten names takes 10 KiB.
const MOST_BYTES: usize = 128 * 1024;
/// Of the flags of a key: it may sign documents.
const SIGNS: u8 = 0x02;

/// A certificate whose parts are proven to belong together. Names are what its owner wrote: nobody has checked them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Of its primary key.
    pub fingerprint: Fingerprint,
    pub created: Seconds,
    /// When the primary key ends, and everything with it.
    pub expires: Option<Seconds>,
    pub revoked: Option<Revocation>,
    /// As `Mei <mei@example.org>`.
    pub user_ids: Vec<String>,
    /// The keys that may sign documents: the primary key, subkeys that confirmed that they belong to it, or both.
    pub keys: Vec<SigningKey>,
    bytes: Vec<u8>,
}

/// A key that may sign documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    pub fingerprint: Fingerprint,
    pub created: Seconds,
    /// The first moment at which it holds no longer.
    pub expires: Option<Seconds>,
    pub revoked: Option<Revocation>,
    body: Vec<u8>,
}

/// A key that its owner has taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It was replaced or is no longer used: what was signed before still stands.
    Since(Seconds),
    /// Somebody else may have it, or no reason was given: nothing that it signed stands.
    Compromised,
}

/// Why a text is not accepted as a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    #[error("not one OpenPGP public key")]
    Unreadable,
    #[error("a private key")]
    Private,
    #[error("several keys")]
    Several,
    #[error("too large")]
    TooLarge,
    #[error("a kind of key that is not known")]
    Algorithm,
    #[error("an RSA key below 2,048 bits")]
    Weak,
    #[error("held together by SHA-1 or weaker")]
    WeakDigest,
    #[error("its own signature is missing or wrong")]
    Unbound,
    #[error("no key in it may sign")]
    NoSigningKey,
}

impl From<BadKey> for BadCertificate {
    fn from(bad: BadKey) -> Self {
        match bad {
            BadKey::Malformed => Self::Unreadable,
            BadKey::Unknown => Self::Algorithm,
            BadKey::Weak => Self::Weak,
        }
    }
}

impl Certificate {
    /// Reads what `gpg --armor --export` prints for one key.
    pub fn read(text: &str, now: Seconds) -> Result<Self, BadCertificate> {
        if text.contains("PRIVATE KEY BLOCK") {
            return Err(BadCertificate::Private);
        }
        if text.len() > MOST_BYTES {
            return Err(BadCertificate::TooLarge);
        }
        let bytes = armor::decode(text, KIND).ok_or(BadCertificate::Unreadable)?;
        Self::of_bytes(bytes, now)
    }

    /// The armour, as [`Certificate::read`] takes it.
    pub fn armor(&self) -> String {
        armor::encode(&self.bytes, KIND)
    }

    /// The addresses in its names, as its owner wrote them: nobody has checked them.
    pub fn addresses(&self) -> Vec<&str> {
        let names = self.user_ids.iter();
        names
            .filter_map(|name| name.strip_suffix('>')?.rsplit_once('<'))
            .map(|(_, address)| address)
            .collect()
    }

    fn of_bytes(bytes: Vec<u8>, now: Seconds) -> Result<Self, BadCertificate> {
        let packets = packets(&bytes).ok_or(BadCertificate::Unreadable)?;
        let parts = parts::cut(&packets)?;
        let (first, others) = parts.split_first().ok_or(BadCertificate::Unreadable)?;
        let key = PublicKey::read(first.body)?;
        let judge = Judge::new(&key, now);
        let Some(primary) = Primary::of(&judge, first, others) else {
            let is_weak = parts.iter().any(|part| judge.has_weak_signature(part));
            return Err(if is_weak { BadCertificate::WeakDigest } else { BadCertificate::Unbound });
        };
        let expires = primary.expires;
        let revoked = judge.revocation(&first.signatures, About::RevokesKey, &[&judge.framed]);
        let mut keys = Vec::new();
        if primary.may_sign {
            keys.push(SigningKey {
                fingerprint: judge.fingerprint.clone(),
                created: key.created,
                expires,
                revoked,
                body: first.body.to_vec(),
            });
        }
        let subkeys = others.iter().filter(|part| part.tag == Tag::PublicSubkey);
        for mut subkey in subkeys.filter_map(|part| subkey(&judge, part)) {
            subkey.expires = [subkey.expires, expires].into_iter().flatten().min();
            subkey.revoked = worse(subkey.revoked, revoked);
            keys.push(subkey);
        }
        if keys.is_empty() {
            return Err(BadCertificate::NoSigningKey);
        }
        let (fingerprint, created) = (judge.fingerprint.clone(), key.created);
        let user_ids = primary.user_ids;
        Ok(Self { fingerprint, created, expires, revoked, user_ids, keys, bytes })
    }
}

impl SigningKey {
    pub(crate) fn public_key(&self) -> Option<PublicKey<'_>> {
        PublicKey::read(&self.body).ok()
    }
}

/// What a primary key says of itself.
struct Primary {
    expires: Option<Seconds>,
    may_sign: bool,
    user_ids: Vec<String>,
}

impl Primary {
    /// None if nothing that it says holds.
    fn of(judge: &Judge<'_>, first: &Part<'_>, others: &[Part<'_>]) -> Option<Self> {
        let direct = judge.newest(&first.signatures, About::Key, &[&judge.framed]);
        let mut said: Vec<&Signature<'_>> = direct.into_iter().collect();
        let mut user_ids = Vec::new();
        for part in others.iter().filter(|part| part.tag == Tag::UserId) {
            let Some(signature) = judge.name(part) else { continue };
            said.push(signature);
            user_ids.extend(std::str::from_utf8(part.body).ok().map(str::to_owned));
        }
        let newest = said.into_iter().max_by_key(|signature| signature.said.created)?;
        Some(Self {
            expires: newest.said.key_expires_after.map(|after| judge.key.created + after),
            may_sign: newest.said.key_flags.is_none_or(|flags| flags & SIGNS != 0),
            user_ids,
        })
    }
}

/// A subkey that may sign. The primary key has to say so, and the subkey has to agree: otherwise anybody could claim a
/// stranger's key, and with it what the stranger signed.
fn subkey(judge: &Judge<'_>, part: &Part<'_>) -> Option<SigningKey> {
    let key = PublicKey::read(part.body).ok()?;
    let framed = key.framed();
    let parts = [&judge.framed[..], &framed];
    let binding = judge.newest(&part.signatures, About::Subkey, &parts)?;
    if binding.said.key_flags.is_none_or(|flags| flags & SIGNS == 0) {
        return None;
    }
    let back = Signature::read(binding.said.embedded?)?;
    if back.about != About::PrimaryKey
        || !back.holds_at(judge.now)
        || !judge.spend(|| back.fits(&key, &parts))
    {
        return None;
    }
    Some(SigningKey {
        fingerprint: key.fingerprint(),
        created: key.created,
        expires: binding.said.key_expires_after.map(|after| key.created + after),
        revoked: judge.revocation(&part.signatures, About::RevokesSubkey, &parts),
        body: part.body.to_vec(),
    })
}

fn worse(one: Option<Revocation>, other: Option<Revocation>) -> Option<Revocation> {
    match (one, other) {
        (Some(Revocation::Compromised), _) | (_, Some(Revocation::Compromised)) => {
            Some(Revocation::Compromised)
        }
        (Some(Revocation::Since(one)), Some(Revocation::Since(other))) => {
            Some(Revocation::Since(one.min(other)))
        }
        (found, None) | (None, found) => found,
    }
}

const fn is_weak(signature: &Signature<'_>) -> bool {
    matches!(signature.hash, Err(BadHash::Weak))
}
