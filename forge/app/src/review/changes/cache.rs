//! Differences between commits, drawn. They never change, and everybody who reviews a pull request looks at the same ones; who may
//! see them is asked before.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use hearth_git::Range;
use moka::sync::Cache;

use super::Shown;
use crate::code::{DrawnFile, Wanted};

const MOST_BYTES: u64 = 32 << 20;
/// Colours may be missing from what was drawn while the server was busy, so that nothing stays for long.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// What a name takes besides its text.
const NAME_BYTES: usize = 96;

/// What is shown, and how. A short id of a commit is looked for in the version alone, so that it stays the same commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) range: Range,
    pub(super) since: Option<Range>,
    pub(super) commit: Option<String>,
    pub(super) wanted: Wanted,
}

static SHOWN: LazyLock<Cache<Key, Arc<Shown>>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(MOST_BYTES)
        .weigher(|_, shown: &Arc<Shown>| u32::try_from(bytes(shown)).unwrap_or(u32::MAX))
        .time_to_live(KEPT_FOR)
        .build()
});

pub(super) fn find(key: &Key) -> Option<Arc<Shown>> {
    SHOWN.get(key)
}

pub(super) fn keep(key: Key, shown: Shown) -> Arc<Shown> {
    let shown = Arc::new(shown);
    SHOWN.insert(key, Arc::clone(&shown));
    shown
}

/// What it takes in memory, roughly.
fn bytes(shown: &Shown) -> usize {
    let names: usize = shown.names.iter().map(|name| name.path.len() + NAME_BYTES).sum();
    names + shown.files.iter().map(DrawnFile::size_bytes).sum::<usize>()
}
