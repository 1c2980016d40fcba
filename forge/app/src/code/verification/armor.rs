//! What kind of signature a text is.

use hearth_git::Signed;
use hearth_openpgp::{BadSignature, DetachedSignature};

use super::{SignatureKind, ssh};

/// What can be said without knowing anybody's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    /// It was made with the SSH key of this fingerprint, `SHA256:…` as `ssh-keygen -l` prints it.
    Ssh {
        fingerprint: String,
    },
    /// Whether it is good depends on the key that it names, which is not in it.
    OpenPgp {
        signature: DetachedSignature,
        payload: Vec<u8>,
    },
    /// It was made over a digest that others can forge.
    WeakDigest,
    Bad,
    Unknown(SignatureKind),
}

impl Checked {
    pub(super) fn of(signed: Signed) -> Self {
        let armor = signed.signature.trim();
        let begins = |kind: &str| armor.starts_with(&format!("-----BEGIN {kind}-----"));
        if begins("SSH SIGNATURE") {
            return ssh::check(armor, &signed.payload);
        }
        if begins("PGP SIGNATURE") {
            return match DetachedSignature::read(armor) {
                Ok(signature) => Self::OpenPgp { signature, payload: signed.payload },
                Err(BadSignature::Malformed) => Self::Bad,
                Err(BadSignature::WeakDigest) => Self::WeakDigest,
                Err(BadSignature::Unknown) => Self::Unknown(SignatureKind::OpenPgp),
            };
        }
        Self::Unknown(if begins("PGP MESSAGE") {
            SignatureKind::OpenPgp
        } else if begins("SIGNED MESSAGE") {
            SignatureKind::Certificate
        } else {
            SignatureKind::Other
        })
    }
}
