use hearth_app::{
    App,
    release::{Asset as AssetRow, ReleaseCard, upload::Upload as UploadRow},
    repository::Repository as RepositoryRow,
};
use hearth_core::{TaskId, Timestamp, urls::RepositoryUrls};
use serde::Serialize;
use utoipa::ToSchema;

use super::{People, User, repository::address};

/// A release.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Release {
    id: i64,
    tag_name: String,
    target_commitish: String,
    name: String,
    body: String,
    url: String,
    html_url: String,
    tarball_url: String,
    zipball_url: String,
    upload_url: String,
    draft: bool,
    prerelease: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was published; for a draft, when it was made.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
    author: Option<User>,
    assets: Vec<Asset>,
    /// Whether it is the latest release.
    latest: bool,
    /// The commit of its tag; null while there is no tag.
    commit: Option<String>,
    /// The task whose run record it carries, if the caller may see it.
    #[schema(value_type = Option<i64>)]
    task: Option<TaskId>,
}

/// A file of a release, as Gitea shows attachments.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Asset {
    id: i64,
    name: String,
    size: i64,
    download_count: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    uuid: String,
    browser_download_url: String,
    /// In hex.
    sha256: String,
}

/// A file of a release that has not arrived completely.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Upload {
    uuid: String,
    name: String,
    /// As declared.
    size: i64,
    /// As declared; null: it was not.
    sha256: Option<String>,
    /// How much has arrived: the next piece begins here.
    offset: i64,
    url: String,
}

fn page(row: &RepositoryRow) -> RepositoryUrls {
    RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str())
}

impl Release {
    /// `people` knows the author.
    pub(crate) fn new(app: &App, row: &RepositoryRow, people: &People<'_>, card: &ReleaseCard) -> Self {
        let (release, page) = (&card.release, page(row));
        let url = app.urls().absolute(&format!("{}/releases/{}", address(row), release.id));
        let archive = |format| app.urls().absolute(&page.archive(&release.tag_name, format));
        Self {
            id: release.id.0,
            tag_name: release.tag_name.clone(),
            target_commitish: release.target.clone(),
            name: release.title.clone(),
            body: release.notes.clone(),
            html_url: app.urls().absolute(&page.release(&release.tag_name)),
            tarball_url: archive("tar.gz"),
            zipball_url: archive("zip"),
            upload_url: format!("{url}/assets"),
            url,
            draft: release.is_draft(),
            prerelease: release.is_prerelease,
            created_at: release.created_at,
            published_at: release.published_at.unwrap_or(release.created_at),
            author: release.author_id.and_then(|author| people.user(author)),
            assets: card.assets.iter().map(|asset| Asset::new(app, row, &release.tag_name, asset)).collect(),
            latest: card.is_latest,
            commit: card.commit.map(|commit| commit.to_string()),
            task: card.origin.as_ref().map(|origin| origin.task),
        }
    }
}

impl Asset {
    pub(crate) fn new(app: &App, row: &RepositoryRow, tag: &str, asset: &AssetRow) -> Self {
        Self {
            id: asset.id.0,
            name: asset.name.clone(),
            size: asset.size_bytes,
            download_count: asset.downloads,
            created_at: asset.created_at,
            uuid: asset.uuid.clone(),
            browser_download_url: app.urls().absolute(&page(row).release_asset(tag, &asset.name)),
            sha256: asset.sha256.clone(),
        }
    }
}

impl Upload {
    pub(crate) fn new(app: &App, row: &RepositoryRow, upload: &UploadRow) -> Self {
        let path = format!("{}/releases/{}/uploads/{}", address(row), upload.release_id, upload.uuid);
        Self {
            uuid: upload.uuid.clone(),
            name: upload.name.clone(),
            size: upload.size_bytes,
            sha256: upload.sha256.clone(),
            offset: upload.received_bytes,
            url: app.urls().absolute(&path),
        }
    }
}
