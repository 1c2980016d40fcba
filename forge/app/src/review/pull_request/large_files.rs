//! Large files that a pull request from a fork brings along: git has their pointers only, so the base repository is
//! given the objects that the fork has received.

use hearth_core::Result;
use hearth_git::{OpenRepository, Range, TreePath};
use hearth_store::lfs_object::{self, LfsObject};

use super::refresh::Place;
use crate::{
    App, GitResult as _,
    lfs::{MAX_POINTER_BYTES, Pointer},
};

/// Of so many changed files, the pointers are read; a pull request that changes more is not merged in one piece.
const MOST_FILES: usize = 20_000;

/// The objects that the base repository needs for a version and the fork has, for its rows.
pub(super) async fn needed(app: &App, place: &Place, range: Range) -> Result<Vec<LfsObject>> {
    let Some(fork) = place.head.as_ref().filter(|head| head.repository.id != place.base.id) else {
        return Ok(Vec::new());
    };
    let oids = place.git.run_in_background(move |git| pointers(git, range)).await.map_git()?;
    if oids.is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = app.store().read().await?;
    let mut found = Vec::new();
    for some in oids.chunks(MOST_AT_ONCE) {
        found.extend(lfs_object::find_all(&mut reader, fork.repository.id, some).await?);
    }
    Ok(found.into_iter().map(|object| LfsObject { repository_id: place.base.id, ..object }).collect())
}

/// So many objects are looked up by one query.
const MOST_AT_ONCE: usize = 500;

/// The ids in the pointers among the changed files. What costs too much to look through is left out.
fn pointers(git: &OpenRepository, range: Range) -> hearth_git::Result<Vec<String>> {
    let changed = match git.changed_paths(range.base, range.head, MOST_FILES) {
        Err(hearth_git::Error::OverBudget { .. } | hearth_git::Error::TooLarge { .. }) => {
            return Ok(Vec::new());
        }
        changed => changed?.value,
    };
    let mut oids = Vec::new();
    for path in changed {
        let Ok(path) = TreePath::file(path) else { continue };
        let entry = git.find_entry(range.head, &path)?.filter(|entry| entry.kind.is_blob());
        let Some(entry) = entry else { continue };
        let text = git.blob(entry.id, MAX_POINTER_BYTES)?.data;
        oids.extend(
            text.and_then(|text| Pointer::parse(&text)).map(|pointer| pointer.oid.as_str().to_owned()),
        );
    }
    oids.sort_unstable();
    oids.dedup();
    Ok(oids)
}
