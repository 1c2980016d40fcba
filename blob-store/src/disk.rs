use std::{fmt, io};

use hearth_core::{Dependency, Error, Result};

/// Tells whether the local disk has room. Incoming data is written there first, wherever objects are stored.
pub trait Disk: fmt::Debug + Send + Sync + 'static {
    /// Fails if this many bytes would use up the reserved space.
    fn check_room_for(&self, bytes: u64) -> Result<()>;
}

/// Maps a write that fails for lack of space to a disk error, and any other to an internal one.
pub(crate) fn of_disk(error: io::Error) -> Error {
    if is_full(&error) {
        tracing::error!(error = &error as &dyn std::error::Error, "an object cannot be stored");
        Error::Unavailable(Dependency::Disk)
    } else {
        Error::internal(error)
    }
}

pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::QuotaExceeded
    )
}
