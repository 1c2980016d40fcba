//! The commits of a merge, by method. Nothing refers to them until the base branch moves.

use hearth_core::{Conflict, Error, MergeMethod, Result, Write};
use hearth_git::{
    CommitParts, Merge, ObjectId, OpenRepository, Range, Rebase, RefName, Signature, merge_ref,
};
use hearth_store::user;

use super::message;
use crate::{
    Access, App, GitResult as _,
    content::signature,
    pull_request::{Place, object},
};

/// Everything that a merge is made of.
pub(super) struct Plan {
    method: MergeMethod,
    base: ObjectId,
    head: ObjectId,
    /// Where the merge that was tried is kept; its tree is the same.
    tried: RefName,
    message: String,
    merger: Signature,
    /// Who opened the pull request, and so wrote what is squashed.
    author: Signature,
    most_commits: usize,
}

/// Reads what the merge needs from the database. Without a message, the proposed one is taken.
pub(super) async fn plan(
    app: &App,
    code: &Access<Write>,
    place: &Place,
    base: ObjectId,
    method: MergeMethod,
    message: Option<String>,
) -> Result<Plan> {
    let pull_request = &place.pull_request;
    let message = match message {
        Some(message) => message,
        None => message::proposed(app, place, method).await?.whole(),
    };
    let author = user::find(&mut app.store().read().await?, pull_request.author_id).await?;
    let merger = signature(app, code.writer());
    Ok(Plan {
        method,
        base,
        head: object(&pull_request.head_id)?,
        tried: merge_ref(pull_request.number.0),
        message,
        author: author.map_or_else(|| merger.clone(), |author| signature(app, &author)),
        merger,
        most_commits: usize::try_from(app.limits().merged_commits).unwrap_or(usize::MAX),
    })
}

/// Makes the commits, and returns the one that the base branch is to move to.
pub(super) fn build(git: &OpenRepository, plan: &Plan) -> Result<ObjectId> {
    let (base, head) = (plan.base, plan.head);
    if git.is_ancestor(head, base).map_git()? {
        return Err(Error::Conflict(Conflict::NothingToMerge));
    }
    match plan.method {
        MergeMethod::FastForwardOnly => {
            if git.is_ancestor(base, head).map_git()? {
                Ok(head)
            } else {
                Err(Error::Conflict(Conflict::NotMergeable))
            }
        }
        MergeMethod::Merge => {
            let tree = merged_tree(git, plan)?;
            write(git, plan, &plan.merger, tree, vec![base, head])
        }
        MergeMethod::Squash => {
            let tree = merged_tree(git, plan)?;
            write(git, plan, &plan.author, tree, vec![base])
        }
        MergeMethod::Rebase => rebased(git, plan),
        MergeMethod::RebaseMerge => {
            let head = rebased(git, plan)?;
            let tree = git.commit(head).map_git()?.tree;
            write(git, plan, &plan.merger, tree, vec![base, head])
        }
    }
}

/// The tree of the merge: of the one that was tried for the same two commits, else of a new one.
fn merged_tree(git: &OpenRepository, plan: &Plan) -> Result<ObjectId> {
    let tried = git.reference(&plan.tried).map_git()?;
    let tried = tried.and_then(|commit| git.commit(commit).ok());
    if let Some(tried) = tried.filter(|tried| tried.parents == [plan.base, plan.head]) {
        return Ok(tried.tree);
    }
    let tree = match git.merge(plan.base, plan.head).map_git()? {
        Merge::Clean { tree } => tree,
        Merge::Conflicts(_) => return Err(Error::Conflict(Conflict::MergeConflicts)),
    };
    if tree == git.commit(plan.base).map_git()?.tree {
        return Err(Error::Conflict(Conflict::NothingToMerge));
    }
    Ok(tree)
}

/// The head on top of the base. If it is there already, as it is.
fn rebased(git: &OpenRepository, plan: &Plan) -> Result<ObjectId> {
    let commits = own_commits(git, &Range { base: plan.base, head: plan.head }, plan.most_commits)?;
    let is_on_top = git.is_ancestor(plan.base, plan.head).map_git()?;
    if is_on_top && commits.is_linear {
        return Ok(plan.head);
    }
    match git.rebase(&commits.ids, plan.base, &plan.merger).map_git()? {
        Rebase::Done { head, .. } if head == plan.base => Err(Error::Conflict(Conflict::NothingToMerge)),
        Rebase::Done { head, .. } => Ok(head),
        Rebase::Conflicts { .. } => Err(Error::Conflict(Conflict::MergeConflicts)),
    }
}

/// The commits of a range that a rebase makes again.
pub(super) struct OwnCommits {
    /// Oldest first, without merges, as git's own rebase leaves them out.
    pub(super) ids: Vec<ObjectId>,
    /// Whether there were no merges among them.
    pub(super) is_linear: bool,
}

/// Refused if there are too many, or too many to be sure.
pub(super) fn own_commits(git: &OpenRepository, range: &Range, most: usize) -> Result<OwnCommits> {
    let found = git.commits_between(range, most.saturating_add(1)).map_git()?;
    let found = git.whole(found).map_git()?;
    if found.len() > most {
        return Err(Error::TooLarge(hearth_core::Limit {
            name: "merged-commits",
            most: most as u64,
            key: "limits.merged_commits",
        }));
    }
    let is_linear = found.iter().all(|commit| commit.parent_count < 2);
    let own = found.into_iter().filter(|commit| commit.parent_count < 2);
    Ok(OwnCommits { ids: own.map(|commit| commit.id).collect(), is_linear })
}

fn write(
    git: &OpenRepository,
    plan: &Plan,
    author: &Signature,
    tree: ObjectId,
    parents: Vec<ObjectId>,
) -> Result<ObjectId> {
    git.write_commit(&CommitParts {
        tree,
        parents,
        author: author.clone(),
        committer: plan.merger.clone(),
        message: plan.message.clone(),
    })
    .map_git()
}
