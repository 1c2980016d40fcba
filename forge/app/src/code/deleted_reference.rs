//! Deleted branches and tags, as the records of pushes have them. For some time they can be restored, as long as what they
//! pointed to is still stored.

use std::time::Duration;

use hearth_core::{Conflict, Error, Kind, Result, RuleKind, Timestamp, UserName, Write};
use hearth_git::{BranchName, ObjectId, RefName, RefUpdate, TagName};
use hearth_store::push::{self as row, Deleted};

use super::reference::move_references;
use crate::{Access, App, GitResult as _, repository};

/// At most this many are listed.
const MOST: u64 = 100;

/// A branch or tag that is gone.
#[derive(Clone, Debug)]
pub struct DeletedReference {
    /// Its short name.
    pub name: String,
    /// What it pointed to.
    pub target: ObjectId,
    /// Whether that is still stored; otherwise it cannot be restored.
    pub is_stored: bool,
    /// None: it was found after a crash, or the account is gone.
    pub by: Option<UserName>,
    pub deleted_at: Timestamp,
    /// Until when it can be restored.
    pub restorable_until: Timestamp,
}

const fn prefix(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Branch => BranchName::PREFIX,
        RuleKind::Tag => TagName::PREFIX,
    }
}

fn time_to_restore(app: &App) -> Duration {
    Duration::from_hours(app.limits().restore_days.saturating_mul(24))
}

/// The branches or tags that were deleted lately, the last one first.
pub async fn list(app: &App, access: &Access<Write>, kind: RuleKind) -> Result<Vec<DeletedReference>> {
    let repository = access.repository();
    let since = app.now() - time_to_restore(app);
    let mut reader = app.store().read().await?;
    let found = row::list_deleted(&mut reader, repository.id, prefix(kind), since, MOST).await?;
    drop(reader);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let targets: Vec<Option<ObjectId>> = found.iter().map(|deleted| deleted.old_id.parse().ok()).collect();
    let git = repository::git(app, repository).await?;
    let wanted = targets.clone();
    let stored = git.run(move |git| {
        Ok(wanted.into_iter().map(|id| id.is_some_and(|id| git.has_object(id))).collect::<Vec<_>>())
    });
    let stored = stored.await.map_git()?;
    let known = found.into_iter().zip(targets).zip(stored);
    Ok(known
        .filter_map(|((deleted, target), is_stored)| shown(app, kind, deleted, target?, is_stored))
        .collect())
}

fn shown(
    app: &App,
    kind: RuleKind,
    deleted: Deleted,
    target: ObjectId,
    is_stored: bool,
) -> Option<DeletedReference> {
    Some(DeletedReference {
        name: deleted.ref_name.strip_prefix(prefix(kind))?.to_owned(),
        target,
        is_stored,
        by: deleted.by,
        deleted_at: deleted.deleted_at,
        restorable_until: deleted.deleted_at + time_to_restore(app),
    })
}

/// Makes a deleted branch or tag again where it was, by the rules for making one.
pub async fn restore(app: &App, access: &Access<Write>, kind: RuleKind, name: &str) -> Result<()> {
    let not_found = match kind {
        RuleKind::Branch => Kind::Branch,
        RuleKind::Tag => Kind::Tag,
    };
    let full = RefName::new(format!("{}{name}", prefix(kind))).map_err(|_| Error::NotFound(not_found))?;
    let repository = access.repository();
    let since = app.now() - time_to_restore(app);
    let mut reader = app.store().read().await?;
    let deleted = row::find_deleted(&mut reader, repository.id, full.as_str(), since).await?;
    drop(reader);
    let deleted = deleted.ok_or(Error::NotFound(not_found))?;
    let target: ObjectId = deleted.old_id.parse().map_err(|_| Error::NotFound(not_found))?;
    let git = repository::git(app, repository).await?;
    if !git.run(move |git| Ok(git.has_object(target))).await.map_git()? {
        return Err(Error::Conflict(Conflict::ObjectsGone));
    }
    move_references(app, access, &git, &[RefUpdate { name: full, old: None, new: Some(target) }]).await
}
