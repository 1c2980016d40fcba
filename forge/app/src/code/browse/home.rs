//! The home page of a repository: everything that it shows, read in one visit.

use std::sync::Arc;

use hearth_core::{Read, Result, urls::Revision};
use hearth_git::{Answer, Branch, BranchName, OpenRepository, TagName, TreePath};

use super::{
    Folder, RevisionPath, Share,
    folder::{self, FolderRead, PATIENCE, optional, part},
    languages,
};
use crate::{Access, App, GitResult as _, repository};

/// The root of the default branch, and the counts around it.
#[derive(Clone, Debug)]
pub struct Home {
    pub place: RevisionPath,
    pub folder: Folder,
    pub counts: Counts,
    /// By bytes, largest first. None if they were not counted: git is busy, or there is too much to count.
    pub languages: Option<Vec<Share>>,
    /// The default branch, then the newest others.
    pub branches: Vec<BranchName>,
}

/// The counts on a home page.
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
    if !home.is_complete() {
        let (place, folder) = (home.place.clone(), home.folder.known.clone());
        let (commits, languages) = (home.counts.commits, home.languages.clone());
        let found = git.run_expensive_within(PATIENCE, move |git| {
            let folder = part(folder.work_out(git, &place))?;
            let commits = match commits {
                None => part(git.count_commits(place.commit))?,
                known => known,
            };
            let languages = match languages {
                None => part(languages::count(git, place.commit))?,
                known => known,
            };
            Ok((folder, commits, languages))
        });
        if let Some((folder, commits, languages)) = optional(found.await)? {
            home.folder.known = folder.unwrap_or_default();
            home.counts.commits = commits;
            home.languages = languages;
        }
    }
    Ok(Some(Home {
        place: home.place,
        folder: home.folder.finish(),
        counts: home.counts,
        languages: home.languages.map(|bytes| languages::shares(&bytes)),
        branches: home.branches,
    }))
}

fn read(
    git: &OpenRepository,
    default_branch: String,
    most_branches: usize,
) -> hearth_git::Result<Option<HomeRead>> {
    let Some(commit) = git.head()? else { return Ok(None) };
    let place = RevisionPath { revision: Revision::Branch(default_branch), commit, path: TreePath::root() };
    let folder = folder::read(git, &place)?;
    let tags = git.references(TagName::PREFIX)?.len();
    let branches = git.references(BranchName::PREFIX)?;
    let counts =
        Counts { commits: git.known_count(commit).map(Answer::whole), branches: branches.len(), tags };
    let default = git.default_branch()?;
    let newest = git.dated(branches)?.value;
    let others = newest.into_iter().map(|Branch { name, .. }| name).filter(|name| *name != default);
    let others: Vec<_> = others.take(most_branches.saturating_sub(1)).collect();
    let languages = languages::known(git, commit)?;
    let branches = std::iter::once(default).chain(others).collect();
    Ok(Some(HomeRead { place, folder, counts, languages, branches }))
}

impl HomeRead {
    /// Whether nothing is left to compute.
    fn is_complete(&self) -> bool {
        self.folder.known.is_complete() && self.counts.commits.is_some() && self.languages.is_some()
    }
}
