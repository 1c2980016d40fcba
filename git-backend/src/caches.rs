//! In-memory caches of the store, bounded in size.

use std::sync::Arc;

use crate::{ObjectId, StorageId, TreePath, last_commit::LastCommits};

/// Answers for one folder, newest first.
pub(crate) type Answers = Arc<[Arc<LastCommits>]>;

/// Caches of the whole store.
pub(crate) struct Caches {
    /// Commits reachable from a commit. The answer never changes, whatever the repository.
    pub(crate) commit_counts: moka::sync::Cache<ObjectId, u64>,
    /// The latest of these counts per repository, from which the next one is computed.
    pub(crate) latest_counts: moka::sync::Cache<StorageId, (ObjectId, u64)>,
    /// The latest answers for a folder; the next one is computed from them.
    pub(crate) last_commits: moka::sync::Cache<(StorageId, TreePath), Answers>,
    /// What `upload-pack` announces in version 2 of the protocol, the same for all repositories.
    pub(crate) capabilities: std::sync::OnceLock<Vec<u8>>,
}

/// Entries of folders remembered over all repositories; an entry takes about 150 bytes.
const LAST_COMMIT_ENTRIES: u64 = 200_000;
const COMMIT_COUNTS: u64 = 10_000;

impl Default for Caches {
    fn default() -> Self {
        Self {
            commit_counts: moka::sync::Cache::new(COMMIT_COUNTS),
            latest_counts: moka::sync::Cache::new(COMMIT_COUNTS),
            last_commits: moka::sync::Cache::builder()
                .max_capacity(LAST_COMMIT_ENTRIES)
                .weigher(|_, answers: &Answers| {
                    let entries: usize = answers.iter().map(|answer| answer.len() + 4).sum();
                    u32::try_from(entries).unwrap_or(u32::MAX)
                })
                .support_invalidation_closures()
                .build(),
            capabilities: std::sync::OnceLock::new(),
        }
    }
}

impl Caches {
    /// Forgets one repository.
    pub(crate) fn forget(&self, id: &StorageId) {
        self.latest_counts.invalidate(id);
        let id = id.clone();
        // Fails only if the cache was built without invalidation support.
        let _ = self.last_commits.invalidate_entries_if(move |(repository, _), _| *repository == id);
    }
}
