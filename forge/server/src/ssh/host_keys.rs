//! The server's SSH keys in the data folder: made once, and then kept, so that clients go on recognising the site. Servers that share
//! the folder share them.

use std::{fs, io, io::Write as _, path::Path};

use hearth_core::SystemRandomSource;
use hearth_runner::bounded;
use hearth_ssh::{HostKey, HostKeyKind};

/// The folder of the keys in the data folder.
const FOLDER: &str = "ssh";
/// A private key takes half a kilobyte.
const MOST_BYTES: u64 = 16 << 10;

/// One key of each kind, made if it is missing.
pub(crate) fn in_folder(data: &Path) -> io::Result<Vec<HostKey>> {
    use std::os::unix::fs::DirBuilderExt as _;
    let folder = data.join(FOLDER);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    HostKeyKind::ALL.into_iter().map(|kind| read_or_make(&folder, kind)).collect()
}

fn read_or_make(folder: &Path, kind: HostKeyKind) -> io::Result<HostKey> {
    let file = folder.join(format!("host_{}", kind.as_str()));
    if let Some(key) = read(&file)? {
        return Ok(key);
    }
    let made = HostKey::make(kind, &SystemRandomSource).map_err(io::Error::other)?;
    // Nobody but this user may read it.
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(made.to_text().map_err(io::Error::other)?.as_bytes())?;
    new.as_file().sync_all()?;
    match new.persist_noclobber(&file) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => return Err(error.error),
        // Of two servers that start together, one key stays; both use it.
        _ => fs::File::open(folder)?.sync_all()?,
    }
    read(&file)?.ok_or_else(|| io::Error::other("the key is gone again"))
}

fn read(file: &Path) -> io::Result<Option<HostKey>> {
    let bytes = match bounded::read(file, MOST_BYTES) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    let wrong = |why: String| io::Error::other(format!("{}: {why}", file.display()));
    let text = String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    HostKey::parse(&text).map(Some).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_keys() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let fingerprints = |keys: Vec<HostKey>| keys.iter().map(HostKey::fingerprint).collect::<Vec<_>>();
        let first = fingerprints(in_folder(folder.path()).unwrap());
        assert_eq!(fingerprints(in_folder(folder.path()).unwrap()), first);
        assert_eq!(first.len(), HostKeyKind::ALL.len());
        for entry in fs::read_dir(folder.path().join(FOLDER)).unwrap() {
            assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
        }
        fs::write(folder.path().join(FOLDER).join("host_ed25519"), "short").unwrap();
        assert!(in_folder(folder.path()).is_err(), "a key is not replaced silently");
    }
}
