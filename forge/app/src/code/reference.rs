//! Branches and tags, changed through pages and the API: as a push would, by the same rules.

use hearth_core::{Action, Conflict, Error, Kind, Permission, Result, Write};
use hearth_git::{BranchName, NewTag, ObjectId, RefUpdate, TagName};

use super::{
    branch_rename::{self, Renaming},
    content::{branch, resolve, signature},
};
use crate::{
    Access, App, GitResult as _,
    branch_rule::{self, Objects, Way},
    push, repository,
};

/// Creates a branch at a revision.
pub async fn create_branch(
    app: &App,
    access: &Access<Write>,
    name: &str,
    revision: &str,
) -> Result<BranchName> {
    let name = branch("new_branch_name", name.to_owned())?;
    let git = repository::git(app, access.repository()).await?;
    let revision = revision.to_owned();
    let commit = git.run(move |git| resolve(git, &revision)).await.map_git()?;
    move_references(app, access, &git, &[RefUpdate { name: name.full(), old: None, new: Some(commit) }])
        .await?;
    Ok(name)
}

/// Deletes a branch; the default branch cannot be deleted.
pub async fn delete_branch(app: &App, access: &Access<Write>, name: &str) -> Result<()> {
    let name = BranchName::new(name).map_err(|_| Error::NotFound(Kind::Branch))?;
    let git = repository::git(app, access.repository()).await?;
    let wanted = name.clone();
    let tip = git.run(move |git| git.branch(&wanted)).await.map_git()?;
    let update =
        RefUpdate { name: name.full(), old: Some(tip.ok_or(Error::NotFound(Kind::Branch))?), new: None };
    move_references(app, access, &git, &[update]).await
}

/// Renames a branch. For the rules, the old name is deleted and the new one created. The default branch, which only
/// administrators rename, stays the default under its new name. Open pull requests, rules that name it and addresses follow.
pub async fn rename_branch(app: &App, access: &Access<Write>, from: &str, to: &str) -> Result<BranchName> {
    let from = BranchName::new(from).map_err(|_| Error::NotFound(Kind::Branch))?;
    let to = branch("name", to.to_owned())?;
    if from == to {
        return Ok(to);
    }
    let is_default = access.repository().default_branch == from.as_str();
    if is_default && !access.can(Permission::Administer) {
        return Err(Error::Forbidden(Action::ProtectedBranch));
    }
    let git = repository::git(app, access.repository()).await?;
    let (was, is) = (from.clone(), to.clone());
    let (tip, taken) = git.run(move |git| Ok((git.branch(&was)?, git.branch(&is)?))).await.map_git()?;
    let tip = tip.ok_or(Error::NotFound(Kind::Branch))?;
    if taken.is_some() {
        return Err(Error::Conflict(Conflict::BranchExists));
    }
    let renaming = Renaming { from, to: to.clone(), tip, is_default };
    branch_rename::rename(app, access, &git, &renaming).await?;
    Ok(to)
}

/// Where a branch is to be moved.
#[derive(Clone, Debug)]
pub struct BranchMove {
    /// A commit.
    pub to: String,
    /// Where the caller saw the branch; none: wherever it is.
    pub from: Option<String>,
    /// Whether commits of the branch may be left behind.
    pub is_forced: bool,
}

/// Moves a branch to another commit: forwards only, unless it is forced.
pub async fn move_branch(app: &App, access: &Access<Write>, name: &str, wanted: BranchMove) -> Result<()> {
    let name = BranchName::new(name).map_err(|_| Error::NotFound(Kind::Branch))?;
    let git = repository::git(app, access.repository()).await?;
    let (branch, to, is_forced) = (name.clone(), wanted.to, wanted.is_forced);
    let (tip, new, loses) = git
        .run_expensive(move |git| {
            let Some(tip) = git.branch(&branch)? else { return Ok((None, None, false)) };
            let new = git.resolve_commit(&to)?;
            // A history that is too long to compare counts as one that is left behind.
            let loses = !is_forced && git.whole(git.ahead_behind(tip, new)?)?.ahead > 0;
            Ok((Some(tip), Some(new), loses))
        })
        .await
        .map_git()?;
    let tip = tip.ok_or(Error::NotFound(Kind::Branch))?;
    let seen = wanted.from.filter(|id| !id.is_empty()).map(|id| id.parse::<ObjectId>());
    match seen.transpose().map_err(|_| Error::field("old_commit_id", "malformed"))? {
        Some(seen) if seen != tip => return Err(Error::field("old_commit_id", "moved")),
        _ if loses => return Err(Error::field("new_commit_id", "not-forward")),
        _ => {}
    }
    if new == Some(tip) {
        return Ok(());
    }
    move_references(app, access, &git, &[RefUpdate { name: name.full(), old: Some(tip), new }]).await
}

/// Tags a revision: with a message, by a tag of its own that says who made it; without one, by the name alone.
pub async fn create_tag(
    app: &App,
    access: &Access<Write>,
    name: &str,
    revision: &str,
    message: &str,
) -> Result<TagName> {
    let name = TagName::new(name).map_err(|_| Error::field("tag_name", "ref-name"))?;
    if message.contains('\0') || message.len() as u64 > app.limits().text_bytes {
        return Err(Error::field("message", "too-long"));
    }
    let git = repository::git(app, access.repository()).await?;
    let (revision, message) = (revision.to_owned(), message.to_owned());
    let (new, tagger) = (name.clone(), signature(app, access.writer()));
    let made = git.run(move |git| {
        let target = resolve(git, &revision)?;
        if message.trim().is_empty() || git.reference(&new.full())?.is_some() {
            return Ok(target);
        }
        git.write_tag(&NewTag { name: new, target, tagger, message })
    });
    let made = made.await.map_git()?;
    move_references(app, access, &git, &[RefUpdate { name: name.full(), old: None, new: Some(made) }])
        .await?;
    Ok(name)
}

/// Deletes a tag.
pub async fn delete_tag(app: &App, access: &Access<Write>, name: &str) -> Result<()> {
    let name = TagName::new(name).map_err(|_| Error::NotFound(Kind::Tag))?;
    let git = repository::git(app, access.repository()).await?;
    let full = name.full();
    let tip = git.run(move |git| git.reference(&full)).await.map_git()?;
    let old = Some(tip.ok_or(Error::NotFound(Kind::Tag))?);
    move_references(app, access, &git, &[RefUpdate { name: name.full(), old, new: None }]).await
}

/// Moves branches and tags, as far as the rules let whoever asks, and records that as a push.
pub(crate) async fn move_references(
    app: &App,
    access: &Access<Write>,
    git: &hearth_git::Repository,
    updates: &[RefUpdate],
) -> Result<()> {
    let allowed = branch_rule::check_updates(app, access, Way::Push, Objects::Stored(git), updates).await?;
    let reference_update = app.reference_updates().begin(access.repository().id);
    git.update_references(updates).await.map_git()?;
    push::record_allowed(app, access, updates, &allowed).await?;
    reference_update.recorded();
    Ok(())
}
