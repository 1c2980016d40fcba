//! Bounds of the pack cache, which `hook/packs.rs` fills.

use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use crate::{Result, StorageId, files, store::blocking};

/// Where packs of recent clones lie, and when the folder was last tidied.
pub(crate) struct PackCache {
    folder: PathBuf,
    tidied: Mutex<Option<Instant>>,
}

/// Bytes of all packs that are kept.
const MAX_BYTES: u64 = 2 << 30;
/// How long a pack is kept. References move on, so equal requests come close together.
const MAX_AGE: Duration = Duration::from_mins(15);
/// A pack this young may still have readers that check that it is in place.
const MIN_AGE: Duration = Duration::from_mins(1);
const TIDY_EVERY: Duration = Duration::from_mins(1);

impl PackCache {
    /// An empty cache in this folder.
    pub(crate) fn at(folder: PathBuf) -> Result<Self> {
        files::remove_dir_all(&folder)?;
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, tidied: Mutex::new(None) })
    }

    /// The folder for one repository.
    pub(crate) fn folder(&self, id: &StorageId) -> PathBuf {
        self.folder.join(id.as_str())
    }

    /// Removes what is too old or too much, now and then.
    pub(crate) fn tidy(&self) {
        let Ok(mut tidied) = self.tidied.lock() else { return };
        if tidied.is_some_and(|tidied| tidied.elapsed() < TIDY_EVERY) {
            return;
        }
        *tidied = Some(Instant::now());
        let folder = self.folder.clone();
        tokio::spawn(async move {
            if let Err(error) = blocking(move || tidy(&folder, MAX_BYTES)).await {
                tracing::warn!(error = %error, "the pack cache was not tidied");
            }
        });
    }
}

fn tidy(folder: &Path, max_bytes: u64) -> Result<()> {
    let mut packs: Vec<(Duration, u64, PathBuf)> = Vec::new();
    for repository in files::folders(folder)? {
        for entry in std::fs::read_dir(&repository)? {
            let entry = entry?;
            // Another clean-up may be faster.
            if let Ok(metadata) = entry.metadata() {
                packs.push((age(&metadata), metadata.len(), entry.path()));
            }
        }
    }
    packs.sort();
    let mut kept = 0;
    for (age, bytes, path) in packs {
        kept += bytes;
        if age > MAX_AGE || (kept > max_bytes && age > MIN_AGE) {
            let _ = std::fs::remove_file(path);
        }
    }
    Ok(())
}

/// How long ago something was written to a file.
fn age(metadata: &Metadata) -> Duration {
    metadata.modified().ok().and_then(|modified| modified.elapsed().ok()).unwrap_or_default()
}
