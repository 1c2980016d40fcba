use hearth_openpgp::{BadCertificate, BadSignature, Certificate, DetachedSignature, Verdict};
use proptest::prelude::*;

use crate::keyring::Keyring;

const NAME: &str = "Mei <mei@example.org>";
/// In the year 2100: later than any key of these tests.
const NOW: u64 = 4_102_444_800;

fn armor(bytes: &[u8], kind: &str) -> String {
    let base64 = data_encoding::BASE64.encode(bytes);
    format!("-----BEGIN {kind}-----\n\n{base64}\n-----END {kind}-----\n")
}

fn bytes(armor: &str) -> Vec<u8> {
    let lines = armor.lines().skip(1).filter(|line| !line.starts_with(['-', '=']));
    data_encoding::BASE64.decode(lines.collect::<String>().trim().as_bytes()).expect("Base64")
}

proptest! {
    #[test]
    fn nothing_that_is_read_breaks_the_reader(content in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Certificate::read(&armor(&content, "PGP PUBLIC KEY BLOCK"), NOW);
        let _ = DetachedSignature::read(&armor(&content, "PGP SIGNATURE"));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC*") {
        let _ = Certificate::read(&text, NOW);
        let _ = DetachedSignature::read(&text);
    }

    #[test]
    fn no_packet_breaks_the_reader(version in 3_u8..7, content in prop::collection::vec(any::<u8>(), 0..180)) {
        for tag in [2_u8, 6, 13, 14] {
            let length = u8::try_from(content.len() + 1).expect("a short packet");
            let packet = [&[0xc0 | tag, length, version], &content[..]].concat();
            let _ = Certificate::read(&armor(&packet, "PGP PUBLIC KEY BLOCK"), NOW);
            let _ = DetachedSignature::read(&armor(&packet, "PGP SIGNATURE"));
        }
    }
}

#[test]
fn a_signature_with_any_bit_changed_is_never_good() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "ed25519", "never").expect("a key");
    let certificate = Certificate::read(&keyring.export(NAME), NOW).expect("a good certificate");
    let signature = bytes(&keyring.sign(NAME, b"a commit", &[]).expect("a signature"));
    let is_good = |bytes: &[u8]| {
        DetachedSignature::read(&armor(bytes, "PGP SIGNATURE"))
            .is_ok_and(|signature| signature.check(&certificate, b"a commit", NOW) == Verdict::Good)
    };
    assert!(is_good(&signature));
    // Two bytes are a hint, not signed and not relied on, and so are the unsigned subpackets before them.
    let mut survivors = 0;
    for at in 0..signature.len() {
        let mut changed = signature.clone();
        changed[at] ^= 1;
        survivors += usize::from(is_good(&changed));
        assert!(!is_good(&signature[..at]), "cut at {at}");
    }
    assert!(survivors <= 14, "{survivors} changes went unnoticed");
}

#[test]
fn a_certificate_with_any_byte_changed_claims_nothing_new() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "ed25519", "never").expect("a key");
    let whole = bytes(&keyring.export(NAME));
    let good = Certificate::read(&armor(&whole, "PGP PUBLIC KEY BLOCK"), NOW).expect("a good certificate");
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        if let Ok(read) = Certificate::read(&armor(&changed, "PGP PUBLIC KEY BLOCK"), NOW) {
            assert_eq!(
                (read.fingerprint, read.user_ids, read.keys),
                (good.fingerprint.clone(), good.user_ids.clone(), good.keys.clone()),
                "byte {at}"
            );
        }
    }
}

#[test]
fn a_strangers_subkey_cannot_be_claimed() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "ed25519", "never").expect("a key");
    keyring.make("Eve <eve@example.org>", "ed25519", "never").expect("another key");
    let (mei, eve) = (bytes(&keyring.export(NAME)), bytes(&keyring.export("eve@example.org")));
    // Mei's key as a subkey of Eve's, with the signatures that Mei made: none of them says so.
    let mut subkey = mei.clone();
    assert_eq!(subkey[0] & 0xfc, 0x98, "an old packet of a public key");
    subkey[0] = (subkey[0] & 0x83) | (14 << 2);
    let end = 2 + usize::from(subkey[1]);
    let binding = &subkey[end..];
    let name_end = 2 + usize::from(binding[1]);
    let claimed = [&eve[..], &subkey[..end], &binding[name_end..]].concat();
    let read =
        Certificate::read(&armor(&claimed, "PGP PUBLIC KEY BLOCK"), NOW).expect("Eve's own part holds");
    assert_eq!(read.keys.len(), 1, "Eve's own key alone");
}

#[test]
fn several_of_anything_are_refused() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "ed25519", "never").expect("a key");
    let key = bytes(&keyring.export(NAME));
    let twice = armor(&[&key[..], &key].concat(), "PGP PUBLIC KEY BLOCK");
    assert_eq!(Certificate::read(&twice, NOW), Err(BadCertificate::Several));
    let text = keyring.sign(NAME, b"a commit", &[]).expect("a signature");
    let signature = bytes(&text);
    let twice = armor(&[&signature[..], &signature].concat(), "PGP SIGNATURE");
    assert_eq!(DetachedSignature::read(&twice), Err(BadSignature::Malformed));
    assert_eq!(DetachedSignature::read(&format!("{text}{text}")), Err(BadSignature::Malformed));
    assert_eq!(DetachedSignature::read(&format!("{text}more")), Err(BadSignature::Malformed));
}

#[test]
fn a_private_key_is_not_kept() {
    let Some(keyring) = Keyring::new() else { return };
    keyring.make(NAME, "ed25519", "never").expect("a key");
    let secret = keyring.gpg(&["--armor", "--export-secret-keys", NAME]).expect("gpg exports");
    assert_eq!(Certificate::read(&secret, NOW), Err(BadCertificate::Private));
    let disguised = armor(&bytes(&secret), "PGP PUBLIC KEY BLOCK");
    assert_eq!(Certificate::read(&disguised, NOW), Err(BadCertificate::Private));
}
