use hearth_core::{PageRequest, Read, Result};
use hearth_git::{Answer, Branch, Commit, Log, OpenRepository, PathChange, Tag};

use super::{RevisionPath, as_not_found, locate_in};
use crate::{Access, App, GitResult as _, repository};

/// Part of a history, newest first.
#[derive(Clone, Debug)]
pub struct CommitPage {
    pub commits: Vec<Commit>,
    /// For the history of a file: its path at each of these commits, and its name before where the commit renamed it.
    pub names: Vec<PathChange>,
    pub has_next: bool,
    /// Whether older commits are left out, because finding them would take too long.
    pub is_cut: bool,
}

/// The branches: the default one first, then by date, newest first.
#[derive(Clone, Debug)]
pub struct Branches {
    pub default: Option<(Branch, Commit)>,
    pub others: Vec<(Branch, Commit)>,
    /// How many branches are not listed.
    pub hidden: usize,
}

/// A tag and the commit that it points to; none if it points to something else.
#[derive(Clone, Debug)]
pub struct TagRow {
    pub tag: Tag,
    pub commit: Option<Commit>,
}

/// At most this many branches are listed on one page.
pub const MOST_REFERENCES: usize = 500;

/// The history at an address: of a whole revision, or of one path in it, where a renamed file is followed under its old
/// names; see [`super::locate`].
pub async fn commits(
    app: &App,
    access: &Access<Read>,
    kind: &str,
    rest: &str,
    request: PageRequest,
) -> Result<(RevisionPath, CommitPage)> {
    let git = repository::git(app, access.repository()).await?;
    let size = request.size() as usize;
    let log = Log::page(request.page() as usize - 1, size);
    let (kind, rest) = (kind.to_owned(), rest.to_owned());
    let found = git.run_expensive(move |git| {
        let place = locate_in(git, &kind, &rest)?;
        if place.path.is_root() {
            let found = git.log(place.commit, &log)?;
            return Ok((place, found, Vec::new()));
        }
        let Answer { value: names, left_out } =
            git.path_history(place.commit, &place.path, true, log.skip, log.limit)?;
        let commits = names.iter().map(|change| git.commit(change.commit));
        let commits = commits.collect::<hearth_git::Result<Vec<_>>>()?;
        Ok((place, Answer { value: commits, left_out }, names))
    });
    let (place, found, mut names) = found.await.map_err(as_not_found)?;
    let is_cut = !found.is_whole();
    let mut commits = found.value;
    let has_next = commits.len() > size;
    commits.truncate(size);
    names.truncate(size);
    Ok((place, CommitPage { commits, names, has_next, is_cut }))
}

/// The default branch and at most `most` others; the commits of the rest are not read.
pub async fn branches(app: &App, access: &Access<Read>, most: usize) -> Result<Branches> {
    let git = repository::git(app, access.repository()).await?;
    git.run(move |git| read_branches(git, most)).await.map_git()
}

fn read_branches(git: &OpenRepository, most: usize) -> hearth_git::Result<Branches> {
    let default_name = git.default_branch()?;
    let mut branches = git.branches()?.value;
    branches.sort_by_key(|branch| std::cmp::Reverse(branch.committed_at));
    let at_default = branches.iter().position(|branch| branch.name == default_name);
    let default = at_default.map(|place| branches.remove(place));
    let hidden = branches.len().saturating_sub(most);
    branches.truncate(most);
    let with_commit = |branch: Branch| git.commit(branch.id).map(|commit| (branch, commit));
    Ok(Branches {
        default: default.map(with_commit).transpose()?,
        others: branches.into_iter().map(with_commit).collect::<hearth_git::Result<_>>()?,
        hidden,
    })
}
