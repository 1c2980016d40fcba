use hearth_core::{PageRequest, Read, Result};
use hearth_git::{Branch, Commit, Log, OpenRepository, Tag, TagTarget};

use super::{RevisionPath, as_not_found, locate_in};
use crate::{Access, App, GitResult as _, repository};

/// Part of a history, newest first.
#[derive(Clone, Debug)]
pub struct CommitPage {
    pub commits: Vec<Commit>,
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

/// The tags, up to the number that a page shows.
#[derive(Clone, Debug)]
pub struct Tags {
    pub rows: Vec<TagRow>,
    /// How many tags are not listed.
    pub hidden: usize,
}

/// At most this many branches or tags are listed on one page.
pub const MOST_REFERENCES: usize = 500;

/// The history at an address: of a whole revision, or of one path in it; see [`super::locate`].
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
    let (kind, rest, wanted) = (kind.to_owned(), rest.to_owned(), log.clone());
    let found = git.run_expensive(move |git| {
        let place = locate_in(git, &kind, &rest)?;
        let whole = place.path.is_root().then(|| git.log(place.commit, &wanted)).transpose()?;
        Ok((place, whole))
    });
    let (place, found) = found.await.map_err(as_not_found)?;
    let found = match found {
        Some(found) => found,
        None => git.log_of_path(place.commit, &place.path, &log).await.map_git()?,
    };
    let is_cut = !found.is_whole();
    let mut commits = found.value;
    let has_next = commits.len() > size;
    commits.truncate(size);
    Ok((place, CommitPage { commits, has_next, is_cut }))
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

/// The tags, newest commit first; tags that point to no commit come last.
pub async fn tags(app: &App, access: &Access<Read>) -> Result<Tags> {
    let git = repository::git(app, access.repository()).await?;
    git.run(|git| {
        let all = git.tags()?;
        let hidden = all.len().saturating_sub(MOST_REFERENCES);
        let mut rows = Vec::new();
        for reference in all.into_iter().take(MOST_REFERENCES) {
            if let Some(tag) = git.tag(&reference.name)? {
                let is_commit = tag.target_kind == TagTarget::Commit;
                let commit = is_commit.then(|| git.commit(tag.target)).transpose()?;
                rows.push(TagRow { tag, commit });
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.commit.as_ref().map(|commit| commit.committer.time)));
        Ok(Tags { rows, hidden })
    })
    .await
    .map_git()
}
