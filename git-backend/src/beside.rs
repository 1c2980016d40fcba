//! Servers that share a folder of repositories keep out of each other's way by locks of the system on folders, which end with the
//! process that holds them.

use std::{
    fs::{File, TryLockError},
    io::{self, ErrorKind},
    path::Path,
};

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "closing it ends the lock")] File);

/// Holds a folder together with others. None: it is not there, or cannot be locked; whoever works in it will hear that.
pub(crate) fn share(folder: &Path) -> Option<Lock> {
    let file = File::open(folder).ok()?;
    file.lock_shared().ok()?;
    Some(Lock(file))
}

/// Holds a folder alone; none: somebody has it, or it is not there.
pub(crate) fn alone(folder: &Path) -> io::Result<Option<Lock>> {
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
