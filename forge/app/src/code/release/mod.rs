//! Releases: what a repository publishes at a tag, with notes and files. Drafts are seen by whoever may write releases, and by
//! nobody else.

pub mod asset;
mod categories;
mod change;
mod name;
mod notes;
mod origin;
pub mod upload;

use std::collections::HashMap;

use hearth_core::{Error, Kind, Page, PageRequest, Permission, Read, ReleaseId, Result, Unit};
use hearth_git::{ObjectId, TagName};
use hearth_store::{release as row, release_asset as asset_row};
pub use hearth_store::{
    release::{Release, ReleaseFilter},
    release_asset::Asset,
};

pub use change::{Edit, NewRelease, create, delete, edit};
pub use notes::{Notes, NotesWanted, notes, previous_tags};
pub use origin::Origin;

use crate::{Access, App, GitResult as _, repository};

/// A release with everything that is shown with it.
#[derive(Clone, Debug)]
pub struct ReleaseCard {
    pub release: Release,
    /// By name.
    pub assets: Vec<Asset>,
    /// The commit of its tag; none: the tag is not there (any more).
    pub commit: Option<ObjectId>,
    /// Whether it is the latest one.
    pub is_latest: bool,
    /// The run that made its weights, if the reader may see it.
    pub origin: Option<Origin>,
}

/// Whether the reader sees drafts.
pub fn sees_drafts(access: &Access<Read>) -> bool {
    access.can_in(Unit::Releases, Permission::Write)
}

pub async fn find(app: &App, access: &Access<Read>, id: ReleaseId) -> Result<ReleaseCard> {
    let found = row::find(&mut app.store().read().await?, access.repository().id, id).await?;
    one(app, access, found).await
}

/// By the tag; the tag of a draft need not exist.
pub async fn find_by_tag(app: &App, access: &Access<Read>, tag: &str) -> Result<ReleaseCard> {
    let found = row::find_by_tag(&mut app.store().read().await?, access.repository().id, tag).await?;
    one(app, access, found).await
}

/// By choice, else the newest that is published and no pre-release.
pub async fn latest(app: &App, access: &Access<Read>) -> Result<ReleaseCard> {
    let found = row::find_latest(&mut app.store().read().await?, access.repository().id).await?;
    one(app, access, found).await
}

/// The latest one alone, without what is shown with it; none: nothing is published.
pub async fn latest_row(app: &App, access: &Access<Read>) -> Result<Option<Release>> {
    Ok(row::find_latest(&mut app.store().read().await?, access.repository().id).await?)
}

async fn one(app: &App, access: &Access<Read>, found: Option<Release>) -> Result<ReleaseCard> {
    let seen = found.filter(|release| !release.is_draft() || sees_drafts(access));
    let release = seen.ok_or(Error::NotFound(Kind::Release))?;
    let mut cards = cards(app, access, vec![release]).await?;
    cards.pop().ok_or(Error::NotFound(Kind::Release))
}

/// Drafts first, as far as the reader sees them, then the newest.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    filter: ReleaseFilter,
    request: PageRequest,
) -> Result<Page<ReleaseCard>> {
    let filter = seen(access, filter);
    let Some(filter) = filter else { return Ok(Page { items: Vec::new(), total: 0, request }) };
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let items = row::list(&mut reader, repository, filter, request).await?;
    let page = Page::of(items, request, row::count(&mut reader, repository, filter)).await?;
    drop(reader);
    let items = cards(app, access, page.items).await?;
    Ok(Page { items, total: page.total, request })
}

/// The filter within what the reader sees; none: they see nothing of it.
fn seen(access: &Access<Read>, filter: ReleaseFilter) -> Option<ReleaseFilter> {
    match (sees_drafts(access), filter.is_draft) {
        (true, _) => Some(filter),
        (false, Some(true)) => None,
        (false, _) => Some(ReleaseFilter { is_draft: Some(false), ..filter }),
    }
}

/// The published releases among those at these tags, by tag.
pub async fn of_tags(
    app: &App,
    access: &Access<Read>,
    tags: &[String],
) -> Result<HashMap<String, ReleaseId>> {
    if tags.is_empty() || !access.can_in(Unit::Releases, Permission::Read) {
        return Ok(HashMap::new());
    }
    let found = row::list_of_tags(&mut app.store().read().await?, access.repository().id, tags).await?;
    Ok(found.into_iter().collect())
}

async fn cards(app: &App, access: &Access<Read>, releases: Vec<Release>) -> Result<Vec<ReleaseCard>> {
    if releases.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ReleaseId> = releases.iter().map(|release| release.id).collect();
    let mut reader = app.store().read().await?;
    let latest = row::find_latest(&mut reader, access.repository().id).await?.map(|latest| latest.id);
    let mut assets: HashMap<ReleaseId, Vec<Asset>> = HashMap::new();
    for asset in asset_row::list(&mut reader, &ids).await? {
        assets.entry(asset.release_id).or_default().push(asset);
    }
    drop(reader);
    let commits = commits(app, access, &releases).await?;
    let mut cards = Vec::with_capacity(releases.len());
    for (release, commit) in releases.into_iter().zip(commits) {
        let origin = origin::find(app, access, &release).await?;
        let assets = assets.remove(&release.id).unwrap_or_default();
        let is_latest = latest == Some(release.id);
        cards.push(ReleaseCard { release, assets, commit, is_latest, origin });
    }
    Ok(cards)
}

/// The commits of the releases' tags, in one visit.
async fn commits(app: &App, access: &Access<Read>, releases: &[Release]) -> Result<Vec<Option<ObjectId>>> {
    let git = repository::git(app, access.repository()).await?;
    let tags: Vec<_> = releases.iter().map(|release| TagName::new(release.tag_name.clone()).ok()).collect();
    let read = git.run(move |git| {
        let resolved = tags.iter().map(|tag| match tag {
            Some(tag) => match git.resolve_tag(tag) {
                Ok(commit) => Ok(Some(commit)),
                Err(error) if error.is_not_found() => Ok(None),
                Err(hearth_git::Error::WrongKind(_)) => Ok(None),
                Err(error) => Err(error),
            },
            None => Ok(None),
        });
        resolved.collect()
    });
    read.await.map_git()
}
