//! Certificates and signatures that others made.

#![allow(
    clippy::disallowed_methods,
    reason = "tests use the machine's clock, as gpg does, and read what it wrote"
)]

mod gnupg;
mod hostile;
mod keyring;
mod version_six;
