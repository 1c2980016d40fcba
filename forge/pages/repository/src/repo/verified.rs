//! The badge of a signed commit or tag. It says "verified" only of what was checked; otherwise what is known.

use hearth_app::verification::{Lapse, SignatureKind, Verification};
use hearth_core::urls;

use crate::{Page, words::Html};

/// The badge; none for what is not signed.
pub(crate) fn badge(page: &Page, verification: &Verification) -> Option<Html> {
    let (class, label) = match verification {
        Verification::Unsigned => return None,
        Verification::Verified { .. } => (" badge-good", t!(page, "repo-verified")),
        Verification::MadeHere { .. } => (" badge-good", t!(page, "repo-verified-here")),
        Verification::Bad | Verification::WeakDigest => (" badge-bad", t!(page, "repo-verified-bad")),
        Verification::Lapsed { lapse: Lapse::Expired | Lapse::Revoked, .. } => {
            ("", t!(page, "repo-verified-lapsed"))
        }
        Verification::Lapsed { lapse: Lapse::Compromised | Lapse::Untimely, .. } => {
            (" badge-bad", t!(page, "repo-verified-bad-key"))
        }
        Verification::OtherAddress { .. } | Verification::UnknownKey { .. } | Verification::Unchecked(_) => {
            ("", t!(page, "repo-verified-not"))
        }
    };
    let icon = if verification.is_verified() { icon!("shield") } else { icon!("key") };
    let (icon, label) = (icon.as_str(), Html::text(label));
    Some(Html::trusted(format!("<span class=\"badge{class}\">{icon}{label}</span>")))
}

/// Exactly what is known, in a sentence; empty for what is not signed.
pub(crate) fn details(page: &Page, verification: &Verification) -> Html {
    let person = |name: &str| Html::link(&urls::user(name), name);
    match verification {
        Verification::Unsigned => Html::text(""),
        Verification::Verified { signer, fingerprint } => {
            let (signer, key) = (person(signer), Html::code(fingerprint));
            rich!(page, "repo-verified-details", signer = signer, key = key)
        }
        Verification::MadeHere { fingerprint } => {
            rich!(page, "repo-verified-here-details", key = Html::code(fingerprint))
        }
        Verification::Lapsed { signer, fingerprint, lapse } => {
            let (signer, key) = (person(signer), Html::code(fingerprint));
            match lapse {
                Lapse::Expired => rich!(page, "repo-verified-expired", signer = signer, key = key),
                Lapse::Revoked => rich!(page, "repo-verified-revoked", signer = signer, key = key),
                Lapse::Compromised => {
                    rich!(page, "repo-verified-compromised", signer = signer, key = key)
                }
                Lapse::Untimely => rich!(page, "repo-verified-untimely", signer = signer, key = key),
            }
        }
        Verification::WeakDigest => Html::text(t!(page, "repo-verified-weak")),
        Verification::OtherAddress { signer, fingerprint } => {
            let (signer, key) = (person(signer), Html::code(fingerprint));
            rich!(page, "repo-verified-other-address", signer = signer, key = key)
        }
        Verification::UnknownKey { fingerprint } => {
            rich!(page, "repo-verified-unknown-key", key = Html::code(fingerprint))
        }
        Verification::Bad => Html::text(t!(page, "repo-verified-bad-details")),
        Verification::Unchecked(SignatureKind::OpenPgp) => Html::text(t!(page, "repo-verified-pgp")),
        Verification::Unchecked(SignatureKind::Certificate) => {
            Html::text(t!(page, "repo-verified-certificate"))
        }
        Verification::Unchecked(SignatureKind::Ssh | SignatureKind::Other) => {
            Html::text(t!(page, "repo-verified-unchecked"))
        }
    }
}
