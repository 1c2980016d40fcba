//! The pack cache, which `hook/packs.rs` fills and keeps within its size limit. This side removes old packs.

use std::{
    fs::{File, Metadata},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{Result, StorageId, files, store::blocking};

/// Where packs of recent clones are stored, and when the folder was last cleaned up.
pub(crate) struct PackCache {
    folder: PathBuf,
    max_bytes: u64,
    is_kept: AtomicBool,
    tidied: Mutex<Option<Instant>>,
}

/// How long a pack is kept. References move on, so equal requests come close together.
const MAX_AGE: Duration = Duration::from_mins(15);
const TIDY_EVERY: Duration = Duration::from_mins(1);

impl PackCache {
    /// The cache in this folder.
    pub(crate) fn at(folder: PathBuf, max_bytes: u64) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, max_bytes, is_kept: AtomicBool::new(true), tidied: Mutex::new(None) })
    }

    /// Empties it.
    pub(crate) fn clear(&self) -> Result<()> {
        files::remove_dir_all(&self.folder)?;
        Ok(std::fs::create_dir_all(&self.folder)?)
    }

    /// Sets whether new packs are kept. Turning it off removes the existing ones.
    pub(crate) fn keep(&self, is_kept: bool) {
        let was_kept = self.is_kept.swap(is_kept, Ordering::Relaxed);
        if was_kept && !is_kept {
            self.remove_older(Duration::ZERO);
        }
    }

    /// The folder for one repository.
    pub(crate) fn folder(&self, id: &StorageId) -> PathBuf {
        self.folder.join(id.as_str())
    }

    /// Lets a command use the cache, if packs are kept.
    pub(crate) fn enter(&self, id: &StorageId, command: &mut tokio::process::Command) {
        if !self.is_kept.load(Ordering::Relaxed) {
            return;
        }
        command.env("HEARTH_PACK_CACHE", self.folder(id));
        command.env("HEARTH_PACK_CACHE_BYTES", self.max_bytes.to_string());
    }

    /// Removes old packs, from time to time.
    pub(crate) fn tidy(&self) {
        let Ok(mut tidied) = self.tidied.lock() else { return };
        if tidied.is_some_and(|tidied| tidied.elapsed() < TIDY_EVERY) {
            return;
        }
        *tidied = Some(Instant::now());
        self.remove_older(MAX_AGE);
    }

    fn remove_older(&self, max_age: Duration) {
        let folder = self.folder.clone();
        tokio::spawn(async move {
            if let Err(error) = blocking(move || tidy(&folder, max_age)).await {
                tracing::warn!(error = %error, "the pack cache could not be cleaned up");
            }
        });
    }
}

fn tidy(folder: &Path, max_age: Duration) -> Result<()> {
    for repository in files::folders(folder)? {
        for entry in std::fs::read_dir(&repository)? {
            let entry = entry?;
            // A concurrent cleanup may be faster.
            let Ok(metadata) = entry.metadata() else { continue };
            if age(&metadata) > max_age && is_free(&entry.path()) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
    Ok(())
}

/// Whether nobody writes or sends it. A pack removed while it is sent keeps its bytes but is no longer
/// counted.
fn is_free(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// How long ago something was written to a file.
fn age(metadata: &Metadata) -> Duration {
    metadata.modified().ok().and_then(|modified| modified.elapsed().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_packs_go_unless_somebody_sends_them() {
        let folder = tempfile::tempdir().unwrap();
        let repository = folder.path().join("1");
        std::fs::create_dir(&repository).unwrap();
        for name in ["old.pack", "sent.pack"] {
            std::fs::write(repository.join(name), "pack").unwrap();
        }
        let sent = File::open(repository.join("sent.pack")).unwrap();
        sent.lock_shared().unwrap();
        std::thread::sleep(Duration::from_millis(5));
        tidy(folder.path(), MAX_AGE).unwrap();
        assert_eq!(std::fs::read_dir(&repository).unwrap().count(), 2);
        tidy(folder.path(), Duration::ZERO).unwrap();
        let left: Vec<_> =
            std::fs::read_dir(&repository).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["sent.pack"]);
    }
}
