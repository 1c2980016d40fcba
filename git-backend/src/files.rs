//! Small file operations that survive a power loss.

use std::{
    fmt::Display,
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{Error, Result};

/// Writes a new file and waits until it is on disk.
pub(crate) fn write_synced(path: &Path, content: &[u8]) -> Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(())
}

/// Replaces a file atomically, with the given permission bits.
#[expect(clippy::disallowed_methods, reason = "a file that this program wrote")]
pub(crate) fn replace(path: &Path, content: &[u8], mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    let draft = path.with_extension(unique("tmp"));
    write_synced(&draft, content)?;
    fs::set_permissions(&draft, fs::Permissions::from_mode(mode))?;
    fs::rename(&draft, path)?;
    Ok(())
}

/// A unique file name that starts with `name`.
pub(crate) fn unique(name: impl Display) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{name}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Moves a folder to a free path, creating parent folders.
pub(crate) fn rename_dir(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
        fs::rename(from, to).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => Error::RepositoryExists,
            _ => error.into(),
        })?;
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

/// Deletes a folder with everything in it; a missing folder is fine.
pub(crate) fn remove_dir_all(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Deletes a file; a missing file is fine.
pub(crate) fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The subfolders of a folder, without hidden ones, in order.
pub(crate) fn folders(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && !entry.file_name().as_encoded_bytes().starts_with(b".") {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Waits until a file is on disk, if there is one.
pub(crate) fn sync_if_exists(path: &Path) -> Result<()> {
    match File::open(path) {
        Ok(file) => Ok(file.sync_all()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Waits until everything on the file system of a folder is on disk.
pub(crate) fn sync_file_system(folder: &Path) -> Result<()> {
    rustix::fs::syncfs(File::open(folder)?).map_err(|error| std::io::Error::from(error).into())
}

/// The bytes of all files under a folder.
pub(crate) fn bytes_in(folder: &Path) -> Result<u64> {
    // A push or a repack may be removing files meanwhile: a missing file takes no space.
    let is_gone = |error: &std::io::Error| error.kind() == ErrorKind::NotFound;
    let entries = match fs::read_dir(folder) {
        Err(error) if is_gone(&error) => return Ok(0),
        entries => entries?,
    };
    let mut bytes = 0;
    for entry in entries {
        let entry = entry?;
        bytes += match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_in(&entry.path())?,
            Ok(metadata) => metadata.len(),
            Err(error) if is_gone(&error) => 0,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(bytes)
}
