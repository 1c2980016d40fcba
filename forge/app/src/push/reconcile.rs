use std::{collections::BTreeMap, time::Duration};

use hearth_core::{Error, RepositoryId, Result};
use hearth_git::{BranchName, ObjectId, RefName, RefUpdate, TagName};
use hearth_store::{push, repository};

use super::record;
use crate::{App, GitResult as _, repository::git};

/// A push that is going on right now may have moved references and not recorded them yet: it is given this long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Compares the references of every repository with the record of pushes, and records what a stop between the two left
/// out. Gives how many references were found.
pub async fn reconcile(app: &App) -> Result<usize> {
    let ids = repository::list_ids(&mut app.store().read().await?).await?;
    let mut found = 0;
    for id in ids {
        match reconcile_one(app, id).await {
            Ok(count) => found += count,
            // One damaged repository does not keep the others from being looked at.
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(repo.id = %id, error, "a repository cannot be compared with its record");
            }
        }
    }
    Ok(found)
}

async fn reconcile_one(app: &App, id: RepositoryId) -> Result<usize> {
    let first = differences(app, id).await?;
    if first.is_empty() {
        return Ok(0);
    }
    tokio::time::sleep(PATIENCE).await;
    let second = differences(app, id).await?;
    let lost: Vec<_> = first.into_iter().filter(|update| second.contains(update)).collect();
    if lost.is_empty() {
        return Ok(0);
    }
    let row = repository::find(&mut app.store().read().await?, id).await?;
    let row = row.ok_or(Error::NotFound(hearth_core::Kind::Repository))?;
    tracing::info!(repo.id = %id, references = lost.len(), "recorded a push that a stop had cut off from its record");
    record(app, &row, None, &lost).await?;
    Ok(lost.len())
}

/// Where the references and the record differ.
async fn differences(app: &App, id: RepositoryId) -> Result<Vec<RefUpdate>> {
    let mut reader = app.store().read().await?;
    let Some(row) = repository::find(&mut reader, id).await? else { return Ok(Vec::new()) };
    let recorded = push::list_tips(&mut reader, id).await?;
    drop(reader);
    let files = git(app, &row).await?;
    let actual = files
        .run_in_background(|git| {
            let mut all = git.references(BranchName::PREFIX)?;
            all.extend(git.references(TagName::PREFIX)?);
            Ok(all)
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
    // Notes are recorded when they are pushed, and not looked for here.
    let is_looked_for = |name: &RefName| name.branch().is_some() || name.tag().is_some();
    let differing = both.into_iter().filter(|(name, (old, new))| old != new && is_looked_for(name));
    Ok(differing.map(|(name, (old, new))| RefUpdate { name, old, new }).collect())
}
