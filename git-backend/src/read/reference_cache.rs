//! The list of references, kept as long as nothing in their folders has changed.

use std::{
    collections::HashMap,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use crate::{ObjectId, RefName};

/// Names and targets, in order.
pub(crate) type References = Arc<[(RefName, ObjectId)]>;

/// The latest lists of one repository, by prefix.
#[derive(Default)]
pub(crate) struct ReferenceCache(Mutex<HashMap<&'static str, Known>>);

struct Known {
    stamp: Stamp,
    list: References,
}

/// A state of the references on disk. A loose reference is written beside its file and renamed, so each change also
/// changes the time of its folder; the packed ones are one file, which is replaced as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    packed: Option<(u64, u64, SystemTime)>,
    folders: Vec<(PathBuf, SystemTime)>,
}

/// The prefixes whose lists are kept: those that pages ask for.
const KEPT_PREFIXES: [&str; 2] = ["refs/heads/", "refs/tags/"];
/// With more folders, looking at their times would cost as much as reading them.
const MOST_FOLDERS: usize = 200;
/// File systems round times. What was changed so shortly before it was read may have changed once more since, in the
/// same moment, so it is read again.
const SETTLED_AFTER: Duration = Duration::from_secs(2);

impl ReferenceCache {
    /// The kept list, if nothing has changed since.
    pub(crate) fn get(&self, repository: &Path, prefix: &str) -> Option<References> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(prefix)?;
        known.stamp.is_current(repository).then(|| Arc::clone(&known.list))
    }

    /// Keeps a list that was read between two equal stamps.
    pub(crate) fn keep(&self, prefix: &str, stamp: Stamp, list: &References) {
        let Some(prefix) = KEPT_PREFIXES.into_iter().find(|kept| *kept == prefix) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(prefix, Known { stamp, list: Arc::clone(list) });
    }
}

impl Stamp {
    /// The state now; none if it is not kept, has too many folders, or changed too recently to be told from a later one.
    pub(crate) fn take(repository: &Path, prefix: &str) -> Option<Self> {
        if !KEPT_PREFIXES.contains(&prefix) {
            return None;
        }
        let mut folders = Vec::new();
        add_folders(&repository.join(prefix.trim_end_matches('/')), &mut folders)?;
        let stamp = Self { packed: packed(repository), folders };
        let times =
            stamp.folders.iter().map(|(_, time)| time).chain(stamp.packed.as_ref().map(|packed| &packed.2));
        let is_settled = |time: &SystemTime| time.elapsed().is_ok_and(|age| age > SETTLED_AFTER);
        times.into_iter().all(is_settled).then_some(stamp)
    }

    fn is_current(&self, repository: &Path) -> bool {
        packed(repository) == self.packed
            && self.folders.iter().all(|(folder, time)| modified(folder).as_ref() == Some(time))
    }
}

fn packed(repository: &Path) -> Option<(u64, u64, SystemTime)> {
    let facts = std::fs::metadata(repository.join("packed-refs")).ok()?;
    Some((facts.ino(), facts.len(), facts.modified().ok()?))
}

fn modified(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder).ok()?.modified().ok()
}

/// Adds a folder and those in it. Its time is read before its entries, so that a change meanwhile is noticed.
fn add_folders(folder: &Path, found: &mut Vec<(PathBuf, SystemTime)>) -> Option<()> {
    if found.len() >= MOST_FOLDERS {
        return None;
    }
    found.push((folder.to_owned(), modified(folder)?));
    for entry in std::fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        if entry.file_type().ok()?.is_dir() {
            add_folders(&entry.path(), found)?;
        }
    }
    Some(())
}
