use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

/// Keeps a second server away from a data folder for as long as it lives.
#[derive(Debug)]
pub(crate) struct FolderLock(#[expect(dead_code, reason = "the lock goes when the file is closed")] File);

impl FolderLock {
    /// `None` when another server has the folder.
    pub(crate) fn take(folder: &Path) -> io::Result<Option<Self>> {
        let file =
            File::options().create(true).truncate(false).write(true).open(folder.join("hearth.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
