//! Signatures by SSH keys, as OpenSSH's `PROTOCOL.sshsig` describes them.

use data_encoding::{BASE64, BASE64_NOPAD};
use ring::digest::{self, SHA256, SHA512};

use super::{
    Checked, SignatureKind,
    key::{Fields, PublicKey},
};

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
/// What git signs in. A signature made for another purpose proves nothing here.
const NAMESPACE: &[u8] = b"git";

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// Checks the signature in an armour. Nothing may stand beside it: git would check another one.
pub(super) fn check(armor: &str, message: &[u8]) -> Checked {
    let inside = armor.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    let Some(inside) = inside else { return Checked::Bad };
    let lines = inside.lines().map(str::trim);
    let Ok(blob) = BASE64.decode(lines.collect::<String>().as_bytes()) else { return Checked::Bad };
    read(&blob, message).unwrap_or(Checked::Bad)
}

/// None if it is not well-formed.
fn read(blob: &[u8], message: &[u8]) -> Option<Checked> {
    let mut fields = Fields::new(blob.strip_prefix(MAGIC)?);
    if fields.number()? != VERSION {
        return Some(Checked::Unknown(SignatureKind::Ssh));
    }
    let (key, namespace) = (fields.text()?, fields.text()?);
    let (reserved, hash) = (fields.text()?, fields.text()?);
    let signature = fields.text()?;
    if namespace != NAMESPACE || !fields.is_empty() {
        return Some(Checked::Bad);
    }
    let hashed = match hash {
        b"sha256" => digest::digest(&SHA256, message),
        b"sha512" => digest::digest(&SHA512, message),
        _ => return Some(Checked::Unknown(SignatureKind::Ssh)),
    };
    let mut signed = MAGIC.to_vec();
    for part in [namespace, reserved, hash, hashed.as_ref()] {
        signed.extend(u32::try_from(part.len()).ok()?.to_be_bytes());
        signed.extend(part);
    }
    let Some(public) = PublicKey::read(key) else { return Some(Checked::Unknown(SignatureKind::Ssh)) };
    if !public.has_signed(&signed, signature) {
        return Some(Checked::Bad);
    }
    let fingerprint = format!("SHA256:{}", BASE64_NOPAD.encode(digest::digest(&SHA256, key).as_ref()));
    Some(Checked::Ssh { fingerprint })
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, process::Command};

    use proptest::prelude::*;

    use super::*;

    /// The signature of a message by a new key of this kind, and the key's fingerprint. None if the machine's
    /// `ssh-keygen` does not make such keys.
    fn signed(kind: &[&str], message: &[u8], namespace: &str) -> Option<(String, String)> {
        let folder = tempfile::tempdir().expect("a folder");
        let (key, file) = (folder.path().join("key"), folder.path().join("message"));
        let run = |arguments: &[&str]| {
            Command::new("ssh-keygen").args(arguments).current_dir(folder.path()).output().ok()
        };
        let made = run(&[&["-q", "-N", "", "-f", "key", "-t"], kind].concat())?;
        if !made.status.success() || !key.exists() {
            return None;
        }
        std::fs::File::create(&file).expect("a file").write_all(message).expect("it is written");
        run(&["-Y", "sign", "-f", "key", "-n", namespace, "message"])?;
        let listed = String::from_utf8(run(&["-l", "-f", "key.pub"])?.stdout).expect("text");
        let fingerprint = listed.split(' ').nth(1)?.to_owned();
        Some((std::fs::read_to_string(folder.path().join("message.sig")).ok()?, fingerprint))
    }

    #[test]
    fn signatures_that_ssh_keygen_makes_are_checked() {
        for kind in
            [&["ed25519"][..], &["rsa", "-b", "3072"], &["ecdsa", "-b", "256"], &["ecdsa", "-b", "384"]]
        {
            let Some((armour, fingerprint)) = signed(kind, b"a commit", "git") else {
                hearth_skip::skip("ssh-keygen makes no such key");
                return;
            };
            assert_eq!(check(&armour, b"a commit"), Checked::Ssh { fingerprint }, "{kind:?}");
            assert_eq!(check(&armour, b"another commit"), Checked::Bad, "{kind:?}");
        }
    }

    #[test]
    fn a_signature_for_another_purpose_proves_nothing() {
        let Some((armour, _)) = signed(&["ed25519"], b"a commit", "file") else {
            hearth_skip::skip("there is no ssh-keygen");
            return;
        };
        assert_eq!(check(&armour, b"a commit"), Checked::Bad);
    }

    #[test]
    fn a_signature_cut_anywhere_or_with_any_byte_changed_is_not_good() {
        let Some((armour, _)) = signed(&["ed25519"], b"a commit", "git") else {
            hearth_skip::skip("there is no ssh-keygen");
            return;
        };
        let lines = armour.lines().filter(|line| !line.starts_with("-----"));
        let blob = BASE64.decode(lines.collect::<String>().as_bytes()).expect("base 64");
        let is_good = |blob: &[u8]| matches!(read(blob, b"a commit"), Some(Checked::Ssh { .. }));
        assert!(is_good(&blob));
        for at in 0..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 1;
            assert!(!is_good(&blob[..at]) && !is_good(&changed), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn no_made_up_signature_counts(mut blob in prop::collection::vec(any::<u8>(), 0..120), begins in any::<bool>()) {
            if begins {
                blob.splice(0..0, [MAGIC, &VERSION.to_be_bytes()].concat()).for_each(drop);
            }
            let armor = format!("{BEGIN}\n{}\n{END}\n", BASE64.encode(&blob));
            prop_assert!(matches!(check(&armor, b"message"), Checked::Bad | Checked::Unknown(_)));
        }
    }
}
