//! Servers that share a folder of repositories coordinate by operating-system locks on folders, which are
//! released when the process that holds them ends.

use std::{
    fs::{File, TryLockError},
    io::{self, ErrorKind},
    path::Path,
};

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "closing it ends the lock")] File);

/// Takes a shared lock on a folder. `None` if it is missing or cannot be locked; whoever works in it gets
/// that error.
pub(crate) fn lock_shared(folder: &Path) -> Option<Lock> {
    let file = File::open(folder).ok()?;
    file.lock_shared().ok()?;
    Some(Lock(file))
}

/// Takes an exclusive lock on a folder; `None` if another process holds one, or the folder is missing.
pub(crate) fn lock_exclusive(folder: &Path) -> io::Result<Option<Lock>> {
    let file = match File::open(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
