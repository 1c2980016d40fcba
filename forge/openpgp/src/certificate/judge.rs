//! Which signatures in a certificate its primary key made.

use std::cell::Cell;

use super::{Revocation, is_weak, parts::Part};
use crate::{
    Seconds,
    key::{Fingerprint, PublicKey},
    signature::{About, Signature},
};

/// As many signatures of one certificate are checked: a few for each name and subkey. A certificate that needs more is
/// held together by nothing.
const MOST_CHECKS: u32 = 300;
/// Reasons of a revocation after which older signatures stand: superseded, retired (RFC 9580, 5.2.3.31).
const HARMLESS_REASONS: [u8; 2] = [1, 3];

/// Checks with a primary key.
pub(super) struct Judge<'key> {
    pub(super) key: &'key PublicKey<'key>,
    pub(super) framed: Vec<u8>,
    pub(super) fingerprint: Fingerprint,
    pub(super) now: Seconds,
    checks_left: Cell<u32>,
}

impl<'key> Judge<'key> {
    pub(super) fn new(key: &'key PublicKey<'key>, now: Seconds) -> Self {
        let (framed, fingerprint) = (key.framed(), key.fingerprint());
        Self { key, framed, fingerprint, now, checks_left: Cell::new(MOST_CHECKS) }
    }

    /// One check out of those that are left; `false` if none is.
    pub(super) fn spend(&self, check: impl FnOnce() -> bool) -> bool {
        let left = self.checks_left.get();
        self.checks_left.set(left.saturating_sub(1));
        left > 0 && check()
    }

    fn has_made(&self, signature: &Signature<'_>, about: About, parts: &[&[u8]]) -> bool {
        signature.about == about
            && signature.may_be_of(&self.fingerprint)
            && self.spend(|| signature.fits(self.key, parts))
    }

    /// The newest signature about something that the key made and that holds.
    pub(super) fn newest<'a, 'data>(
        &self,
        signatures: &'a [Signature<'data>],
        about: About,
        parts: &[&[u8]],
    ) -> Option<&'a Signature<'data>> {
        let holding = signatures.iter().filter(|signature| signature.holds_at(self.now));
        holding
            .filter(|signature| self.has_made(signature, about, parts))
            .max_by_key(|signature| signature.said.created)
    }

    /// The newest signature about a name, unless the name was taken back since.
    pub(super) fn name<'a, 'data>(&self, part: &'a Part<'data>) -> Option<&'a Signature<'data>> {
        let length = u32::try_from(part.body.len()).ok()?.to_be_bytes();
        let name = [&[0xb4], &length[..], part.body].concat();
        let parts = [&self.framed[..], &name];
        let newest = self.newest(&part.signatures, About::UserId, &parts)?;
        let taken_back = self.newest(&part.signatures, About::RevokesUserId, &parts);
        taken_back.is_none_or(|taken_back| taken_back.said.created < newest.said.created).then_some(newest)
    }

    /// A revocation holds for good, whatever was signed after it. Of several, the worst holds.
    pub(super) fn revocation(
        &self,
        signatures: &[Signature<'_>],
        about: About,
        parts: &[&[u8]],
    ) -> Option<Revocation> {
        let made = signatures.iter().filter(|signature| self.has_made(signature, about, parts));
        let found = made.map(|signature| match (signature.said.revocation_reason, signature.said.created) {
            (Some(reason), Some(created)) if HARMLESS_REASONS.contains(&reason) => Revocation::Since(created),
            _ => Revocation::Compromised,
        });
        found.fold(None, |known, next| super::worse(known, Some(next)))
    }

    /// Whether the key's own signature is there, but made over a digest that proves nothing.
    pub(super) fn has_weak_signature(&self, part: &Part<'_>) -> bool {
        part.signatures.iter().any(|signature| signature.may_be_of(&self.fingerprint) && is_weak(signature))
    }
}
