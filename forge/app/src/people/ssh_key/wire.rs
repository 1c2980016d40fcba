//! The text and the bytes of a public key (RFC 4253, 5656, 8709): parsed strictly, and serialised afresh.

use data_encoding::{BASE64, BASE64_NOPAD};
use sha2::{Digest as _, Sha256};

/// Longer lines are not keys: RSA with 16384 bits takes 2.8 KiB.
const LONGEST: usize = 16 * 1024;
const LEAST_RSA_BITS: usize = 3072;
const MOST_RSA_BITS: usize = 16_384;

/// A parsed key, in the form in which it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    /// `ssh-ed25519 AAAA…`, without the comment.
    pub(crate) line: String,
    /// `SHA256:…`
    pub(crate) fingerprint: String,
    /// What followed the key, often `name@machine`.
    pub(crate) comment: String,
}

/// Why a text was refused; each has the code of a field error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadKey {
    Unreadable,
    Private,
    Algorithm,
    Weak,
    Lines,
}

impl BadKey {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "key-unreadable",
            Self::Private => "key-private",
            Self::Algorithm => "key-algorithm",
            Self::Weak => "key-weak",
            Self::Lines => "key-lines",
        }
    }
}

impl PublicKey {
    /// Parses one line in the format of `authorized_keys`, without options.
    pub(crate) fn parse(text: &str) -> Result<Self, BadKey> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") {
            return Err(BadKey::Private);
        }
        if text.len() > LONGEST {
            return Err(BadKey::Unreadable);
        }
        if text.contains(['\n', '\r']) {
            return Err(BadKey::Lines);
        }
        let mut words = text.split_ascii_whitespace();
        let (Some(algorithm), Some(base64)) = (words.next(), words.next()) else {
            return Err(BadKey::Unreadable);
        };
        let blob = BASE64.decode(base64.as_bytes()).or_else(|_| BASE64_NOPAD.decode(base64.as_bytes()));
        let blob = blob.map_err(|_| BadKey::Unreadable)?;
        check(algorithm, &blob)?;
        let comment: Vec<&str> = words.collect();
        Ok(Self {
            line: format!("{algorithm} {}", BASE64.encode(&blob)),
            fingerprint: fingerprint(&blob),
            comment: comment.join(" ").chars().filter(|c| !c.is_control()).collect(),
        })
    }
}

/// As `ssh-keygen -l` prints it.
fn fingerprint(blob: &[u8]) -> String {
    format!("SHA256:{}", BASE64_NOPAD.encode(&Sha256::digest(blob)))
}

/// Checks that the bytes are a complete, strong key of the algorithm that the line names.
fn check(algorithm: &str, blob: &[u8]) -> Result<(), BadKey> {
    let mut fields = Fields(blob);
    if fields.next()? != algorithm.as_bytes() {
        return Err(BadKey::Unreadable);
    }
    match algorithm {
        "ssh-ed25519" => fields.sized(32)?,
        "sk-ssh-ed25519@openssh.com" => {
            fields.sized(32)?;
            fields.application()?;
        }
        "ecdsa-sha2-nistp256" => fields.point("nistp256", 32)?,
        "ecdsa-sha2-nistp384" => fields.point("nistp384", 48)?,
        "ecdsa-sha2-nistp521" => fields.point("nistp521", 66)?,
        "sk-ecdsa-sha2-nistp256@openssh.com" => {
            fields.point("nistp256", 32)?;
            fields.application()?;
        }
        "ssh-rsa" => fields.rsa()?,
        _ => return Err(BadKey::Algorithm),
    }
    if fields.0.is_empty() { Ok(()) } else { Err(BadKey::Unreadable) }
}

/// Length-prefixed fields, one after another.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn next(&mut self) -> Result<&'a [u8], BadKey> {
        let (length, rest) = self.0.split_first_chunk::<4>().ok_or(BadKey::Unreadable)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| BadKey::Unreadable)?;
        let (field, rest) = rest.split_at_checked(length).ok_or(BadKey::Unreadable)?;
        self.0 = rest;
        Ok(field)
    }

    fn sized(&mut self, size: usize) -> Result<(), BadKey> {
        if self.next()?.len() == size { Ok(()) } else { Err(BadKey::Unreadable) }
    }

    /// What a hardware key was created for: printable, e.g. `ssh:`.
    fn application(&mut self) -> Result<(), BadKey> {
        let name = self.next()?;
        let is_plain = !name.is_empty() && name.len() <= 256 && name.iter().all(u8::is_ascii_graphic);
        if is_plain { Ok(()) } else { Err(BadKey::Unreadable) }
    }

    /// An uncompressed point on the curve.
    fn point(&mut self, curve: &str, size: usize) -> Result<(), BadKey> {
        if self.next()? != curve.as_bytes() {
            return Err(BadKey::Unreadable);
        }
        let point = self.next()?;
        if point.len() == 2 * size + 1 && point[0] == 4 { Ok(()) } else { Err(BadKey::Unreadable) }
    }

    fn rsa(&mut self) -> Result<(), BadKey> {
        let exponent = self.number()?;
        let modulus = self.number()?;
        let (Some(last), Some(first)) = (modulus.last(), modulus.first()) else {
            return Err(BadKey::Unreadable);
        };
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
        if exponent.len() > 8 || exponent == [1] || !is_odd(exponent) || last % 2 == 0 {
            return Err(BadKey::Weak);
        }
        let bits = modulus.len() * 8 - first.leading_zeros() as usize;
        match bits {
            ..LEAST_RSA_BITS => Err(BadKey::Weak),
            LEAST_RSA_BITS..=MOST_RSA_BITS => Ok(()),
            _ => Err(BadKey::Unreadable),
        }
    }

    /// A positive number in its shortest encoding, without the sign byte.
    fn number(&mut self) -> Result<&'a [u8], BadKey> {
        match self.next()? {
            [0, rest @ ..] if rest.first().is_some_and(|byte| byte & 0x80 != 0) => Ok(rest),
            [first, ..] if first & 0x80 != 0 || *first == 0 => Err(BadKey::Unreadable),
            [] => Err(BadKey::Unreadable),
            number => Ok(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn field(bytes: &[u8]) -> Vec<u8> {
        let mut field = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
        field.extend(bytes);
        field
    }

    fn line(algorithm: &str, fields: &[&[u8]]) -> String {
        let mut blob = field(algorithm.as_bytes());
        for bytes in fields {
            blob.extend(field(bytes));
        }
        format!("{algorithm} {}", BASE64.encode(&blob))
    }

    fn rsa(bytes: usize) -> String {
        let mut modulus = vec![0xff; bytes + 1];
        modulus[0] = 0;
        line("ssh-rsa", &[&[1, 0, 1], &modulus])
    }

    #[test]
    fn a_key_of_ssh_keygen_has_the_fingerprint_that_ssh_keygen_prints() {
        let text =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl github.com";
        let key = PublicKey::parse(text).unwrap();
        assert_eq!(key.fingerprint, "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
        assert_eq!(format!("{} {}", key.line, key.comment), text);
    }

    #[test]
    fn every_algorithm_of_today_is_read() {
        let point = |size: usize| [vec![4], vec![7; 2 * size]].concat();
        for text in [
            line("ssh-ed25519", &[&[7; 32]]),
            line("sk-ssh-ed25519@openssh.com", &[&[7; 32], b"ssh:"]),
            line("ecdsa-sha2-nistp256", &[b"nistp256", &point(32)]),
            line("ecdsa-sha2-nistp384", &[b"nistp384", &point(48)]),
            line("ecdsa-sha2-nistp521", &[b"nistp521", &point(66)]),
            line("sk-ecdsa-sha2-nistp256@openssh.com", &[b"nistp256", &point(32), b"ssh:"]),
            rsa(384),
        ] {
            let key = PublicKey::parse(&format!("  {text}   mei@laptop 二号 \n")).unwrap();
            assert_eq!((key.line, key.comment), (text, "mei@laptop 二号".to_owned()));
        }
    }

    #[test]
    fn weak_and_old_keys_are_refused() {
        assert_eq!(PublicKey::parse(&rsa(256)), Err(BadKey::Weak));
        assert_eq!(PublicKey::parse(&line("ssh-rsa", &[&[1], &[127; 400]])), Err(BadKey::Weak));
        assert_eq!(PublicKey::parse(&line("ssh-dss", &[&[7; 128]])), Err(BadKey::Algorithm));
        assert_eq!(
            PublicKey::parse(&line("ssh-ed25519-cert-v01@openssh.com", &[&[7; 32]])),
            Err(BadKey::Algorithm)
        );
    }

    #[test]
    fn what_is_not_one_whole_key_is_refused() {
        let good = line("ssh-ed25519", &[&[7; 32]]);
        for bad in [
            String::new(),
            "ssh-ed25519".into(),
            "ssh-ed25519 ???".into(),
            "ssh-ed25519 AAAA".into(),
            line("ssh-ed25519", &[&[7; 31]]),
            line("ssh-ed25519", &[&[7; 32], b"more"]),
            good.replacen("ssh-ed25519", "ssh-rsa", 1),
            format!("command=\"sh\" {good}"),
            "x".repeat(20_000),
        ] {
            assert_eq!(PublicKey::parse(&bad), Err(BadKey::Unreadable), "{bad:.80}");
        }
        assert_eq!(PublicKey::parse(&format!("{good}\n{good}")), Err(BadKey::Lines));
        assert_eq!(
            PublicKey::parse("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n"),
            Err(BadKey::Private)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_key_that_is_written_as_it_was_read_or_none(
            algorithm in "(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256|sk-ssh-ed25519@openssh.com|[a-z]{0,4})",
            named in any::<bool>(),
            fields in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..70), 0..4),
            cut in 0..8_usize,
        ) {
            let mut blob = if named { field(algorithm.as_bytes()) } else { Vec::new() };
            for bytes in &fields {
                blob.extend(field(bytes));
            }
            blob.truncate(blob.len().saturating_sub(cut));
            if let Ok(key) = PublicKey::parse(&format!("{algorithm} {} a comment", BASE64.encode(&blob))) {
                prop_assert_eq!(PublicKey::parse(&key.line).map(|again| again.line), Ok(key.line));
            }
        }
    }
}
