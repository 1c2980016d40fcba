//! What commits changed, drawn. A commit never changes; that it is in the repository, and that the reader may see it, is asked before.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use hearth_git::ObjectId;
use moka::sync::Cache;

use super::{CommitDiff, Wanted};

const MOST_BYTES: u64 = 16 << 20;
/// Colours may be missing from what was drawn while the server was busy, so that nothing stays for long.
const KEPT_FOR: Duration = Duration::from_secs(600);

static KEPT: LazyLock<Cache<(ObjectId, Wanted), Arc<CommitDiff>>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(MOST_BYTES)
        .weigher(|_, drawn: &Arc<CommitDiff>| {
            let bytes: usize = drawn.files.iter().map(super::DrawnFile::size_bytes).sum();
            u32::try_from(bytes).unwrap_or(u32::MAX)
        })
        .time_to_live(KEPT_FOR)
        .build()
});

pub(super) fn find(commit: ObjectId, wanted: &Wanted) -> Option<Arc<CommitDiff>> {
    KEPT.get(&(commit, wanted.clone()))
}

pub(super) fn keep(commit: ObjectId, wanted: &Wanted, drawn: CommitDiff) -> Arc<CommitDiff> {
    let drawn = Arc::new(drawn);
    KEPT.insert((commit, wanted.clone()), Arc::clone(&drawn));
    drawn
}
