use std::collections::BTreeMap;

use hearth_core::{RepositoryId, Result};
use hearth_git::{BranchName, ObjectId, RefName, RefUpdate, TagName};
use hearth_store::{
    push,
    repository::{self, Repository},
};

use super::record::record_found;
use crate::{
    App, GitResult as _,
    repository::{git, update_head},
};

/// Compares the references of every repository with the record of pushes, and records what was lost to a stop
/// between the two. Returns how many references differed.
pub async fn reconcile(app: &App) -> Result<usize> {
    let ids = repository::list_ids(&mut app.store().read().await?).await?;
    let mut found = 0;
    for id in ids {
        match reconcile_one(app, id).await {
            Ok(count) => found += count,
            // One damaged repository must not keep the others from being checked.
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(repo.id = %id, error, "a repository cannot be compared with its record");
            }
        }
    }
    Ok(found)
}

/// The same for one repository. If references are changing, it is put off to the next round.
pub async fn reconcile_one(app: &App, id: RepositoryId) -> Result<usize> {
    let found = differences(app, id).await?;
    // This check has to come afterwards: an update that began earlier may be in the files but not yet in the
    // record.
    if app.reference_updates().are_running(id)? {
        app.reference_updates().mark_unrecorded(id);
        return Ok(0);
    }
    let Some(found) = found.filter(|found| !found.is_none()) else { return Ok(0) };
    if found.is_head_elsewhere {
        tracing::info!(repo.id = %id, "HEAD points to the default branch again");
        update_head(app, id).await?;
    }
    if found.moved.is_empty() && !found.is_empty_wrong {
        return Ok(0);
    }
    let recorded = record_found(app, &found.row, &found.moved).await?;
    tracing::info!(repo.id = %id, references = recorded, "recorded a push whose record was missing after a stop");
    Ok(recorded)
}

/// How the files and the record differ.
struct Differences {
    row: Repository,
    moved: Vec<RefUpdate>,
    is_head_elsewhere: bool,
    /// The row's `is_empty` does not match whether there is a branch.
    is_empty_wrong: bool,
}

impl Differences {
    fn is_none(&self) -> bool {
        self.moved.is_empty() && !self.is_head_elsewhere && !self.is_empty_wrong
    }
}

/// None: the repository no longer exists.
async fn differences(app: &App, id: RepositoryId) -> Result<Option<Differences>> {
    let mut reader = app.store().read().await?;
    let Some(row) = repository::find(&mut reader, id).await? else { return Ok(None) };
    let recorded = push::list_tips(&mut reader, id).await?;
    drop(reader);
    let files = git(app, &row).await?;
    let (actual, head, is_empty) = files
        .run_in_background(|git| {
            let mut all = git.references(BranchName::PREFIX)?;
            let is_empty = all.is_empty();
            all.extend(git.references(TagName::PREFIX)?);
            Ok((all, git.default_branch()?, is_empty))
        })
        .await
        .map_git()?;
    let mut both: BTreeMap<RefName, (Option<ObjectId>, Option<ObjectId>)> = BTreeMap::new();
    for (name, tip) in recorded {
        if let (Ok(name), Ok(tip)) = (RefName::new(name), tip.parse()) {
            both.entry(name).or_default().0 = Some(tip);
        }
    }
    for (name, tip) in actual {
        both.entry(name).or_default().1 = Some(tip);
    }
    // Other references, such as notes, are recorded when they are pushed, but not reconciled.
    let is_looked_for = |name: &RefName| name.branch().is_some() || name.tag().is_some();
    let differing = both.into_iter().filter(|(name, (old, new))| old != new && is_looked_for(name));
    let moved = differing.map(|(name, (old, new))| RefUpdate { name, old, new }).collect();
    let is_head_elsewhere = head.as_str() != row.default_branch;
    let is_empty_wrong = is_empty != row.is_empty;
    Ok(Some(Differences { row, moved, is_head_elsewhere, is_empty_wrong }))
}
