//! Simple conflicts, resolved in the browser: the base is merged into the head branch with the files as somebody wrote
//! them.

use hearth_core::{Conflict, Error, Read, Result, ThreadNumber};
use hearth_git::{CommitParts, ConflictFile, Merge, ObjectId, ResolvedFile};

use super::{current, enter_head};
use crate::{
    Access, App, GitResult as _,
    content::signature,
    pull_request::{object, push_to_head},
};

/// The conflicts of a pull request, for the editor.
#[derive(Clone, Debug)]
pub struct Resolvable {
    pub files: Vec<ConflictFile>,
    /// The commits that were merged for this; the resolution names them again.
    pub head: ObjectId,
    pub base: ObjectId,
}

impl Resolvable {
    /// Whether all of it can be resolved here: every file is a text of a moderate size.
    pub fn is_simple(&self) -> bool {
        !self.files.is_empty() && self.files.iter().all(|file| file.merged.is_some())
    }
}

/// Every conflicting file as it is to be.
#[derive(Clone, Debug)]
pub struct Resolution {
    pub files: Vec<ResolvedFile>,
    pub expected_head: ObjectId,
    pub expected_base: ObjectId,
}

/// What has to be resolved, for those who may push to the head branch. Empty: it merges by now.
pub async fn conflicts_to_resolve(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
) -> Result<Resolvable> {
    access.participant()?;
    let (place, base) = Box::pin(current(app, access, number, None)).await?;
    enter_head(app, access, &place).await?;
    let head = object(&place.pull_request.head_id)?;
    let merged = place.git.run_expensive(move |git| git.merge(base, head)).await.map_git()?;
    let files = match merged {
        Merge::Clean { .. } => Vec::new(),
        Merge::Conflicts(files) => files,
    };
    Ok(Resolvable { files, head, base })
}

/// Merges the base into the head branch with these contents. If either has moved since the conflicts were shown, nothing
/// happens.
pub async fn resolve_conflicts(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    resolution: Resolution,
) -> Result<()> {
    access.participant()?;
    let size = resolution.files.iter().map(|file| file.content.len() as u64).sum::<u64>();
    if size > app.limits().content_bytes {
        return Err(Error::TooLarge(app.limits().content()));
    }
    let (place, base) = Box::pin(current(app, access, number, Some(resolution.expected_head))).await?;
    if base != resolution.expected_base {
        return Err(Error::Conflict(Conflict::BaseMoved));
    }
    let pull_request = &place.pull_request;
    let (writing, branch) = enter_head(app, access, &place).await?;
    let head = object(&pull_request.head_id)?;
    let message = format!("Merge branch '{}' into {}", pull_request.base_branch, pull_request.head_branch);
    let committer = signature(app, writing.writer());
    let made = place.git.run_expensive(move |git| {
        let Merge::Clean { tree } = git.merge_resolved(base, head, &resolution.files)? else {
            return Ok(None);
        };
        let parts =
            CommitParts { tree, parents: vec![head, base], author: committer.clone(), committer, message };
        git.write_commit(&parts).map(Some)
    });
    let new = made.await.map_git()?.ok_or(Error::Conflict(Conflict::MergeConflicts))?;
    push_to_head(app, &writing, &place.base, &branch, (head, new)).await
}
