//! Public keys, and checking with them.

use std::fmt;

use data_encoding::HEXUPPER;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use ring::{
    digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256},
    signature::{
        ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
        RsaPublicKeyComponents, UnparsedPublicKey,
    },
};

use crate::{Seconds, bytes::Bytes, hash::Hash};

/// What identifies a key: 20 bytes in version 4, 32 in version 6; written as hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(Vec<u8>);

impl Fingerprint {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The eight bytes by which old signatures name a key. They are no proof: others can make a key that has them.
    pub fn key_id(&self) -> String {
        let start = if self.0.len() == 20 { 12 } else { 0 };
        HEXUPPER.encode(self.0.get(start..start + 8).unwrap_or_default())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&HEXUPPER.encode(&self.0))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Four,
    Six,
}

/// A public key that can be checked with.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey<'data> {
    pub(crate) version: Version,
    pub(crate) created: Seconds,
    body: &'data [u8],
    numbers: KeyNumbers<'data>,
}

#[derive(Clone, Debug)]
enum KeyNumbers<'data> {
    Rsa { modulus: &'data [u8], exponent: &'data [u8] },
    Ed25519(&'data [u8]),
    Elliptic { curve: Curve, point: &'data [u8] },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Curve {
    P256,
    P384,
    P521,
}

/// Why a key cannot be checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadKey {
    Malformed,
    /// Not a kind of key that is known here, or one that does not sign.
    Unknown,
    /// RSA below 2,048 bits.
    Weak,
}

/// The numbers that a signature consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureNumbers<'data> {
    One(&'data [u8]),
    Two(&'data [u8], &'data [u8]),
    /// The 64 bytes of Ed25519.
    Fixed(&'data [u8]),
}

const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;
const ED25519_CURVE: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];
const CURVES: [(&[u8], Curve); 3] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], Curve::P256),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], Curve::P384),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], Curve::P521),
];

impl<'data> PublicKey<'data> {
    /// From the content of a packet.
    pub(crate) fn read(body: &'data [u8]) -> Result<Self, BadKey> {
        let mut bytes = Bytes::new(body);
        let version = match bytes.octet().ok_or(BadKey::Malformed)? {
            4 => Version::Four,
            6 => Version::Six,
            _ => return Err(BadKey::Unknown),
        };
        let created = Seconds::from(bytes.four().ok_or(BadKey::Malformed)?);
        let algorithm = bytes.octet().ok_or(BadKey::Malformed)?;
        if version == Version::Six {
            let content = bytes.counted(true).ok_or(BadKey::Malformed)?;
            if !bytes.is_empty() {
                return Err(BadKey::Malformed);
            }
            bytes = Bytes::new(content);
        }
        let numbers = read_numbers(algorithm, &mut bytes)?;
        if !bytes.is_empty() {
            return Err(BadKey::Malformed);
        }
        Ok(Self { version, created, body, numbers })
    }

    /// The key as it is hashed for signatures about it.
    pub(crate) fn framed(&self) -> Vec<u8> {
        let length = u32::try_from(self.body.len()).unwrap_or(u32::MAX).to_be_bytes();
        match self.version {
            Version::Four => [&[0x99], &length[2..], self.body].concat(),
            Version::Six => [&[0x9b], &length[..], self.body].concat(),
        }
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let algorithm = match self.version {
            Version::Four => &SHA1_FOR_LEGACY_USE_ONLY,
            Version::Six => &SHA256,
        };
        Fingerprint::new(digest::digest(algorithm, &self.framed()).as_ref())
    }

    /// Whether a signature with this number for its algorithm was made over the message with this key.
    pub(crate) fn has_signed(
        &self,
        algorithm: u8,
        hash: Hash,
        message: &[u8],
        signature: SignatureNumbers<'_>,
    ) -> bool {
        match (&self.numbers, algorithm, signature) {
            (KeyNumbers::Rsa { modulus, exponent }, 1 | 3, SignatureNumbers::One(number)) => {
                has_signed_with_rsa(modulus, exponent, hash, message, number)
            }
            (KeyNumbers::Ed25519(key), 22, SignatureNumbers::Two(one, two)) => {
                let Some(signature) = joined(one, two, 32) else { return false };
                let digest = hash.digest(message);
                UnparsedPublicKey::new(&ED25519, key).verify(digest.as_ref(), &signature).is_ok()
            }
            (KeyNumbers::Ed25519(key), 27, SignatureNumbers::Fixed(signature)) => {
                let digest = hash.digest(message);
                UnparsedPublicKey::new(&ED25519, key).verify(digest.as_ref(), signature).is_ok()
            }
            (KeyNumbers::Elliptic { curve, point }, 19, SignatureNumbers::Two(one, two)) => {
                curve.has_signed(point, hash.digest(message).as_ref(), one, two)
            }
            _ => false,
        }
    }
}

fn read_numbers<'data>(algorithm: u8, bytes: &mut Bytes<'data>) -> Result<KeyNumbers<'data>, BadKey> {
    let malformed = BadKey::Malformed;
    match algorithm {
        1 | 3 => {
            let (modulus, exponent) = (bytes.number().ok_or(malformed)?, bytes.number().ok_or(malformed)?);
            let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
            let bits = modulus.len() * 8 - zeros;
            match bits {
                _ if exponent.len() > 4 || exponent == [1] => Err(BadKey::Weak),
                bits if bits < *RSA_BITS.start() => Err(BadKey::Weak),
                bits if bits > *RSA_BITS.end() => Err(BadKey::Unknown),
                _ => Ok(KeyNumbers::Rsa { modulus, exponent }),
            }
        }
        19 => {
            let name = curve_name(bytes).ok_or(malformed)?;
            let found = CURVES.iter().find(|(known, _)| *known == name);
            let point = bytes.number().ok_or(malformed)?;
            let (_, curve) = found.ok_or(BadKey::Unknown)?;
            Ok(KeyNumbers::Elliptic { curve: *curve, point })
        }
        22 => {
            let name = curve_name(bytes).ok_or(malformed)?;
            let point = bytes.number().ok_or(malformed)?;
            if name != ED25519_CURVE {
                return Err(BadKey::Unknown);
            }
            let key = point.strip_prefix(&[0x40]).filter(|key| key.len() == 32).ok_or(malformed)?;
            Ok(KeyNumbers::Ed25519(key))
        }
        27 => Ok(KeyNumbers::Ed25519(bytes.take(32).ok_or(malformed)?)),
        _ => Err(BadKey::Unknown),
    }
}

fn curve_name<'data>(bytes: &mut Bytes<'data>) -> Option<&'data [u8]> {
    let length = usize::from(bytes.octet()?);
    bytes.take(length)
}

fn has_signed_with_rsa(modulus: &[u8], exponent: &[u8], hash: Hash, message: &[u8], number: &[u8]) -> bool {
    let parameters = match hash {
        Hash::Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &RSA_PKCS1_2048_8192_SHA512,
    };
    let Some(missing) = modulus.len().checked_sub(number.len()) else { return false };
    let signature = [&vec![0; missing], number].concat();
    RsaPublicKeyComponents { n: modulus, e: exponent }.verify(parameters, message, &signature).is_ok()
}

/// Both numbers with leading zeros, each of this many bytes.
fn joined(one: &[u8], two: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let mut fixed = Vec::with_capacity(2 * bytes);
    for number in [one, two] {
        fixed.resize(fixed.len() + bytes.checked_sub(number.len())?, 0);
        fixed.extend_from_slice(number);
    }
    Some(fixed)
}

impl Curve {
    /// A digest shorter than half of the curve's numbers is refused.
    fn has_signed(self, point: &[u8], digest: &[u8], one: &[u8], two: &[u8]) -> bool {
        macro_rules! check {
            ($curve:ident, $bytes:literal) => {{
                let Some(fixed) = joined(one, two, $bytes) else { return false };
                let (Ok(key), Ok(signature)) = (
                    $curve::ecdsa::VerifyingKey::from_sec1_bytes(point),
                    $curve::ecdsa::Signature::from_slice(&fixed),
                ) else {
                    return false;
                };
                key.verify_prehash(digest, &signature).is_ok()
            }};
        }
        match self {
            Self::P256 => check!(p256, 32),
            Self::P384 => check!(p384, 48),
            Self::P521 => check!(p521, 66),
        }
    }
}
