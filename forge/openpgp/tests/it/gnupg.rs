use std::time::{SystemTime, UNIX_EPOCH};

use hearth_openpgp::{BadCertificate, BadSignature, Certificate, DetachedSignature, Seconds, Verdict};

use crate::keyring::Keyring;

const NAME: &str = "Mei <mei@example.org>";
const DAY: Seconds = 24 * 60 * 60;

fn now() -> Seconds {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

#[test]
fn what_gpg_signs_with_every_kind_of_key_is_good() {
    for kind in ["ed25519", "rsa2048", "nistp256", "nistp384", "nistp521"] {
        let Some(keyring) = Keyring::new() else { return };
        keyring.make(NAME, kind, "never").unwrap_or_else(|| panic!("gpg makes {kind}"));
        let certificate = Certificate::read(&keyring.export(NAME), now()).expect(kind);
        assert_eq!(certificate.user_ids, [NAME]);
        for digest in ["SHA256", "SHA384", "SHA512"] {
            let Some(armor) = keyring.sign(NAME, b"a commit", &["--digest-algo", digest]) else { continue };
            let signature =
                DetachedSignature::read(&armor).unwrap_or_else(|bad| panic!("{kind} {digest}: {bad}"));
            assert!(signature.issuer().is(&certificate.fingerprint));
            let check = |message| signature.check(&certificate, message, now());
            if (kind, digest) != ("nistp521", "SHA256") {
                assert_eq!(check(b"a commit"), Verdict::Good, "{kind} {digest}");
            }
            assert_eq!(check(b"another"), Verdict::Mismatch, "{kind} {digest}");
        }
        let again = Certificate::read(&certificate.armor(), now()).expect("its own armour");
        assert_eq!(again, certificate);
    }
}

#[test]
fn a_subkey_signs_and_a_key_that_only_certifies_does_not() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.gpg(&["--quick-generate-key", NAME, "ed25519", "cert", "never"]).expect("a key");
    let alone = Certificate::read(&keyring.export(NAME), now());
    assert_eq!(alone, Err(BadCertificate::NoSigningKey));
    let listed = keyring.gpg(&["--with-colons", "--list-keys"]).expect("a list");
    let fingerprint =
        listed.lines().find_map(|line| line.strip_prefix("fpr:::::::::")).expect("a fingerprint");
    let fingerprint = fingerprint.trim_end_matches(':');
    keyring.gpg(&["--quick-add-key", fingerprint, "ed25519", "sign", "2y"]).expect("a subkey");
    let certificate = Certificate::read(&keyring.export(NAME), now()).expect("a good certificate");
    assert_eq!(certificate.fingerprint.to_string(), fingerprint);
    assert_eq!(certificate.keys.len(), 1);
    assert!(certificate.keys[0].expires.is_some() && certificate.expires.is_none());
    let armor = keyring.sign(NAME, b"a commit", &[]).expect("a signature");
    let signature = DetachedSignature::read(&armor).expect("a good one");
    assert_eq!(signature.check(&certificate, b"a commit", now()), Verdict::Good);
    assert_eq!(signature.check(&certificate, b"a commit", now() + 3 * 365 * DAY), Verdict::Expired);
}

#[test]
fn a_digest_that_others_can_forge_is_refused() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "rsa2048", "never").expect("a key");
    let weak = ["--digest-algo", "SHA1", "--allow-weak-digest-algos"];
    let Some(armor) = keyring.sign(NAME, b"a commit", &weak) else {
        hearth_skip::skip("this gpg does not sign over SHA-1");
        return;
    };
    assert_eq!(DetachedSignature::read(&armor), Err(BadSignature::WeakDigest));
}

#[test]
fn a_revoked_key_proves_nothing_any_more() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "ed25519", "never").expect("a key");
    let before = Certificate::read(&keyring.export(NAME), now()).expect("a good certificate");
    let armor = keyring.sign(NAME, b"a commit", &[]).expect("a signature");
    let signature = DetachedSignature::read(&armor).expect("a good one");
    let folder = keyring.path().join("openpgp-revocs.d").join(format!("{}.rev", before.fingerprint));
    let text = std::fs::read_to_string(&folder).expect("gpg keeps a revocation");
    std::fs::write(&folder, text.replace(":-----BEGIN", "-----BEGIN")).expect("it is written");
    keyring.gpg(&["--import", folder.to_str().expect("text")]).expect("it is imported");
    let revoked = Certificate::read(&keyring.export(NAME), now()).expect("still a certificate");
    assert_eq!(signature.check(&before, b"a commit", now()), Verdict::Good);
    assert_eq!(signature.check(&revoked, b"a commit", now()), Verdict::Compromised);
}

#[test]
fn a_signature_for_the_line_ends_of_another_machine_is_not_guessed_at() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "ed25519", "never").expect("a key");
    let armor = keyring.sign(NAME, b"a commit\n", &["--textmode"]).expect("a signature");
    assert_eq!(DetachedSignature::read(&armor), Err(BadSignature::Unknown));
}
