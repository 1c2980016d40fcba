//! The home page of a repository: everything that it shows, read in one visit.

use std::sync::Arc;

use hearth_core::{Read, Result, urls::Revision};
use hearth_git::{Answer, Branch, BranchName, ObjectId, OpenRepository, TagName, TreePath};

use super::{
    Folder, RevisionPath, Share,
    folder::{self, FolderQuery, FolderRead, PATIENCE, optional, part},
    languages,
};
use crate::{Access, App, GitResult as _, repository};

/// The root of the default branch, and what surrounds it.
#[derive(Clone, Debug)]
pub struct Home {
    pub place: RevisionPath,
    pub folder: Folder,
    pub surroundings: Surroundings,
}

/// What a page shows around a folder.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub counts: Counts,
    /// By bytes, largest first. None if they were not counted: git is busy, or there is too much to count.
    pub languages: Option<Vec<Share>>,
    /// The default branch, then the newest others.
    pub branches: Vec<BranchName>,
}

/// The counts around a folder.
#[derive(Clone, Debug)]
pub struct Counts {
    /// None if they have not been counted yet.
    pub commits: Option<Answer<u64>>,
    pub branches: usize,
    pub tags: usize,
}

/// What one visit has found.
struct HomeRead {
    place: RevisionPath,
    folder: FolderRead,
    around: SurroundingsRead,
}

struct SurroundingsRead {
    counts: Counts,
    languages: Option<Arc<languages::Bytes>>,
    branches: Vec<BranchName>,
}

/// The home page of a repository, with at most `most_branches` branch names; `None` while the default branch
/// is empty. What is not known yet is computed in a second visit, and left out if that takes too long.
pub async fn home(app: &App, access: &Access<Read>, most_branches: usize) -> Result<Option<Home>> {
    let git = repository::git(app, access.repository()).await?;
    let default = access.repository().default_branch.clone();
    let Some(mut home) = git.run(move |git| read(git, default, most_branches)).await.map_git()? else {
        return Ok(None);
    };
    home.folder.look(app, &git, &home.place).await;
    if !home.around.is_complete() {
        let place = home.place.clone();
        let (commits, languages) = (home.around.counts.commits, home.around.languages.clone());
        let found = git.run_expensive_within(PATIENCE, move |git| {
            let commits = match commits {
                None => part(git.count_commits(place.commit))?,
                known => known,
            };
            let languages = match languages {
                None => part(languages::count(git, place.commit))?,
                known => known,
            };
            Ok((commits, languages))
        });
        if let Some((commits, languages)) = optional(found.await)? {
            home.around.counts.commits = commits;
            home.around.languages = languages;
        }
    }
    Ok(Some(Home { place: home.place, folder: home.folder.finish(), surroundings: home.around.finish() }))
}

/// What surrounds a folder at a commit, as far as it is known: nothing is computed for it.
pub async fn surroundings(
    app: &App,
    access: &Access<Read>,
    commit: ObjectId,
    most_branches: usize,
) -> Result<Surroundings> {
    let git = repository::git(app, access.repository()).await?;
    let found = git.run(move |git| read_surroundings(git, commit, most_branches)).await.map_git()?;
    Ok(found.finish())
}

/// The default branch, then the newest others: at most `most` in all.
pub async fn newest_branches(app: &App, access: &Access<Read>, most: usize) -> Result<Vec<BranchName>> {
    let git = repository::git(app, access.repository()).await?;
    git.run(move |git| Ok(default_first(git.default_branch()?, git.branches()?.value, most))).await.map_git()
}

/// The names of these branches, which are in their order, after that of the default one.
fn default_first(default: BranchName, newest: Vec<Branch>, most: usize) -> Vec<BranchName> {
    let others = newest.into_iter().map(|Branch { name, .. }| name).filter(|name| *name != default);
    let others: Vec<_> = others.take(most.saturating_sub(1)).collect();
    std::iter::once(default).chain(others).collect()
}

/// Whether the default branch is empty: the home page then says how to push to it.
pub async fn is_empty(app: &App, access: &Access<Read>) -> Result<bool> {
    let git = repository::git(app, access.repository()).await?;
    git.run(|git| Ok(git.head()?.is_none())).await.map_git()
}

fn read(
    git: &OpenRepository,
    default_branch: String,
    most_branches: usize,
) -> hearth_git::Result<Option<HomeRead>> {
    let Some(commit) = git.head()? else { return Ok(None) };
    let place = RevisionPath { revision: Revision::Branch(default_branch), commit, path: TreePath::root() };
    let folder = folder::read(git, &place, &FolderQuery::default())?;
    let around = read_surroundings(git, commit, most_branches)?;
    Ok(Some(HomeRead { place, folder, around }))
}

fn read_surroundings(
    git: &OpenRepository,
    commit: ObjectId,
    most_branches: usize,
) -> hearth_git::Result<SurroundingsRead> {
    let tags = git.reference_count(TagName::PREFIX)?;
    let branches = git.references(BranchName::PREFIX)?;
    let counts =
        Counts { commits: git.known_count(commit).map(Answer::whole), branches: branches.len(), tags };
    let default = git.default_branch()?;
    let branches = default_first(default, git.dated(branches)?.value, most_branches);
    let languages = languages::known(git, commit)?;
    Ok(SurroundingsRead { counts, languages, branches })
}

impl SurroundingsRead {
    fn finish(self) -> Surroundings {
        Surroundings {
            counts: self.counts,
            languages: self.languages.map(|bytes| languages::shares(&bytes)),
            branches: self.branches,
        }
    }

    /// Whether nothing is left to compute.
    fn is_complete(&self) -> bool {
        self.counts.commits.is_some() && self.languages.is_some()
    }
}
