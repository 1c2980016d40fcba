//! Seals tokens that are stored where more people may look than may know them, with a key stored elsewhere.
//!
//! ChaCha20-Poly1305 (RFC 8439). The attempt's name is authenticated with the token, so it opens only under
//! that name. As text: base64 of the nonce (12 bytes), the ciphertext and the tag (16 bytes).

use data_encoding::BASE64;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::Secret;

pub(crate) const KEY_BYTES: usize = 32;

/// Seals and opens the tokens of one owner's attempts.
#[derive(Clone)]
pub(crate) struct SealKey([u8; KEY_BYTES]);

impl SealKey {
    pub(crate) const fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// `None` if these bytes are not a key.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// For the Secret that carries it, and nothing else.
    pub(crate) const fn expose(&self) -> &[u8] {
        &self.0
    }

    /// `nonce` is random: no two tokens may share one.
    pub(crate) fn seal(&self, nonce: [u8; NONCE_LEN], attempt: &str, token: &Secret) -> String {
        let mut sealed = token.expose().as_bytes().to_vec();
        self.cipher()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(attempt), &mut sealed)
            .expect("a token is shorter than the 256 GiB that one nonce is good for");
        BASE64.encode(&[&nonce, sealed.as_slice()].concat())
    }

    /// `None` if it was sealed with another key, for another attempt, or not at all.
    pub(crate) fn open(&self, attempt: &str, sealed: &str) -> Option<Secret> {
        let mut bytes = BASE64.decode(sealed.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let token = self.cipher().open_in_place(nonce, Aad::from(attempt), sealed).ok()?;
        Some(Secret::new(str::from_utf8(token).ok()?))
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.0);
        LessSafeKey::new(key.expect("the key has the length that the cipher requires"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: SealKey = SealKey::new([7; KEY_BYTES]);

    #[test]
    fn a_token_opens_with_its_key_under_its_name_alone() {
        let sealed = KEY.seal([1; NONCE_LEN], "hearth-7-1", &Secret::new("a-token"));
        assert!(!sealed.contains("token"));
        assert!(KEY.open("hearth-7-1", &sealed).is_some_and(|token| token.expose() == "a-token"));
        assert!(KEY.open("hearth-7-2", &sealed).is_none());
        assert!(SealKey::new([8; KEY_BYTES]).open("hearth-7-1", &sealed).is_none());
    }

    #[test]
    fn what_was_changed_or_never_sealed_does_not_open() {
        let sealed = KEY.seal([1; NONCE_LEN], "hearth-7-1", &Secret::new("a-token"));
        for broken in
            [sealed.replace(&sealed[20..22], "AA"), sealed[..16].to_owned(), "!".into(), String::new()]
        {
            assert!(KEY.open("hearth-7-1", &broken).is_none(), "{broken:?}");
        }
    }

    #[test]
    fn two_nonces_make_two_texts() {
        let seal = |nonce| KEY.seal([nonce; NONCE_LEN], "hearth-7-1", &Secret::new("a-token"));
        assert_ne!(seal(1), seal(2));
    }
}
