//! The head branch of a pull request: where it is now, and how the server moves it for somebody.

use hearth_core::{Conflict, Error, Kind, Result, Unit, Write};
use hearth_git::{BranchName, ObjectId, RefUpdate};
use hearth_store::{
    Ask, push as push_row,
    repository::{self, Repository},
    user,
};

use super::PullRequest;
use crate::{
    Access, Actor, App, GitResult as _, access,
    branch_rule::{self, Objects, Way},
    push,
    repository::git,
};

/// A head branch as it is in the files.
pub(crate) struct HeadBranch {
    pub(crate) repository: Repository,
    pub(crate) git: hearth_git::Repository,
    pub(crate) name: BranchName,
    /// None: it was deleted.
    pub(crate) tip: Option<ObjectId>,
}

impl HeadBranch {
    /// None: its repository is gone, for the author of the pull request at least: see [`is_shown_head`].
    pub(crate) async fn find(app: &App, pull_request: &PullRequest) -> Result<Option<Self>> {
        let Some(id) = pull_request.head_repository_id else { return Ok(None) };
        let mut reader = app.store().read().await?;
        let Some(repository) = repository::find(&mut reader, id).await? else { return Ok(None) };
        if !is_shown_head(&mut reader, pull_request, &repository).await? {
            return Ok(None);
        }
        drop(reader);
        let git = git(app, &repository).await?;
        let name = BranchName::new(pull_request.head_branch.clone()).map_err(Error::internal)?;
        let wanted = name.clone();
        let tip = git.run(move |git| git.branch(&wanted)).await.map_git()?;
        Ok(Some(Self { repository, git, name, tip }))
    }

    /// Whether the push that brought the branch to its tip is recorded. If not, its record is about to move the pull
    /// request.
    pub(crate) async fn is_recorded(&self, ask: &mut impl Ask) -> Result<bool> {
        let known = push_row::find_tip(ask, self.repository.id, self.name.full().as_str()).await?;
        Ok(known.unwrap_or_default() == self.tip.map(|tip| tip.to_string()).unwrap_or_default())
    }
}

/// Whether what is pushed to this head goes on to be shown in the pull request: as long as its author may read it. Whoever
/// has lost access to a private repository gets no more of it through a pull request that they opened before.
pub(super) async fn is_shown_head(
    ask: &mut impl Ask,
    pull_request: &PullRequest,
    head: &Repository,
) -> Result<bool> {
    if !pull_request.is_from_fork() || !head.visibility.is_private() {
        return Ok(true);
    }
    let Some(author) = user::find(ask, pull_request.author_id).await? else { return Ok(false) };
    let entered = access::enter(ask, &Actor::person(author), Unit::Code, head.clone()).await;
    Ok(access::if_seen(entered)?.is_some())
}

/// Moves a head branch from one commit to another, which lies in the base repository, and records that as a push.
/// Refused if the branch is elsewhere by now, or if a rule forbids it.
pub(crate) async fn push_to_head(
    app: &App,
    head: &Access<Write>,
    base: &Repository,
    branch: &BranchName,
    (old, new): (ObjectId, ObjectId),
) -> Result<()> {
    let files = git(app, head.repository()).await?;
    let base_files = git(app, base).await?;
    let update = RefUpdate { name: branch.full(), old: Some(old), new: Some(new) };
    let updates = std::slice::from_ref(&update);
    let allowed =
        branch_rule::check_updates(app, head, Way::Push, Objects::Stored(&base_files), updates).await?;
    let reference_update = app.reference_updates().begin(head.repository().id);
    let moved = if head.repository().id == base.id {
        files.update_references(updates).await
    } else {
        files.take_from(&base_files, new, updates).await
    };
    if let Err(error) = moved {
        if is_refusal(&error) {
            reference_update.recorded();
        }
        return Err(of_head(error));
    }
    push::record_allowed(app, head, updates, &allowed).await?;
    reference_update.recorded();
    Ok(())
}

/// Whether references certainly did not move. After any other error they may have: the repository is compared with its
/// record soon.
pub(crate) const fn is_refusal(error: &hearth_git::Error) -> bool {
    matches!(
        error,
        hearth_git::Error::Conflict { .. }
            | hearth_git::Error::NameTaken(_)
            | hearth_git::Error::RevisionNotFound
    )
}

/// A head that is not where it was expected has moved.
pub(super) fn of_head(error: hearth_git::Error) -> Error {
    match error {
        hearth_git::Error::Conflict { .. } => Error::Conflict(Conflict::HeadMoved),
        other => Err::<(), _>(other).map_git().expect_err("it is an error"),
    }
}

/// The branch that a name of a form or of a request means.
pub(crate) fn branch(field: &'static str, name: &str) -> Result<BranchName> {
    BranchName::new(name.trim()).map_err(|_| Error::field(field, "ref-name"))
}

/// The tip of an existing branch.
pub(crate) async fn tip_of(git: &hearth_git::Repository, name: &BranchName) -> Result<ObjectId> {
    let wanted = name.clone();
    let tip = git.run(move |git| git.branch(&wanted)).await.map_git()?;
    tip.ok_or(Error::NotFound(Kind::Branch))
}
