//! Branches and tags as lists: searched and cut into pages on the server, with what surrounds each.

use std::collections::HashMap;

use hearth_core::{Page, PageRequest, Permission, PullRequestState, Read, Result, ThreadNumber, Unit};
use hearth_git::{AheadBehind, Branch, BranchName, Commit, OpenRepository, TagName, TagTarget};
use hearth_store::{branch_rule as rule_row, pull_request_list::list_of_heads};

use super::browse::TagRow;
use crate::{Access, App, GitResult as _, branch_rule::Rules, repository};

/// A branch with what a list says of it.
#[derive(Clone, Debug)]
pub struct BranchRow {
    pub branch: Branch,
    pub commit: Commit,
    pub is_default: bool,
    /// How it differs from the default branch; none: it is that branch, or it would take too long to count.
    pub distance: Option<AheadBehind>,
    /// The pull request that asks to merge it within this repository, if the reader may see it: an open one, else the newest.
    pub pull: Option<(ThreadNumber, PullRequestState)>,
    /// Whether rules are about it.
    pub has_rules: bool,
}

/// A part of the branches, the default one first, then the last changed.
#[derive(Clone, Debug)]
pub struct BranchPage {
    pub page: Page<BranchRow>,
    /// Whether some are left out because there are too many to read.
    pub is_cut: bool,
}

/// The branches whose names contain `search`, whatever its case; all of them where it is empty.
pub async fn branch_page(
    app: &App,
    access: &Access<Read>,
    search: &str,
    request: PageRequest,
) -> Result<BranchPage> {
    let git = repository::git(app, access.repository()).await?;
    let (default, wanted) = (access.repository().default_branch.clone(), search.trim().to_lowercase());
    let read = git.run_expensive(move |git| read_branches(git, &default, &wanted, request));
    let (mut page, is_cut) = read.await.map_git()?;
    let names: Vec<String> = page.items.iter().map(|row| row.branch.name.to_string()).collect();
    let mut reader = app.store().read().await?;
    let repository = access.repository().id;
    let rules = Rules::of(rule_row::list(&mut reader, repository).await?);
    let mut pulls: HashMap<String, (ThreadNumber, PullRequestState)> = HashMap::new();
    if access.can_in(Unit::Pulls, Permission::Read) {
        // The last one wins: an open one, else the newest.
        for (name, number, state) in list_of_heads(&mut reader, repository, &names).await? {
            pulls.insert(name, (number, state));
        }
    }
    for row in &mut page.items {
        row.has_rules = !rules.of_branch(&row.branch.name).is_empty();
        row.pull = pulls.remove(row.branch.name.as_str());
    }
    Ok(BranchPage { page, is_cut })
}

fn read_branches(
    git: &OpenRepository,
    default: &str,
    wanted: &str,
    request: PageRequest,
) -> hearth_git::Result<(Page<BranchRow>, bool)> {
    let mut references = git.references(BranchName::PREFIX)?;
    references.retain(|(name, _)| is_wanted(name.as_str(), BranchName::PREFIX, wanted));
    let dated = git.dated(references)?;
    let is_cut = !dated.is_whole();
    let mut branches = dated.value;
    // The default branch comes first; the others keep their order.
    branches.sort_by_key(|branch| branch.name.as_str() != default);
    let page = cut(branches, request);
    let tip = BranchName::new(default).ok().map(|name| git.branch(&name)).transpose()?.flatten();
    let mut items = Vec::with_capacity(page.items.len());
    for branch in page.items {
        let is_default = branch.name.as_str() == default;
        let commit = git.commit(branch.id)?;
        items.push(BranchRow { branch, commit, is_default, distance: None, pull: None, has_rules: false });
    }
    // Counted last: where that takes too long, everything else has been read.
    if let Some(tip) = tip {
        for row in items.iter_mut().filter(|row| !row.is_default) {
            row.distance = distance(git.ahead_behind(row.branch.id, tip))?;
        }
    }
    Ok((Page { items, total: page.total, request }, is_cut))
}

/// None where counting takes too long; then the branch is listed without it.
fn distance(
    counted: hearth_git::Result<hearth_git::Answer<AheadBehind>>,
) -> hearth_git::Result<Option<AheadBehind>> {
    match counted {
        Ok(answer) => Ok(answer.is_whole().then_some(answer.value)),
        Err(hearth_git::Error::OverBudget { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The tags whose names contain `search`, the highest version first.
pub async fn tag_page(
    app: &App,
    access: &Access<Read>,
    search: &str,
    request: PageRequest,
) -> Result<Page<TagRow>> {
    let git = repository::git(app, access.repository()).await?;
    let wanted = search.trim().to_lowercase();
    let read = git.run(move |git| {
        let mut tags = git.tags()?;
        tags.retain(|tag| is_wanted(tag.name.as_str(), "", &wanted));
        let page = cut(tags, request);
        let mut items = Vec::with_capacity(page.items.len());
        for reference in page.items {
            // One that was deleted meanwhile is left out.
            let Some(tag) = git.tag(&reference.name)? else { continue };
            let is_commit = tag.target_kind == TagTarget::Commit;
            let commit = is_commit.then(|| git.commit(tag.target)).transpose()?;
            items.push(TagRow { tag, commit });
        }
        Ok(Page { items, total: page.total, request })
    });
    read.await.map_git()
}

fn is_wanted(name: &str, prefix: &str, wanted: &str) -> bool {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase().contains(wanted)
}

fn cut<T>(items: Vec<T>, request: PageRequest) -> Page<T> {
    let total = items.len() as u64;
    let skip = usize::try_from(request.offset()).unwrap_or(usize::MAX);
    let items = items.into_iter().skip(skip).take(request.size() as usize).collect();
    Page { items, total, request }
}

/// The names of all tags, at most `most`, the highest version first: to choose from.
pub async fn tag_names(app: &App, access: &Access<Read>, most: usize) -> Result<Vec<TagName>> {
    let git = repository::git(app, access.repository()).await?;
    let tags = git.run(OpenRepository::tags).await.map_git()?;
    Ok(tags.into_iter().take(most).map(|tag| tag.name).collect())
}
