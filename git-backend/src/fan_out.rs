//! The 256 folders of loose objects, which git removes whenever it has emptied one.
//!
//! A push, or a commit by this process, first checks that such a folder exists and then puts an object into
//! it. A concurrent git cleanup may remove the folder in between, and the push is refused. So during
//! maintenance a file keeps every folder from being removed, and empty folders are removed here, while nobody
//! writes.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use crate::{
    Result, files,
    folder_lock::{self, Lock},
};

/// Git takes it for a temporary object: it is not counted, and is removed when it is old.
const KEEPER: &str = "tmp_obj_keeper";

/// Tracks who writes objects into one repository: the writers of this process share a lock that other servers
/// see.
#[derive(Default)]
pub(crate) struct Writers(Mutex<Weak<Option<Lock>>>);

/// Held while objects are written; no folder is removed meanwhile.
pub(crate) struct Writing(#[expect(dead_code, reason = "it is counted")] Arc<Option<Lock>>);

impl Writers {
    pub(crate) fn enter(&self, objects: &Path) -> Writing {
        let mut writers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let writing = writers.upgrade().unwrap_or_else(|| Arc::new(folder_lock::lock_shared(objects)));
        *writers = Arc::downgrade(&writing);
        Writing(writing)
    }

    /// Runs something short while nobody can begin to write; does nothing if somebody is already writing.
    fn when_nobody_writes(&self, objects: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let writers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if writers.strong_count() > 0 {
            return Ok(());
        }
        match folder_lock::lock_exclusive(objects)? {
            Some(_alone) => work(),
            None => Ok(()),
        }
    }
}

/// Creates all folders, with a file in each that keeps it from being removed.
pub(crate) fn keep(objects: &Path) -> Result<()> {
    for folder in folders(objects) {
        fs::create_dir_all(&folder)?;
        // A file left by an earlier round is recreated: git would consider it old by now.
        files::remove_file(&folder.join(KEEPER))?;
        File::create_new(folder.join(KEEPER))?;
    }
    Ok(())
}

/// Ends [`keep`]. If somebody is writing at this moment, empty folders stay until the next round.
pub(crate) fn release(objects: &Path, writers: &Writers) -> Result<()> {
    for folder in folders(objects) {
        files::remove_file(&folder.join(KEEPER))?;
    }
    writers.when_nobody_writes(objects, || {
        for folder in folders(objects) {
            // A non-empty folder stays.
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    })
}

/// Whether a file in such a folder is a keeper, not a git object.
pub(crate) fn is_keeper(name: &std::ffi::OsStr) -> bool {
    name == KEEPER
}

fn folders(objects: &Path) -> impl Iterator<Item = PathBuf> {
    (0..=u8::MAX).map(|first| objects.join(format!("{first:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(objects: &Path) -> usize {
        fs::read_dir(objects).unwrap().count()
    }

    #[test]
    fn folders_stay_while_somebody_writes_and_go_when_empty_afterwards() {
        let (objects, writers) = (tempfile::tempdir().unwrap(), Writers::default());
        let objects = objects.path();
        keep(objects).unwrap();
        assert!(fs::remove_dir(objects.join("17")).is_err(), "kept");
        // A writer of this server, and one of another server.
        for writing in [writers.enter(objects), Writers::default().enter(objects)] {
            release(objects, &writers).unwrap();
            assert_eq!(count(objects), 256);
            drop(writing);
        }
        assert_eq!(count(&objects.join("17")), 0);
        fs::write(objects.join("17/object"), "").unwrap();
        keep(objects).unwrap();
        release(objects, &writers).unwrap();
        assert_eq!(count(objects), 1);
    }
}
