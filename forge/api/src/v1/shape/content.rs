use hearth_app::{App, repository::Repository as Row};
use hearth_core::urls::{self, RepositoryUrls, Revision};
use hearth_git::{EntryKind, ObjectId, TreeEntry, TreePath};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    commit::{Commit, Signature},
    repository::address,
};

/// A file, or an entry of a folder.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Content {
    name: String,
    path: String,
    sha: String,
    /// The commit at which it was looked up.
    commit_sha: String,
    /// `file`, `dir`, `symlink` or `submodule`.
    r#type: &'static str,
    size: u64,
    /// `base64` where there is content.
    encoding: Option<&'static str>,
    #[serde(rename = "content")]
    bytes: Option<String>,
    /// Where a link points.
    target: Option<String>,
    url: String,
    html_url: String,
    git_url: String,
    download_url: Option<String>,
}

impl Content {
    pub(crate) fn new(app: &App, row: &Row, commit: ObjectId, path: &TreePath, entry: &TreeEntry) -> Self {
        let kind = match entry.kind {
            EntryKind::Directory => "dir",
            EntryKind::File | EntryKind::Executable => "file",
            EntryKind::Symlink => "symlink",
            EntryKind::Submodule => "submodule",
        };
        let base = app.urls().absolute(&address(row));
        let object = if entry.kind == EntryKind::Directory { "trees" } else { "blobs" };
        let revision = Revision::Commit(commit.to_string());
        let page = RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str());
        let raw = format!("{base}/raw/{}?ref={commit}", urls::path(path.as_str()));
        Self {
            name: path.name().to_owned(),
            path: path.to_string(),
            sha: entry.id.to_string(),
            commit_sha: commit.to_string(),
            r#type: kind,
            size: entry.size.unwrap_or(0),
            encoding: None,
            bytes: None,
            target: None,
            url: format!("{base}/contents/{}?ref={commit}", urls::path(path.as_str())),
            html_url: app.urls().absolute(&page.source(&revision, path.as_str())),
            git_url: format!("{base}/git/{object}/{}", entry.id),
            download_url: entry.kind.is_blob().then_some(raw),
        }
    }

    /// For a file that is too large for JSON.
    pub(crate) fn of_size(mut self, size: u64) -> Self {
        self.size = size;
        self
    }

    /// With the content of the file.
    pub(crate) fn with(mut self, entry: &TreeEntry, bytes: &[u8]) -> Self {
        self.size = bytes.len() as u64;
        self.encoding = Some("base64");
        self.bytes = Some(data_encoding::BASE64.encode(bytes));
        if entry.kind == EntryKind::Symlink {
            self.target = Some(String::from_utf8_lossy(bytes).into_owned());
        }
        self
    }
}

/// The commit of a change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ChangeCommit {
    #[serde(flatten)]
    commit: Commit,
    author: Signature,
    committer: Signature,
    message: String,
}

/// The result of changing a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FileChanged {
    /// Null if it was deleted.
    content: Option<Content>,
    commit: ChangeCommit,
}

impl FileChanged {
    pub(crate) fn new(app: &App, row: &Row, content: Option<Content>, commit: &hearth_git::Commit) -> Self {
        Self { content, commit: ChangeCommit::new(app, row, commit) }
    }
}

impl ChangeCommit {
    fn new(app: &App, row: &Row, commit: &hearth_git::Commit) -> Self {
        Self {
            commit: Commit::new(app, row, commit),
            author: Signature::new(&commit.author),
            committer: Signature::new(&commit.committer),
            message: super::commit::message(commit),
        }
    }
}

/// The result of changing several files.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FilesChanged {
    /// In the order of the request, without their contents; null for a file that was deleted.
    files: Vec<Option<Content>>,
    commit: ChangeCommit,
}

impl FilesChanged {
    pub(crate) fn new(
        app: &App,
        row: &Row,
        files: Vec<Option<Content>>,
        commit: &hearth_git::Commit,
    ) -> Self {
        Self { files, commit: ChangeCommit::new(app, row, commit) }
    }
}
