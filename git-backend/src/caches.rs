//! In-memory caches of the store, bounded in size.

use std::sync::Arc;

use crate::{
    AheadBehind, Blame, Diff, ObjectId, PatchId, PathHistory, StorageId, TreePath, last_commit::LastCommits,
};

/// Answers for one folder, newest first.
pub(crate) type Answers = Arc<[Arc<LastCommits>]>;

/// Caches of the whole store.
pub(crate) struct Caches {
    /// Commits reachable from a commit. The answer never changes, whatever the repository.
    pub(crate) commit_counts: moka::sync::Cache<ObjectId, u64>,
    /// The latest of these counts per repository, from which the next one is computed.
    pub(crate) latest_counts: moka::sync::Cache<StorageId, (ObjectId, u64)>,
    /// How far two histories are apart. The answer never changes either.
    pub(crate) distances: moka::sync::Cache<(ObjectId, ObjectId), AheadBehind>,
    /// What a commit changed against its first parent, without the lines. The answer never changes either.
    pub(crate) diff_counts: moka::sync::Cache<ObjectId, Arc<Diff>>,
    /// The latest answers for a folder; the next one is computed from them.
    pub(crate) last_commits: moka::sync::Cache<(StorageId, TreePath), Answers>,
    /// The identity of what a commit changed against its first parent. The answer never changes either.
    pub(crate) patch_ids: moka::sync::Cache<ObjectId, PatchId>,
    /// Who wrote the lines of a file. The answer never changes.
    pub(crate) blames: moka::sync::Cache<(StorageId, ObjectId, TreePath), Arc<Blame>>,
    /// The latest history of a path, by whether renamed files are followed.
    pub(crate) path_histories: moka::sync::Cache<(StorageId, TreePath, bool), Arc<PathHistory>>,
    /// What `upload-pack` announces in version 2 of the protocol, the same for all repositories.
    pub(crate) capabilities: std::sync::OnceLock<Vec<u8>>,
}

/// Entries of folders remembered over all repositories; an entry takes about 150 bytes.
const LAST_COMMIT_ENTRIES: u64 = 200_000;
const COMMIT_COUNTS: u64 = 10_000;
const DISTANCES: u64 = 50_000;
/// Changed files in the counts of commits; one takes about 400 bytes.
const COUNTED_FILES: u64 = 50_000;
const PATCH_IDS: u64 = 100_000;
/// Stretches of lines with one origin, over all files; one takes about 60 bytes.
const BLAME_RUNS: u64 = 200_000;
/// Commits in the histories of paths; one takes about 100 bytes.
const PATH_CHANGES: u64 = 100_000;

impl Default for Caches {
    fn default() -> Self {
        Self {
            commit_counts: moka::sync::Cache::new(COMMIT_COUNTS),
            latest_counts: moka::sync::Cache::new(COMMIT_COUNTS),
            distances: moka::sync::Cache::new(DISTANCES),
            diff_counts: moka::sync::Cache::builder()
                .max_capacity(COUNTED_FILES)
                .weigher(|_, counts: &Arc<Diff>| u32::try_from(counts.files.len() + 1).unwrap_or(u32::MAX))
                .build(),
            last_commits: moka::sync::Cache::builder()
                .max_capacity(LAST_COMMIT_ENTRIES)
                .weigher(|_, answers: &Answers| {
                    let entries: usize = answers.iter().map(|answer| answer.len() + 4).sum();
                    u32::try_from(entries).unwrap_or(u32::MAX)
                })
                .support_invalidation_closures()
                .build(),
            patch_ids: moka::sync::Cache::new(PATCH_IDS),
            blames: moka::sync::Cache::builder()
                .max_capacity(BLAME_RUNS)
                .weigher(|_, blame: &Arc<Blame>| u32::try_from(blame.runs.len() + 4).unwrap_or(u32::MAX))
                .support_invalidation_closures()
                .build(),
            path_histories: moka::sync::Cache::builder()
                .max_capacity(PATH_CHANGES)
                .weigher(|_, history: &Arc<PathHistory>| history.weight())
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
        let forgotten = id.clone();
        let _ = self.blames.invalidate_entries_if(move |(repository, ..), _| *repository == forgotten);
        let gone = id.clone();
        let _ = self.path_histories.invalidate_entries_if(move |(repository, ..), _| *repository == gone);
        let _ = self.last_commits.invalidate_entries_if(move |(repository, _), _| *repository == id);
    }
}
