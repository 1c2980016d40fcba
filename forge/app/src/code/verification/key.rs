//! Public keys as SSH writes them (RFC 4253, RFC 5656, RFC 8709, and OpenSSH's `PROTOCOL.u2f`), and checking with them.

use ring::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents, UnparsedPublicKey,
    },
};

/// The fields of a message: numbers, and texts with their length before them.
pub(super) struct Fields<'data>(&'data [u8]);

impl<'data> Fields<'data> {
    pub(super) const fn new(data: &'data [u8]) -> Self {
        Self(data)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        let (bytes, rest) = self.0.split_at_checked(4)?;
        self.0 = rest;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    pub(super) fn text(&mut self) -> Option<&'data [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }

    /// A number of any size that is not negative, without leading zeros.
    fn large_number(&mut self) -> Option<&'data [u8]> {
        let bytes = self.text()?;
        if bytes.first().is_some_and(|first| first & 0x80 != 0) {
            return None;
        }
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        Some(&bytes[start..])
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A public key that can be checked with.
pub(super) struct PublicKey<'data> {
    kind: KeyKind<'data>,
    /// For a key on a security device: what it was made for.
    application: Option<&'data [u8]>,
}

enum KeyKind<'data> {
    Ed25519(&'data [u8]),
    Rsa {
        modulus: &'data [u8],
        exponent: &'data [u8],
    },
    /// The point, and the bytes of one coordinate.
    Elliptic {
        point: &'data [u8],
        bytes: usize,
    },
}

impl<'data> PublicKey<'data> {
    /// None if it is malformed or of a kind that is not known here.
    pub(super) fn read(blob: &'data [u8]) -> Option<Self> {
        let mut fields = Fields::new(blob);
        let name = fields.text()?;
        let kind = match name {
            b"ssh-ed25519" | b"sk-ssh-ed25519@openssh.com" => KeyKind::Ed25519(fields.text()?),
            b"ssh-rsa" => {
                let exponent = fields.large_number()?;
                KeyKind::Rsa { exponent, modulus: fields.large_number()? }
            }
            b"ecdsa-sha2-nistp256" | b"sk-ecdsa-sha2-nistp256@openssh.com" => {
                elliptic(&mut fields, b"nistp256", 32)?
            }
            b"ecdsa-sha2-nistp384" => elliptic(&mut fields, b"nistp384", 48)?,
            _ => return None,
        };
        let application = if name.starts_with(b"sk-") { Some(fields.text()?) } else { None };
        fields.is_empty().then_some(Self { kind, application })
    }

    /// Whether a signature of this message was made with the key.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.check(message, signature).is_some()
    }

    fn check(&self, message: &[u8], signature: &[u8]) -> Option<()> {
        let mut fields = Fields::new(signature);
        let (name, signature) = (fields.text()?, fields.text()?);
        let message = match self.application {
            None => message.to_vec(),
            // What the device signs: a flag says whether it was touched, a counter how often it has signed.
            Some(application) => {
                let (counters, rest) = fields.0.split_at_checked(5)?;
                fields.0 = rest;
                let (application, message) = (digest(&SHA256, application), digest(&SHA256, message));
                [application.as_ref(), counters, message.as_ref()].concat()
            }
        };
        if !fields.is_empty() {
            return None;
        }
        match (&self.kind, name) {
            (KeyKind::Ed25519(key), b"ssh-ed25519" | b"sk-ssh-ed25519@openssh.com") => {
                UnparsedPublicKey::new(&ED25519, key).verify(&message, signature).ok()
            }
            (KeyKind::Rsa { modulus, exponent }, b"rsa-sha2-256" | b"rsa-sha2-512") => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                let parameters = match name {
                    b"rsa-sha2-256" => &RSA_PKCS1_2048_8192_SHA256,
                    _ => &RSA_PKCS1_2048_8192_SHA512,
                };
                key.verify(parameters, &message, signature).ok()
            }
            (
                KeyKind::Elliptic { point, bytes },
                b"ecdsa-sha2-nistp256" | b"ecdsa-sha2-nistp384" | b"sk-ecdsa-sha2-nistp256@openssh.com",
            ) => {
                let mut numbers = Fields::new(signature);
                let pair = [numbers.large_number()?, numbers.large_number()?];
                let mut fixed = Vec::new();
                for number in pair {
                    fixed.resize(fixed.len() + bytes.checked_sub(number.len())?, 0);
                    fixed.extend(number);
                }
                let kind = if *bytes == 32 { &ECDSA_P256_SHA256_FIXED } else { &ECDSA_P384_SHA384_FIXED };
                UnparsedPublicKey::new(kind, point).verify(&message, &fixed).ok()
            }
            _ => None,
        }
    }
}

fn elliptic<'data>(fields: &mut Fields<'data>, curve: &[u8], bytes: usize) -> Option<KeyKind<'data>> {
    (fields.text()? == curve).then_some(())?;
    Some(KeyKind::Elliptic { point: fields.text()?, bytes })
}
