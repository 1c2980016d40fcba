//! What killed processes leave in a repository.

use std::{fs::DirEntry, path::Path, time::Duration};

use crate::{Result, files};

/// The age from which a quarantine or partial pack cannot be in use by any push.
const QUARANTINE_AGE: Duration = Duration::from_hours(24);
/// The age from which nobody can be holding a lock: git holds most for moments, the commit-graph's for
/// minutes.
const LOCK_AGE: Duration = Duration::from_mins(15);

/// Removes all of it.
pub(crate) fn remove(repository: &Path) -> Result<()> {
    let objects = repository.join("objects");
    let packs = objects.join("pack");
    let (info, graphs) = (objects.join("info"), objects.join("info/commit-graphs"));
    for folder in [&objects, &packs, &info, &graphs] {
        remove_if(folder, false, &|entry| is_temporary(entry) && is_older(entry, QUARANTINE_AGE))?;
    }
    let is_stale_lock = |entry: &DirEntry| is_lock(entry) && is_older(entry, LOCK_AGE);
    for folder in [repository, &packs, &info, &graphs] {
        remove_if(folder, false, &is_stale_lock)?;
    }
    remove_if(&repository.join("refs"), true, &is_stale_lock)
}

fn remove_if(folder: &Path, is_deep: bool, is_stale: &impl Fn(&DirEntry) -> bool) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        // A folder that became empty may be removed meanwhile.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_stale(&entry) {
            tracing::info!(path = %entry.path().display(), "a file that a stopped process left is removed");
            if is_folder {
                files::remove_dir_all(&entry.path())?;
            } else {
                files::remove_file(&entry.path())?;
            }
        } else if is_folder && is_deep {
            remove_if(&entry.path(), is_deep, is_stale)?;
        }
    }
    Ok(())
}

fn is_temporary(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    ["tmp_", "incoming-", ".tmp-"].iter().any(|start| name.as_encoded_bytes().starts_with(start.as_bytes()))
}

/// `packed-refs.new` counts as a lock: git does not start while it exists.
fn is_lock(entry: &DirEntry) -> bool {
    entry.file_name() == "packed-refs.new" || entry.file_name().as_encoded_bytes().ends_with(b".lock")
}

/// A file that was removed meanwhile is not older.
fn is_older(entry: &DirEntry, age: Duration) -> bool {
    let modified = entry.metadata().ok().and_then(|metadata| metadata.modified().ok());
    modified.and_then(|modified| modified.elapsed().ok()).is_some_and(|elapsed| elapsed > age)
}
