//! The 256 folders of objects that lie alone, which git removes whenever it has emptied one.
//!
//! A push, or a commit of this process, first looks that such a folder is there and then puts an object into it. A git
//! that clears up at this moment may remove the folder in between, and the push is refused. So during maintenance a
//! file keeps every folder from being removed, and empty folders are removed here, while nobody writes.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use crate::{
    Result,
    beside::{self, Lock},
    files,
};

/// Git takes it for an object that is being written: it counts for nothing, and is removed when it is old.
const KEEPER: &str = "tmp_obj_keeper";

/// Who writes objects into one repository: those of this process share a lock that other servers see.
#[derive(Default)]
pub(crate) struct Writers(Mutex<Weak<Option<Lock>>>);

/// Held while objects are written; folders stay where they are.
pub(crate) struct Writing(#[expect(dead_code, reason = "it is counted")] Arc<Option<Lock>>);

impl Writers {
    pub(crate) fn enter(&self, objects: &Path) -> Writing {
        let mut writers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let writing = writers.upgrade().unwrap_or_else(|| Arc::new(beside::share(objects)));
        *writers = Arc::downgrade(&writing);
        Writing(writing)
    }

    /// Does something short during which nobody begins to write, unless somebody is writing.
    fn when_nobody_writes(&self, objects: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let writers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if writers.strong_count() > 0 {
            return Ok(());
        }
        match beside::alone(objects)? {
            Some(_alone) => work(),
            None => Ok(()),
        }
    }
}

/// Makes all folders, and keeps them.
pub(crate) fn keep(objects: &Path) -> Result<()> {
    for folder in folders(objects) {
        fs::create_dir_all(&folder)?;
        // One that an earlier round left is made anew: git would take it for old by now.
        files::remove_file(&folder.join(KEEPER))?;
        File::create_new(folder.join(KEEPER))?;
    }
    Ok(())
}

/// Ends [`keep`]. Where somebody is writing at this moment, empty folders stay until the next round.
pub(crate) fn release(objects: &Path, writers: &Writers) -> Result<()> {
    for folder in folders(objects) {
        files::remove_file(&folder.join(KEEPER))?;
    }
    writers.when_nobody_writes(objects, || {
        for folder in folders(objects) {
            // One that is not empty stays.
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    })
}

/// Whether a file in such a folder is none of git's objects.
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
        // Of this server, and of another one.
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
