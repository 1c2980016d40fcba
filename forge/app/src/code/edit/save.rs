//! Saving: one commit, wherever its author may make it.

use hearth_core::{Error, Permission, Read, Result, Unit, Write};
use hearth_git::{BranchName, TreePath};

use crate::{
    Access, App, GitResult as _, access,
    code::RevisionPath,
    content::{self, Action, Committed, FileChange},
    fork, reference,
    repository::{self, Repository},
};

/// The changes of one commit.
#[derive(Clone, Debug)]
pub struct FileSet {
    pub changes: Vec<(String, Action)>,
    /// Empty: made from the changes.
    pub message: String,
}

/// Where the commit is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To the branch itself.
    Branch,
    /// To a new branch that begins there. In the repository for those who may write there, for others in their fork,
    /// which is made if there is none.
    NewBranch(String),
}

/// Where the commit is.
#[derive(Clone, Debug)]
pub struct Saved {
    pub path: TreePath,
    pub branch: BranchName,
    /// The fork that it is in; none: the repository itself.
    pub fork: Option<Repository>,
    /// Whether it is on a branch that was made for it.
    pub is_proposed: bool,
}

/// Commits the changes on top of a place's branch.
pub async fn save(
    app: &App,
    access: &Access<Read>,
    place: &RevisionPath,
    set: FileSet,
    target: Target,
) -> Result<Saved> {
    let base = place.revision.name().to_owned();
    match target {
        Target::Branch => {
            let made = commit(app, &access.write()?, set, base, None).await?;
            Ok(Saved { path: made.path, branch: made.branch, fork: None, is_proposed: false })
        }
        Target::NewBranch(name) if access.can(Permission::Write) => {
            let name = Some(checked(&name)?);
            let made = commit(app, &access.write()?, set, base, name).await?;
            Ok(Saved { path: made.path, branch: made.branch, fork: None, is_proposed: true })
        }
        Target::NewBranch(name) => propose(app, access, place, set, checked(&name)?).await,
    }
}

/// Commits to a new branch of the actor's fork.
async fn propose(
    app: &App,
    access: &Access<Read>,
    place: &RevisionPath,
    set: FileSet,
    name: String,
) -> Result<Saved> {
    let fork = fork_of(app, access).await?;
    let writing = access::open_by_id(app, access.actor(), Unit::Code, fork.id).await?.write()?;
    let (from, to) = (repository::git(app, access.repository()).await?, repository::git(app, &fork).await?);
    to.take_from(&from, place.commit, &[]).await.map_git()?;
    reference::create_branch(app, &writing, &name, &place.commit.to_string()).await?;
    match commit(app, &writing, set, name.clone(), None).await {
        Ok(made) => Ok(Saved { path: made.path, branch: made.branch, fork: Some(fork), is_proposed: true }),
        Err(error) => {
            // The branch was made for this commit only.
            if let Err(kept) = reference::delete_branch(app, &writing, &name).await {
                tracing::warn!(error = %kept, branch = name, "a branch without its commit is left in a fork");
            }
            Err(error)
        }
    }
}

async fn commit(
    app: &App,
    access: &Access<Write>,
    set: FileSet,
    branch: String,
    new_branch: Option<String>,
) -> Result<Committed> {
    let mut changes = set.changes.into_iter();
    let Some((path, action)) = changes.next() else { return Err(Error::field("files", "required")) };
    let message = Some(set.message).filter(|message| !message.trim().is_empty());
    let change = FileChange { path, action, branch: Some(branch), new_branch, message, author: None };
    content::change_all(app, access, change, changes.collect()).await
}

/// The actor's fork, which is made if there is none.
async fn fork_of(app: &App, access: &Access<Read>) -> Result<Repository> {
    let owner = access.participant()?.id.into();
    match fork::find_of_owner(app, access, owner).await? {
        Some(fork) => Ok(fork),
        None => fork::fork(app, access, owner, None).await,
    }
}

fn checked(name: &str) -> Result<String> {
    let name = BranchName::new(name.trim()).map_err(|_| Error::field("new_branch", "ref-name"))?;
    Ok(name.as_str().to_owned())
}

/// The most names that are tried.
const MOST_TRIES: usize = 1_000;

/// A name for a new branch of the actor, which is free where [`save`] would make it.
pub async fn free_branch_name(app: &App, access: &Access<Read>) -> Result<String> {
    let person = access.participant()?;
    let home = if access.can(Permission::Write) {
        Some(access.repository().clone())
    } else {
        fork::find_of_owner(app, access, person.id.into()).await?
    };
    let start = format!("{}-patch-", person.name);
    let Some(home) = home else { return Ok(format!("{start}1")) };
    let git = repository::git(app, &home).await?;
    git.run(move |git| {
        let names = (1..=MOST_TRIES).map(|number| format!("{start}{number}"));
        let mut last = String::new();
        for name in names {
            let is_free = match BranchName::new(&name) {
                Ok(branch) => git.branch(&branch)?.is_none(),
                Err(_) => true,
            };
            last = name;
            if is_free {
                break;
            }
        }
        Ok(last)
    })
    .await
    .map_git()
}
