use std::{fmt, io};

use hearth_core::{Dependency, Error, Result};

/// Says whether this machine's disk has room. What comes in lies there first, wherever objects are kept.
pub trait Disk: fmt::Debug + Send + Sync + 'static {
    /// Refuses so many bytes where they would use up what is kept free.
    fn check_room_for(&self, bytes: u64) -> Result<()>;
}

/// A write that fails for want of room is the disk's, anything else is a fault.
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
