//! Signatures for addresses that only this site may have made: whoever changes such an address is refused.

use std::{fmt, fs, io, io::Write as _, path::Path, sync::Arc};

use data_encoding::BASE64URL_NOPAD;
use hearth_core::RandomSource;
use ring::hmac;

pub(super) const KEY_BYTES: usize = 32;
/// The file of the key in the data folder, which all servers of a site share.
const KEY_FILE: &str = "addresses.key";

/// Signs with a key that only this site has (HMAC-SHA-256).
#[derive(Clone)]
pub struct Signer(Arc<hmac::Key>);

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signer")
    }
}

impl Signer {
    pub fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key)))
    }

    /// With the key in this data folder; the first server to need one makes it.
    pub fn in_folder(folder: &Path, random: &dyn RandomSource) -> io::Result<Self> {
        Ok(Self::new(&key_in_folder(folder, KEY_FILE, random)?))
    }

    /// The signature of a text, fit for a path. A signature for one purpose is none for another.
    pub(crate) fn sign(&self, purpose: &str, text: &str) -> String {
        BASE64URL_NOPAD.encode(hmac::sign(&self.0, &message(purpose, text)).as_ref())
    }

    /// Whether this site has signed the text for this purpose.
    pub(crate) fn has_signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        BASE64URL_NOPAD
            .decode(signature.as_bytes())
            .is_ok_and(|tag| hmac::verify(&self.0, &message(purpose, text), &tag).is_ok())
    }
}

/// The secret bytes in this file of the data folder; the first server to need them makes them.
pub(super) fn key_in_folder(
    folder: &Path,
    name: &str,
    random: &dyn RandomSource,
) -> io::Result<[u8; KEY_BYTES]> {
    let file = folder.join(name);
    if let Some(key) = read(&file)? {
        return Ok(key);
    }
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(&random.bytes::<KEY_BYTES>())?;
    new.as_file().sync_all()?;
    match new.persist_noclobber(&file) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => return Err(error.error),
        // Of two servers that start together, one key stays; both use it.
        _ => fs::File::open(folder)?.sync_all()?,
    }
    read(&file)?.ok_or_else(|| io::Error::other("the key is gone again"))
}

fn message(purpose: &str, text: &str) -> Vec<u8> {
    [purpose.as_bytes(), b"\0", text.as_bytes()].concat()
}

fn read(file: &Path) -> io::Result<Option<[u8; KEY_BYTES]>> {
    match hearth_runner::bounded::read(file, KEY_BYTES as u64) {
        Ok(bytes) => {
            let wrong = || io::Error::other(format!("{} is no key of {KEY_BYTES} bytes", file.display()));
            bytes.try_into().map(Some).map_err(|_| wrong())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::SystemRandomSource;

    use super::*;

    #[test]
    fn what_was_signed_is_known_and_nothing_else() {
        let signer = Signer::new(&[7; 32]);
        let signature = signer.sign("picture", "https://example.org/a.png");
        assert!(signer.has_signed("picture", "https://example.org/a.png", &signature));
        assert!(!signer.has_signed("picture", "https://example.org/b.png", &signature));
        assert!(!signer.has_signed("diagram", "https://example.org/a.png", &signature));
        assert!(!signer.has_signed("picture", "https://example.org/a.png", ""));
        assert!(!Signer::new(&[8; 32]).has_signed("picture", "https://example.org/a.png", &signature));
    }

    #[test]
    fn a_folder_keeps_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::in_folder(folder.path(), &SystemRandomSource).unwrap();
        let again = Signer::in_folder(folder.path(), &SystemRandomSource).unwrap();
        assert!(again.has_signed("a", "b", &signer.sign("a", "b")));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
        fs::write(folder.path().join(KEY_FILE), "short").unwrap();
        assert!(Signer::in_folder(folder.path(), &SystemRandomSource).is_err());
    }
}
