//! Which cryptography is spoken: what is strong today, and nothing that is kept for old clients.

use std::{borrow::Cow, sync::Arc, time::Duration};

use russh::{
    Limits, MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex,
    keys::{Algorithm, EcdsaCurve, HashAlg, PublicKey},
    mac,
    server::Config,
};

use crate::{HostKey, SshSettings};

const LEAST_RSA_BITS: usize = 3072;
/// A signed key that is refused is answered after this time, whatever the reason: it does not show what was looked up.
const REFUSED_AFTER: Duration = Duration::from_millis(250);
/// Messages of a client that wait until its command takes them.
const WAITING_MESSAGES: usize = 32;
/// As OpenSSH sends them.
const PACKET_BYTES: u32 = 32 << 10;

const KEX: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::ECDH_SHA2_NISTP384,
    kex::DH_G16_SHA512,
    kex::EXTENSION_SUPPORT_AS_SERVER,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
];
const CIPHERS: &[cipher::Name] = &[
    cipher::CHACHA20_POLY1305,
    cipher::AES_256_GCM,
    cipher::AES_128_GCM,
    cipher::AES_256_CTR,
    cipher::AES_128_CTR,
];
const MACS: &[mac::Name] = &[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM];
const SIGNATURES: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::SkEd25519,
    Algorithm::SkEcdsaSha2NistP256,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
    Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
];

/// What the library is told for every connection.
pub(crate) fn config(settings: &SshSettings, keys: Vec<HostKey>) -> Arc<Config> {
    Arc::new(Config {
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-Hearth")),
        methods: MethodSet::from(&[MethodKind::PublicKey][..]),
        auth_rejection_time: REFUSED_AFTER,
        // The first question of every client, which only asks for the methods.
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: keys.into_iter().map(HostKey::into_key).collect(),
        limits: Limits::new(settings.rekey_bytes, settings.rekey_bytes, settings.rekey),
        window_size: settings.window_bytes,
        maximum_packet_size: PACKET_BYTES,
        channel_buffer_size: WAITING_MESSAGES,
        preferred: Preferred {
            kex: Cow::Borrowed(KEX),
            key: Cow::Borrowed(SIGNATURES),
            cipher: Cow::Borrowed(CIPHERS),
            mac: Cow::Borrowed(MACS),
            // Packs and large files are compressed already.
            compression: Cow::Borrowed(&[compression::NONE]),
            ..Preferred::DEFAULT
        },
        max_auth_attempts: settings.login_attempts,
        inactivity_timeout: Some(settings.idle),
        ..Config::default()
    })
}

/// Whether a key may be used: a kind of [`SIGNATURES`], and of RSA none that is short, as when it is added.
pub(crate) fn is_accepted(key: &PublicKey, algorithm: &Algorithm) -> bool {
    let is_long = key.key_data().rsa().is_none_or(|rsa| rsa.key_size() as usize >= LEAST_RSA_BITS);
    is_long && SIGNATURES.contains(algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_old_is_spoken() {
        let names = KEX.iter().map(AsRef::<str>::as_ref).chain(CIPHERS.iter().map(AsRef::as_ref));
        for name in names.chain(MACS.iter().map(AsRef::as_ref)) {
            let name: &str = name;
            for old in ["sha1", "cbc", "group1-", "group14", "md5", "3des", "none"] {
                assert!(!name.contains(old), "{name}");
            }
        }
    }

    #[test]
    fn sha_1_is_no_signature() {
        let key =
            HostKey::make(crate::HostKeyKind::Ed25519, &hearth_core::SystemRandomSource).unwrap().into_key();
        assert!(is_accepted(key.public_key(), &Algorithm::Ed25519));
        assert!(!is_accepted(key.public_key(), &Algorithm::Rsa { hash: None }));
        assert!(!is_accepted(key.public_key(), &Algorithm::Dsa));
    }
}
