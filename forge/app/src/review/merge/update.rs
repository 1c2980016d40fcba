//! Bringing a head branch up to date with its base.

use hearth_core::{Conflict, Error, Read, Result, ThreadNumber, UpdateMethod};
use hearth_git::{CommitParts, Merge, ObjectId, OpenRepository, Range, Rebase, Signature};
use hearth_store::merge_settings;

use super::{build::own_commits, check_update_method, current, enter_head};
use crate::{
    Access, App, GitResult as _,
    content::signature,
    pull_request::{object, push_to_head},
};

/// Merges the base into the head branch, or puts the head's commits on top of it; for those who may push there. If the
/// head is another than the one that they saw, nothing happens.
pub async fn update_branch(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    method: UpdateMethod,
    expected_head: Option<ObjectId>,
) -> Result<()> {
    access.participant()?;
    let settings = merge_settings::find(&mut app.store().read().await?, access.repository().id).await?;
    check_update_method(&settings, method)?;
    let (place, base_tip) = Box::pin(current(app, access, number, expected_head)).await?;
    let pull_request = &place.pull_request;
    let (writing, branch) = enter_head(app, access, &place).await?;
    let head = object(&pull_request.head_id)?;
    let update = Update {
        method,
        base: base_tip,
        head,
        message: format!("Merge branch '{}' into {}", pull_request.base_branch, pull_request.head_branch),
        committer: signature(app, writing.writer()),
        most_commits: usize::try_from(app.limits().merged_commits).unwrap_or(usize::MAX),
    };
    let new = place.git.run_expensive(move |git| Ok(updated(git, &update))).await.map_git()??;
    push_to_head(app, &writing, &place.base, &branch, (head, new)).await
}

struct Update {
    method: UpdateMethod,
    base: ObjectId,
    head: ObjectId,
    message: String,
    committer: Signature,
    most_commits: usize,
}

/// The head that contains the base.
fn updated(git: &OpenRepository, update: &Update) -> Result<ObjectId> {
    let (base, head) = (update.base, update.head);
    if git.is_ancestor(base, head).map_git()? {
        return Err(Error::Conflict(Conflict::NothingToMerge));
    }
    match update.method {
        UpdateMethod::Merge => match git.merge(head, base).map_git()? {
            Merge::Conflicts(_) => Err(Error::Conflict(Conflict::MergeConflicts)),
            Merge::Clean { tree } => git
                .write_commit(&CommitParts {
                    tree,
                    parents: vec![head, base],
                    author: update.committer.clone(),
                    committer: update.committer.clone(),
                    message: update.message.clone(),
                })
                .map_git(),
        },
        UpdateMethod::Rebase => {
            let commits = own_commits(git, &Range { base, head }, update.most_commits)?;
            match git.rebase(&commits.ids, base, &update.committer).map_git()? {
                Rebase::Done { head, .. } => Ok(head),
                Rebase::Conflicts { .. } => Err(Error::Conflict(Conflict::MergeConflicts)),
            }
        }
    }
}
