//! A release as its page and the list show it.

use hearth_app::{
    App, markdown,
    release::{Origin, ReleaseCard},
};
use hearth_core::{
    Error,
    urls::{self, Revision},
};

use super::RepositoryVisit;
use crate::{
    Page,
    prose::prose,
    words::{Html, bytes, grouped},
};

/// What `components/release.html` draws.
pub(crate) struct ReleaseView {
    pub(crate) title: String,
    pub(crate) tag: String,
    pub(crate) address: String,
    pub(crate) edit: String,
    pub(crate) delete: String,
    pub(crate) is_draft: bool,
    pub(crate) is_prerelease: bool,
    pub(crate) is_latest: bool,
    pub(crate) said: Html,
    /// The files at the tag.
    pub(crate) source: String,
    /// Short id and address of the tag's commit.
    pub(crate) commit: Option<(String, String)>,
    /// The archives of the source code, while there is a tag.
    pub(crate) archives: Option<(String, String)>,
    pub(crate) notes: Html,
    pub(crate) assets: Vec<AssetView>,
    pub(crate) origin: Option<OriginView>,
}

/// A file to download.
pub(crate) struct AssetView {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) delete: String,
    pub(crate) size: String,
    pub(crate) sha256: String,
    pub(crate) downloads: String,
}

/// The run that made the weights.
pub(crate) struct OriginView {
    pub(crate) sentence: Html,
    pub(crate) state: Html,
    /// How its code is related to that of the release.
    pub(crate) code: Html,
    pub(crate) record: String,
}

/// The cards of a page, in order.
pub(crate) async fn views(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    cards: &[ReleaseCard],
) -> Result<Vec<ReleaseView>, Error> {
    let texts: Vec<&str> = cards.iter().map(|card| card.release.notes.as_str()).collect();
    let drawn = markdown::comments(app, &visit.access, page.language, &texts).await?;
    let shown =
        cards.iter().zip(drawn).map(|(card, drawn)| view(page, visit, card, prose(page.words(), &drawn)));
    Ok(shown.collect())
}

fn view(page: &Page, visit: &RepositoryVisit, card: &ReleaseCard, notes: Html) -> ReleaseView {
    let (release, repository) = (&card.release, &visit.urls);
    let said = match (release.published_at, &release.author) {
        (None, _) => rich!(page, "repo-releases-draft-by", time = page.time(release.created_at)),
        (Some(at), Some(author)) => {
            rich!(page, "repo-releases-by", author = page.person(author.as_str()), time = page.time(at))
        }
        (Some(at), None) => rich!(page, "repo-releases-by-nobody", time = page.time(at)),
    };
    let tag = release.tag_name.clone();
    ReleaseView {
        title: release.shown_title().to_owned(),
        address: repository.release(&tag),
        edit: repository.release_edit(release.id),
        delete: repository.release_part(release.id, "delete"),
        is_draft: release.is_draft(),
        is_prerelease: release.is_prerelease,
        is_latest: card.is_latest,
        said,
        source: repository.source(&Revision::Tag(tag.clone()), ""),
        commit: card.commit.map(|id| (id.short(), repository.commit(&id.to_string()))),
        archives: card.commit.map(|_| (repository.archive(&tag, "zip"), repository.archive(&tag, "tar.gz"))),
        notes,
        assets: assets(page, visit, card),
        origin: card.origin.as_ref().map(|found| origin(page, visit, card, found)),
        tag,
    }
}

fn assets(page: &Page, visit: &RepositoryVisit, card: &ReleaseCard) -> Vec<AssetView> {
    let shown = card.assets.iter().map(|asset| AssetView {
        name: asset.name.clone(),
        address: visit.urls.release_asset(&card.release.tag_name, &asset.name),
        delete: visit.urls.release_part(card.release.id, &format!("assets/{}/delete", asset.id)),
        size: bytes(u64::try_from(asset.size_bytes).unwrap_or(0)),
        sha256: asset.sha256.clone(),
        downloads: t!(page, "repo-releases-asset-downloads", count = asset.downloads),
    });
    shown.collect()
}

fn origin(page: &Page, visit: &RepositoryVisit, card: &ReleaseCard, found: &Origin) -> OriginView {
    let name = format!("{} #{}", found.name, grouped(found.task.0.unsigned_abs()));
    let short: String = found.commit.chars().take(10).collect();
    let commit = Html::link(&visit.urls.commit(&found.commit), &short);
    let is_same = card.commit.is_some_and(|id| id.to_string() == found.commit);
    let code = match (found.has_patch, is_same) {
        (true, _) => rich!(page, "repo-releases-origin-patch", commit = commit),
        (false, true) => rich!(page, "repo-releases-origin-same", commit = commit),
        (false, false) => rich!(page, "repo-releases-origin-other", commit = commit),
    };
    OriginView {
        sentence: rich!(page, "repo-releases-origin", task = Html::link(&urls::task(found.task), &name)),
        state: page.task_state(found.state),
        code,
        record: urls::task_part(found.task, "files"),
    }
}
