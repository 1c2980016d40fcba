use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use hearth_core::{Clock, OwnerId, SystemClock, Timestamp};
use rustix::{
    fs::{FlockOperation, Timespec, Timestamps, UTIME_NOW, flock, futimens},
    io::Errno,
};
use serde::{Deserialize, Serialize};

use super::PackageLimits;
use crate::{bounded, removal::remove_tree};

/// The environments of this machine:
///
/// | path | content |
/// | --- | --- |
/// | `OWNER/KEY/facts.json` | [`Facts`]; locked while in use, and its time is that of the last use |
/// | `OWNER/KEY/environment` | what was installed, mounted read-only into programs |
/// | `OWNER/new-…`, `OWNER/gone-…` | being installed, being removed |
///
/// The key is a hash of everything that an environment depends on. It appears only when it is complete, and
/// never changes after that.
#[derive(Clone, Debug)]
pub(crate) struct PackageCache {
    directory: PathBuf,
    limits: PackageLimits,
}

/// What is known of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Facts {
    installed_at: Timestamp,
    bytes: u64,
    packages: Vec<String>,
}

/// A complete environment, which is not removed while this is held.
pub(crate) struct Kept {
    pub(crate) environment: PathBuf,
    /// `name==version`.
    pub(crate) packages: Vec<String>,
    _lock: File,
}

/// A folder in which an environment is being installed; removed when dropped.
pub(crate) struct Environment {
    root: PathBuf,
    lock: File,
    is_published: bool,
}

const FACTS: &str = "facts.json";
const ENVIRONMENT: &str = "environment";
const LARGEST_FACTS: u64 = 1 << 20;
/// Folders that one search for what is to be removed looks at.
const MOST_ENTRIES: usize = 100_000;
/// A folder is locked a moment after it is made: a younger one may be somebody's who is just beginning.
const BEGINNING: Duration = Duration::from_mins(1);

impl PackageCache {
    pub(crate) fn new(directory: &Path, limits: PackageLimits) -> Self {
        Self { directory: directory.to_owned(), limits }
    }

    fn owner(&self, owner: OwnerId) -> PathBuf {
        self.directory.join(owner.0.to_string())
    }

    /// The environment of an owner with this key, unless there is none, or none that is still good.
    pub(crate) fn find(&self, owner: OwnerId, key: &str) -> io::Result<Option<Kept>> {
        let root = self.owner(owner).join(key);
        let lock = match File::open(root.join(FACTS)) {
            Ok(lock) => lock,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // Whoever removes it has it locked, and has moved it away once the lock is free again.
        match flock(&lock, FlockOperation::NonBlockingLockShared) {
            Err(Errno::WOULDBLOCK) => return Ok(None),
            other => other?,
        }
        let is_there = fs::metadata(root.join(FACTS)).is_ok_and(|facts| is_same(&facts, &lock));
        let Some(facts) = read_facts(&root).filter(|facts| is_there && !self.is_old(facts)) else {
            return Ok(None);
        };
        let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        futimens(&lock, &Timestamps { last_access: now, last_modification: now })?;
        Ok(Some(Kept { environment: root.join(ENVIRONMENT), packages: facts.packages, _lock: lock }))
    }

    fn is_old(&self, facts: &Facts) -> bool {
        let age = SystemClock.now().since(facts.installed_at);
        age.as_secs() > self.limits.keep_days.saturating_mul(24 * 3600)
    }

    /// A new folder to install into. `name` is unique to the attempt.
    pub(crate) fn begin(&self, owner: OwnerId, name: &str) -> io::Result<Environment> {
        let root = self.owner(owner).join(format!("new-{name}"));
        remove_tree(&root)?;
        DirBuilder::new().recursive(true).mode(0o700).create(root.join(ENVIRONMENT))?;
        let lock = OpenOptions::new().write(true).create_new(true).mode(0o600).open(root.join(FACTS))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Environment { root, lock, is_published: false })
    }

    /// Makes a complete environment available under its key, and removes what is too much. If another attempt
    /// was faster, its environment stays.
    pub(crate) fn publish(
        &self,
        owner: OwnerId,
        key: &str,
        mut made: Environment,
        packages: Vec<String>,
        bytes: u64,
    ) -> io::Result<Option<Kept>> {
        let facts = Facts { installed_at: SystemClock.now(), bytes, packages };
        fs::write(made.root.join(FACTS), serde_json::to_vec(&facts)?)?;
        rustix::fs::syncfs(&made.lock)?;
        let root = self.owner(owner).join(key);
        match fs::rename(&made.root, &root) {
            Ok(()) => made.is_published = true,
            // An old one is in the way: it is of no use to anybody.
            Err(_) if root.exists() && self.find(owner, key)?.is_none() => {
                Self::remove(&root);
                fs::rename(&made.root, &root)?;
                made.is_published = true;
            }
            Err(_) if root.exists() => {}
            Err(error) => return Err(error),
        }
        // Its lock goes with it.
        drop(made);
        let kept = self.find(owner, key)?;
        self.evict();
        Ok(kept)
    }

    /// Removes what is too old, what stopped agents left, and the least recently used above the limits. What is
    /// in use stays.
    pub(crate) fn evict(&self) {
        let mut found = Vec::new();
        for root in self.roots() {
            let name = root.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let facts = read_facts(&root);
            match facts {
                Some(facts) if !name.contains('-') && !self.is_old(&facts) => {
                    let used = fs::metadata(root.join(FACTS)).map_or(0, |facts| facts.mtime());
                    found.push((used, facts.bytes, root));
                }
                _ if name.starts_with("new-") && is_young(&root) => {}
                _ => Self::remove(&root),
            }
        }
        found.sort_by_key(|(used, ..)| std::cmp::Reverse(*used));
        let (mut bytes, mut count) = (0_u64, 0);
        for (_, own_bytes, root) in found {
            bytes = bytes.saturating_add(own_bytes);
            count += 1;
            if bytes > self.limits.cache_bytes || count > self.limits.cache_environments {
                Self::remove(&root);
            }
        }
    }

    fn roots(&self) -> impl Iterator<Item = PathBuf> + use<> {
        let below =
            |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        below(self.directory.clone()).flat_map(below).take(MOST_ENTRIES)
    }

    /// Removes a folder unless somebody uses it: first by name, so that nobody finds half of it.
    fn remove(root: &Path) {
        let lock = File::open(root.join(FACTS)).ok();
        let is_free =
            lock.as_ref().is_none_or(|lock| flock(lock, FlockOperation::NonBlockingLockExclusive).is_ok());
        if !is_free {
            return;
        }
        let name = root.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let gone = if name.starts_with("gone-") {
            root.to_owned()
        } else {
            let gone = root.with_file_name(format!("gone-{name}-{}", std::process::id()));
            if fs::rename(root, &gone).is_err() {
                return;
            }
            gone
        };
        if let Err(error) = remove_tree(&gone) {
            tracing::warn!(error = &error as &dyn std::error::Error, "an environment could not be removed");
        }
    }
}

impl Environment {
    /// What the installation writes to.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.join(ENVIRONMENT)
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        if !self.is_published
            && let Err(error) = remove_tree(&self.root)
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "an environment could not be removed");
        }
    }
}

fn is_young(root: &Path) -> bool {
    let age = |facts: fs::Metadata| SystemClock.now().since(Timestamp::from_second(facts.mtime()));
    fs::metadata(root).is_ok_and(|facts| age(facts) < BEGINNING)
}

fn is_same(facts: &fs::Metadata, file: &File) -> bool {
    file.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (facts.dev(), facts.ino()))
}

fn read_facts(root: &Path) -> Option<Facts> {
    serde_json::from_slice(&bounded::read(&root.join(FACTS), LARGEST_FACTS).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEI: OwnerId = OwnerId(1);
    const LIN: OwnerId = OwnerId(2);

    fn cache(folder: &tempfile::TempDir, limits: PackageLimits) -> PackageCache {
        PackageCache::new(folder.path(), limits)
    }

    fn install(cache: &PackageCache, key: &str) -> Option<Kept> {
        let made = cache.begin(MEI, key).unwrap();
        fs::write(made.folder().join("module.py"), key).unwrap();
        cache.publish(MEI, key, made, vec![format!("{key}==1")], 10).unwrap()
    }

    #[test]
    fn an_environment_is_found_when_it_is_complete_and_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder, PackageLimits::default());
        let made = cache.begin(MEI, "7").unwrap();
        assert!(cache.find(MEI, "a").unwrap().is_none());
        let kept = cache.publish(MEI, "a", made, vec!["x==1".into()], 10).unwrap().unwrap();
        assert_eq!(kept.packages, ["x==1"]);
        assert!(cache.find(MEI, "a").unwrap().is_some());
        assert!(cache.find(LIN, "a").unwrap().is_none());
    }

    #[test]
    fn what_was_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder, PackageLimits::default());
        drop(cache.begin(MEI, "7").unwrap());
        let left = cache.begin(MEI, "8").unwrap();
        std::mem::forget(left);
        cache.evict();
        // The forgotten one is still locked by this process, as an agent at work has it.
        assert_eq!(cache.roots().count(), 1);
    }

    #[test]
    fn what_a_killed_agent_left_is_removed_and_what_is_just_beginning_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(&folder, PackageLimits::default());
        let made = cache.begin(MEI, "8").unwrap();
        flock(&made.lock, FlockOperation::Unlock).unwrap();
        let root = made.root.clone();
        std::mem::forget(made);
        cache.evict();
        assert!(root.is_dir());
        let old = Timespec { tv_sec: 10, tv_nsec: 0 };
        let times = Timestamps { last_access: old, last_modification: old };
        futimens(File::open(&root).unwrap(), &times).unwrap();
        cache.evict();
        assert_eq!(cache.roots().count(), 0);
    }

    #[test]
    fn the_least_recently_used_goes_first_and_what_is_in_use_stays() {
        let folder = tempfile::tempdir().unwrap();
        let limits = PackageLimits { cache_environments: 2, ..PackageLimits::default() };
        let cache = cache(&folder, limits);
        let used = install(&cache, "a").unwrap();
        for (key, seconds) in [("b", 10), ("c", 20), ("d", 30)] {
            drop(install(&cache, key));
            let facts = File::open(folder.path().join("1").join(key).join(FACTS)).unwrap();
            let time = Timespec { tv_sec: seconds, tv_nsec: 0 };
            futimens(&facts, &Timestamps { last_access: time, last_modification: time }).unwrap();
        }
        cache.evict();
        let is_there = |key: &str| cache.find(MEI, key).unwrap().is_some();
        assert_eq!([is_there("b"), is_there("c"), is_there("d")], [false, false, true]);
        assert!(used.environment.join("module.py").is_file());
    }

    #[test]
    fn an_old_environment_is_installed_again() {
        let folder = tempfile::tempdir().unwrap();
        drop(install(&cache(&folder, PackageLimits::default()), "a"));
        let strict = cache(&folder, PackageLimits { keep_days: 0, ..PackageLimits::default() });
        let facts = folder.path().join("1/a").join(FACTS);
        let mut old: Facts = serde_json::from_slice(&fs::read(&facts).unwrap()).unwrap();
        old.installed_at = Timestamp::from_second(1_000_000_000);
        fs::write(&facts, serde_json::to_vec(&old).unwrap()).unwrap();
        assert!(strict.find(MEI, "a").unwrap().is_none());
        assert!(install(&cache(&folder, PackageLimits::default()), "a").is_some());
    }
}
