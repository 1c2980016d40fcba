//! Checks OpenPGP signatures of git's objects (RFC 9580, and RFC 4880 as GnuPG writes it): certificates are read, and
//! detached signatures are checked with them. Nothing is signed, encrypted or fetched here.
//!
//! Everything that is read was written by a stranger: lengths, numbers of packets and of checks are bounded, and what is
//! not understood is refused rather than passed over.

mod armor;
mod bytes;
mod certificate;
mod detached;
mod hash;
mod key;
mod packet;
mod signature;

pub use certificate::{BadCertificate, Certificate, Revocation, SigningKey};
pub use detached::{BadSignature, DetachedSignature, Issuer, Verdict};
pub use key::Fingerprint;

/// Seconds since 1970, as OpenPGP counts them.
pub type Seconds = u64;
