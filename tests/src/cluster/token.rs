//! What the container that brings an agent finds in its pod: the configuration, and the token sealed with the
//! owner's key.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use data_encoding::BASE64;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde_json::Value;

/// The value of an environment variable of the container that brings the agent.
pub fn told<'a>(pod: &'a Value, name: &str) -> Option<&'a str> {
    let variables = pod["spec"]["initContainers"][0]["env"].as_array()?;
    variables.iter().find(|variable| variable["name"] == name)?["value"].as_str()
}

/// The keys of owners, by namespace: fetched once, as a kubelet keeps what pods have mounted.
#[derive(Default)]
pub(crate) struct Keys(Mutex<HashMap<String, Vec<u8>>>);

impl Keys {
    pub(crate) fn find(&self, namespace: &str, ask: impl FnOnce() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(namespace) {
            known.insert(namespace.to_owned(), ask()?);
        }
        known.get(namespace).cloned()
    }
}

/// The token of an attempt.
pub(crate) fn open(key: &[u8], attempt: &str, sealed: &str) -> Option<String> {
    let mut bytes = BASE64.decode(sealed.as_bytes()).ok()?;
    let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let cipher = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).ok()?);
    let token = cipher.open_in_place(nonce, Aad::from(attempt), sealed).ok()?;
    String::from_utf8(token.to_vec()).ok()
}
