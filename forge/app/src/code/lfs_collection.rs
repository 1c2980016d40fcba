//! Removing LFS objects that nothing needs any more.
//!
//! An object is needed by whatever has its pointer: any reference of the repository, hidden ones of pull requests too, and
//! whatever a deleted branch or tag pointed to, for as long as it can be restored. Besides, it is needed for
//! `limits.lfs_keep_days` by whoever sent it, or was told that it is here: they may be about to push its pointer.
//!
//! A push cannot be outrun. When a client asks, the row is marked in the same transaction in which it is found, and only rows that
//! were not marked for days are deleted; so either the row is marked first and stays, or it is deleted first and the client is
//! asked for the bytes. A repository whose references move meanwhile is left for the next round.
//!
//! Only rows are deleted here, of one repository at a time. A fork has rows of its own. The bytes follow when no row of any
//! repository is left: see [`storage::sweep`].

use std::{collections::HashSet, ops::ControlFlow, time::Duration};

use hearth_core::{RepositoryId, Result, Timestamp};
use hearth_git::{MOST_MORE_TIPS, ObjectId};
use hearth_store::{
    lfs_object::{self, LfsObject},
    push, repository as row,
};

use super::lfs::{MAX_POINTER_BYTES, Pointer};
use crate::{App, GitResult as _, repository, storage};

/// At most so many objects of a repository are looked for in one round.
const MOST_AT_ONCE: u64 = 100_000;
/// So many are written to at a time.
const MOST_WRITTEN: usize = 500;
/// Longer than any upload or push takes.
const LEAST_KEPT_DAYS: u64 = 2;

/// Whether what was found is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Remove,
    /// Only finds out what would be removed.
    DryRun,
}

/// What was removed from a repository, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    pub objects: u64,
    /// The bytes of these objects; other repositories may hold some of them too.
    pub bytes: u64,
    /// False: its references were moving, so what is left waits for another time.
    pub is_whole: bool,
}

impl Collected {
    fn of(objects: &[LfsObject], is_whole: bool) -> Self {
        let bytes = objects.iter().filter_map(|object| u64::try_from(object.size_bytes).ok()).sum();
        Self { objects: objects.len() as u64, bytes, is_whole }
    }
}

/// Objects that were not needed since then are removed, if nothing needs them now.
pub fn kept_since(app: &App) -> Timestamp {
    let days = app.limits().lfs_keep_days.max(LEAST_KEPT_DAYS);
    app.now() - Duration::from_hours(days.saturating_mul(24))
}

/// The next repository after this one that has objects to look for.
pub async fn next(app: &App, after: RepositoryId) -> Result<Option<RepositoryId>> {
    let mut reader = app.store().read().await?;
    let found = lfs_object::list_repositories_unneeded_since(&mut reader, kept_since(app), after, 1).await?;
    Ok(found.first().copied())
}

/// Removes the objects of one repository that nothing needs. Killed at any moment, it has removed some of them, and the next round
/// finds the others.
pub async fn collect(app: &App, id: RepositoryId, manner: Manner) -> Result<Collected> {
    let since = kept_since(app);
    let mut reader = app.store().read().await?;
    let Some(found) = row::find(&mut reader, id).await? else {
        return Ok(Collected::of(&[], true));
    };
    let candidates = lfs_object::list_unneeded_since(&mut reader, id, since, MOST_AT_ONCE).await?;
    let last_push = push::find_last_id(&mut reader, id).await?;
    // One more than can be looked at, so that too many are noticed.
    let most = u64::from(MOST_MORE_TIPS) + 1;
    let deleted = push::list_targets_deleted_since(&mut reader, id, restorable_since(app), most).await?;
    drop(reader);
    if app.reference_updates().are_running(id)? {
        return Ok(Collected::of(&[], false));
    }
    let git = repository::git(app, &found).await?;
    let deleted: Vec<ObjectId> = deleted.iter().filter_map(|id| id.parse().ok()).collect();
    let wanted: HashSet<String> = candidates.iter().cloned().collect();
    let unneeded = git.run_in_background(move |git| {
        let mut unneeded = wanted;
        git.visit_small_blobs(&deleted, MAX_POINTER_BYTES, |bytes| {
            if let Some(pointer) = Pointer::parse(bytes) {
                unneeded.remove(pointer.oid.as_str());
            }
            if unneeded.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(unneeded)
    });
    let unneeded = unneeded.await.map_git()?;
    if manner == Manner::DryRun {
        let unneeded: Vec<_> = unneeded.into_iter().collect();
        let mut found = Vec::new();
        for some in unneeded.chunks(MOST_WRITTEN) {
            found.extend(lfs_object::find_all(&mut app.store().read().await?, id, some).await?);
        }
        return Ok(Collected::of(&found, true));
    }
    let (unneeded, needed): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|oid| unneeded.contains(oid));
    // What was seen is not looked for again before it is as old as that.
    for some in needed.chunks(MOST_WRITTEN) {
        let mut operation = app.begin().await?;
        let now = operation.now();
        lfs_object::need(&mut operation, id, some, now).await?;
        operation.commit().await?;
    }
    remove(app, id, &unneeded, Seen { since, last_push }).await
}

/// What holds if nothing has changed since the references were read.
#[derive(Clone, Copy, Debug)]
struct Seen {
    since: Timestamp,
    last_push: Option<i64>,
}

async fn remove(app: &App, id: RepositoryId, unneeded: &[String], seen: Seen) -> Result<Collected> {
    let mut removed: Vec<LfsObject> = Vec::new();
    for some in unneeded.chunks(MOST_WRITTEN) {
        let mut operation = app.begin().await?;
        // Whoever makes a fork locks it too, and so copies all rows or none.
        row::lock(&mut operation, id).await?;
        let has_moved = push::find_last_id(&mut operation, id).await? != seen.last_push;
        if has_moved || app.reference_updates().are_running(id)? {
            return Ok(Collected::of(&removed, false));
        }
        removed.extend(lfs_object::delete_unneeded_since(&mut operation, id, some, seen.since).await?);
        storage::request_sweep(&mut operation).await?;
        operation.commit().await?;
    }
    let collected = Collected::of(&removed, true);
    if collected.objects > 0 {
        let Collected { objects, bytes, .. } = collected;
        tracing::info!(repository = %id, objects, bytes, "removed large files that nothing needs");
    }
    Ok(collected)
}

/// What branches and tags that were deleted since then pointed to can be restored.
fn restorable_since(app: &App) -> Timestamp {
    app.now() - Duration::from_hours(app.limits().restore_days.saturating_mul(24))
}
