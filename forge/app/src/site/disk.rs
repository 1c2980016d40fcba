//! Free space on the data disk. Below a reserve, large writes are refused first (tasks, uploads), so that
//! small ones keep working until the end: sign-ins, issues, and above all the records of pushes.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hearth_blobs::Disk;
use hearth_core::{Dependency, Error, Result};
use hearth_words::bytes;
use rustix::fs::StatVfsMountFlags;

/// How long a reading of the file system is cached.
const FRESH: Duration = Duration::from_secs(1);
/// On a small disk, the reserve is one in this many parts of it.
const SMALLEST_PART: u64 = 20;

/// Settings for the data disk.
#[derive(Clone, Copy, Debug)]
pub struct DiskSettings {
    /// The space reserved for small writes; at most a twentieth of the disk.
    pub reserve_bytes: u64,
    /// Objects up to this size are verified on every read.
    pub verify_read_bytes: u64,
    /// The rate at which objects are verified in the background; 0 turns it off.
    pub check_bytes_per_second: u64,
}

impl Default for DiskSettings {
    fn default() -> Self {
        Self { reserve_bytes: 1 << 30, verify_read_bytes: 8 << 20, check_bytes_per_second: 8 << 20 }
    }
}

/// The file system of the data folder. Clones share the cached reading.
#[derive(Clone, Debug)]
pub struct DataDisk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    settings: DiskSettings,
    seen: Mutex<Option<(Instant, Room)>>,
}

/// The space on the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub total_bytes: u64,
    /// Available to this user.
    pub free_bytes: u64,
    /// Below this much free space, large writes are refused.
    pub reserve_bytes: u64,
    pub is_read_only: bool,
}

impl Room {
    /// Whether writing this many bytes leaves the reserve untouched.
    pub fn has_for(&self, bytes: u64) -> bool {
        !self.is_read_only && self.free_bytes.saturating_sub(bytes) >= self.reserve_bytes
    }

    /// Why large writes are refused, for an operator. None: they are not.
    pub fn trouble(&self) -> Option<String> {
        if self.is_read_only {
            return Some("the disk of the data folder is read-only".to_owned());
        }
        let (free, reserve) = (bytes(self.free_bytes), bytes(self.reserve_bytes));
        (!self.has_for(0)).then(|| {
            format!("{free} free on the disk of the data folder, less than the reserve of {reserve}")
        })
    }
}

impl DataDisk {
    /// The disk of this folder.
    pub fn of(folder: PathBuf, settings: DiskSettings) -> Self {
        Self(Arc::new(Inner { folder, settings, seen: Mutex::default() }))
    }

    pub fn settings(&self) -> DiskSettings {
        self.0.settings
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// The current space, read from the file system at most a second ago.
    pub fn room(&self) -> io::Result<Room> {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, room)) = *seen
            && at.elapsed() < FRESH
        {
            return Ok(room);
        }
        let told = rustix::fs::statvfs(&self.0.folder)?;
        let total_bytes = told.f_blocks.saturating_mul(told.f_frsize);
        let room = Room {
            total_bytes,
            free_bytes: told.f_bavail.saturating_mul(told.f_frsize),
            reserve_bytes: self.0.settings.reserve_bytes.min(total_bytes / SMALLEST_PART),
            is_read_only: told.f_flag.contains(StatVfsMountFlags::RDONLY),
        };
        *seen = Some((Instant::now(), room));
        Ok(room)
    }

    /// Refuses a write that would use up the reserve. If the space cannot be read, nothing is refused.
    pub fn check_room_for(&self, bytes: u64) -> Result<()> {
        match self.room() {
            Ok(room) if !room.has_for(bytes) => Err(Error::Unavailable(Dependency::DiskSpace)),
            _ => Ok(()),
        }
    }
}

impl Disk for DataDisk {
    fn check_room_for(&self, bytes: u64) -> Result<()> {
        Self::check_room_for(self, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_use_up_the_reserve_is_refused() {
        let room = Room { total_bytes: 1_000, free_bytes: 100, reserve_bytes: 40, is_read_only: false };
        assert!(room.has_for(0) && room.has_for(60) && !room.has_for(61) && !room.has_for(u64::MAX));
        assert_eq!(room.trouble(), None);
        assert!(Room { free_bytes: 39, ..room }.trouble().is_some());
        assert!(Room { is_read_only: true, ..room }.trouble().is_some_and(|text| text.contains("read-only")));
        assert!(!Room { is_read_only: true, ..room }.has_for(0));
    }

    #[test]
    fn the_reserve_of_a_small_disk_is_a_part_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = DiskSettings { reserve_bytes: u64::MAX, ..DiskSettings::default() };
        let disk = DataDisk::of(folder.path().to_owned(), settings);
        let room = disk.room().expect("told");
        assert_eq!(room.reserve_bytes, room.total_bytes / SMALLEST_PART);
        assert!(matches!(disk.check_room_for(u64::MAX), Err(Error::Unavailable(Dependency::DiskSpace))));
        let settings = DiskSettings { reserve_bytes: 0, ..settings };
        let none = DataDisk::of(folder.path().to_owned(), settings);
        assert!(none.check_room_for(0).is_ok());
    }
}
