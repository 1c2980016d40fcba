//! How many bytes the pack cache holds. All processes that write into it share the count: to reserve more, a
//! process holds the lock of one file while it counts and reserves. The length of a file is what it holds or
//! may grow to, so a killed process leaves no reservation without a file.

use std::{
    fs::{self, DirEntry, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// How much a growing pack reserves at a time.
const STEP_BYTES: u64 = 16 << 20;

/// The capacity of the whole cache, which has a folder for each repository.
pub(crate) struct Room {
    folder: PathBuf,
    max_bytes: u64,
}

impl Room {
    pub(crate) fn at(folder: &Path, max_bytes: u64) -> Self {
        Self { folder: folder.to_owned(), max_bytes }
    }

    /// Lets a file grow to `end` and a little further. Older packs that nobody is sending are evicted if
    /// needed; if that does not free enough, this is an error.
    pub(crate) fn reserve(&self, file: &File, end: u64) -> io::Result<()> {
        let counting = File::create(self.folder.join("lock"))?;
        counting.lock()?;
        let mut others = self.files()?;
        let own = file.metadata()?.len();
        let held = others.iter().map(|other| other.bytes).sum::<u64>().saturating_sub(own);
        // Reserve in small steps when capacity is small, so that small packs fit beside a large one.
        let step = STEP_BYTES.min(self.max_bytes / 16);
        let mut over = (held + end + step).saturating_sub(self.max_bytes);
        others.sort_unstable_by_key(|other| other.modified);
        for other in others {
            if over == 0 {
                break;
            }
            if other.is_removed() {
                over = over.saturating_sub(other.bytes);
            }
        }
        if over > 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        file.set_len(end + step)
    }

    fn files(&self) -> io::Result<Vec<Kept>> {
        let mut files = Vec::new();
        for repository in fs::read_dir(&self.folder)? {
            // A repository may be deleted meanwhile.
            let Ok(entries) = fs::read_dir(repository?.path()) else { continue };
            files.extend(entries.flatten().filter_map(|entry| Kept::of(&entry)));
        }
        Ok(files)
    }
}

struct Kept {
    path: PathBuf,
    bytes: u64,
    modified: SystemTime,
}

impl Kept {
    fn of(entry: &DirEntry) -> Option<Self> {
        let metadata = entry.metadata().ok()?;
        Some(Self { path: entry.path(), bytes: metadata.len(), modified: metadata.modified().ok()? })
    }

    /// Removes it, unless its lock is held: then it is being written or sent, and would keep its bytes.
    fn is_removed(&self) -> bool {
        let Ok(file) = File::open(&self.path) else { return false };
        self.bytes > 0 && file.try_lock().is_ok() && fs::remove_file(&self.path).is_ok()
    }
}
