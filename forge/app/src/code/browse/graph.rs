//! The histories of all branches as one picture.

use std::collections::HashMap;

use hearth_core::{Error, Kind, Read, Result, urls::Revision};
use hearth_git::{BranchName, Lanes, ObjectId, OpenRepository, TagName, TagTarget};

use crate::{Access, App, GitResult as _, repository};

/// Commits on one page.
const PAGE_COMMITS: usize = 100;
/// The lanes of a page depend on all pages before it, so there are only so many.
pub const MOST_GRAPH_PAGES: usize = 50;
/// The most branches whose histories are drawn: those with the newest commits.
const MOST_BRANCHES: usize = 50;
/// The most tags that are looked up.
const MOST_TAGS: usize = 500;

/// Which part of the picture a reader wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphQuery {
    /// Only the history of this branch; empty for all.
    pub branch: String,
    /// The number of the page, from 1; 0 is the first as well.
    pub page: usize,
}

/// A part of the picture.
#[derive(Clone, Debug)]
pub struct Graph {
    pub lanes: Lanes,
    /// Branches and tags by the commit that they point to.
    pub names: HashMap<ObjectId, Vec<Revision>>,
    /// All branches, for the choice of one; the newest first, the default one before them.
    pub branches: Vec<BranchName>,
    /// How many branches are not drawn.
    pub hidden: usize,
    pub page: usize,
    /// Whether older commits are left out.
    pub is_cut: bool,
}

/// The picture of the branches' histories; `None` while there is no branch.
pub async fn graph(app: &App, access: &Access<Read>, query: GraphQuery) -> Result<Option<Graph>> {
    let git = repository::git(app, access.repository()).await?;
    let page = query.page.clamp(1, MOST_GRAPH_PAGES);
    let wanted = if query.branch.is_empty() {
        None
    } else {
        Some(BranchName::new(query.branch).map_err(|_| Error::NotFound(Kind::Branch))?)
    };
    let found = git.run_expensive(move |git| read(git, wanted.as_ref(), page)).await;
    match found {
        Err(hearth_git::Error::RevisionNotFound) => Err(Error::NotFound(Kind::Branch)),
        found => found.map_git(),
    }
}

fn read(git: &OpenRepository, wanted: Option<&BranchName>, page: usize) -> hearth_git::Result<Option<Graph>> {
    let default = git.default_branch()?;
    let mut all = git.branches()?.value;
    // The default branch is in the first lane.
    all.sort_by_key(|branch| branch.name != default);
    let mut names: HashMap<ObjectId, Vec<Revision>> = HashMap::new();
    for branch in &all {
        names.entry(branch.id).or_default().push(Revision::Branch(branch.name.as_str().to_owned()));
    }
    for tag in git.tags()?.into_iter().take(MOST_TAGS) {
        if let Some(target) = tagged_commit(git, &tag.name)? {
            names.entry(target).or_default().push(Revision::Tag(tag.name.as_str().to_owned()));
        }
    }
    let mut hidden = 0;
    let tips: Vec<ObjectId> = match wanted {
        Some(wanted) => vec![git.resolve_branch(wanted)?],
        None => {
            hidden = all.len().saturating_sub(MOST_BRANCHES);
            all.iter().take(MOST_BRANCHES).map(|branch| branch.id).collect()
        }
    };
    if tips.is_empty() {
        return Ok(None);
    }
    let found = git.lanes(&tips, (page - 1) * PAGE_COMMITS, PAGE_COMMITS)?;
    let is_last = page == MOST_GRAPH_PAGES && found.value.has_more;
    Ok(Some(Graph {
        is_cut: found.left_out.is_some() || is_last,
        lanes: found.value,
        names,
        branches: all.into_iter().map(|branch| branch.name).collect(),
        hidden,
        page,
    }))
}

fn tagged_commit(git: &OpenRepository, name: &TagName) -> hearth_git::Result<Option<ObjectId>> {
    let tag = git.tag(name)?.filter(|tag| tag.target_kind == TagTarget::Commit);
    Ok(tag.map(|tag| tag.target))
}
