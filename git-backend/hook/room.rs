//! How many bytes the cache of packs holds. All processes that write into it count together: whoever wants more of it
//! holds the lock of one file while counting and taking. The length of every file is what it holds or may grow to, so
//! a process that was killed leaves nothing counted that is not there.

use std::{
    fs::{self, DirEntry, File},
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What is taken at once by a pack that grows.
const STEP_BYTES: u64 = 16 << 20;

/// The room of the whole cache, which has a folder for each repository.
pub(crate) struct Room {
    folder: PathBuf,
    max_bytes: u64,
}

impl Room {
    pub(crate) fn at(folder: &Path, max_bytes: u64) -> Self {
        Self { folder: folder.to_owned(), max_bytes }
    }

    /// Lets a file grow to `end` and a little further. Older packs that nobody is sending make room; where that is not
    /// enough it is an error.
    pub(crate) fn reserve(&self, file: &File, end: u64) -> io::Result<()> {
        let counting = File::create(self.folder.join("lock"))?;
        counting.lock()?;
        let mut others = self.files()?;
        let own = file.metadata()?.len();
        let held = others.iter().map(|other| other.bytes).sum::<u64>().saturating_sub(own);
        // Little is taken where little is left, so that small packs find room beside a large one.
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

    /// Removes it, unless somebody holds its lock: it is being written or sent, and would go on taking its bytes.
    fn is_removed(&self) -> bool {
        let Ok(file) = File::open(&self.path) else { return false };
        self.bytes > 0 && file.try_lock().is_ok() && fs::remove_file(&self.path).is_ok()
    }
}
