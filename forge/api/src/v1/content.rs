use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64;
use hearth_app::{
    Access, App, GitResult as _,
    content::{self, Action, Committed, FileChange, Held},
    repository,
};
use hearth_core::{Error, Read};
use hearth_git::{Blob, ObjectId, TreeEntry};
use serde::Deserialize;
use utoipa::ToSchema;

use super::REVISION;
use super::shape::{Content, FileChanged, FilesChanged};
use crate::{
    at::InRepository,
    body::FileInput,
    error::ApiResult,
    pagination::{TOTAL, TRUNCATED},
    table::{Table, describe},
};

type Named = Path<(String, String, String)>;

#[derive(Debug, Deserialize)]
pub(crate) struct At {
    r#ref: Option<String>,
}

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/contents",
            get_root,
            describe("List the entries of the root folder").list_response::<Content>().query("ref", REVISION),
        )
        .post(
            "/repos/{owner}/{repo}/contents",
            change_several,
            describe("Change several files in one commit")
                .request::<ChangeFiles>()
                .response::<FilesChanged>()
                .status(201),
        )
        .get(
            "/repos/{owner}/{repo}/contents/",
            get_root,
            describe("List the entries of the root folder").list_response::<Content>().query("ref", REVISION),
        )
        .get(
            "/repos/{owner}/{repo}/contents/{*path}",
            get,
            describe("Get a file with its content, or the entries of a folder")
                .response::<Content>()
                .query("ref", REVISION),
        )
        .post(
            "/repos/{owner}/{repo}/contents/{*path}",
            create,
            describe("Create a file").request::<ChangeFile>().response::<FileChanged>().status(201),
        )
        .put(
            "/repos/{owner}/{repo}/contents/{*path}",
            update,
            describe("Update a file").request::<ChangeFile>().response::<FileChanged>(),
        )
        .delete(
            "/repos/{owner}/{repo}/contents/{*path}",
            delete,
            describe("Delete a file").request::<ChangeFile>().response::<FileChanged>(),
        )
}

/// The root of a repository.
pub(crate) async fn get_root(
    State(app): State<App>,
    InRepository(access): InRepository,
    Query(at): Query<At>,
) -> ApiResult<Response> {
    // Nothing was pushed yet: the root exists, and is empty.
    if access.repository().is_empty && at.r#ref.as_deref().unwrap_or_default().is_empty() {
        return Ok(Json(Vec::<Content>::new()).into_response());
    }
    show(&app, &access, at.r#ref.as_deref(), "").await
}

/// A file with its content, or the entries of a folder.
pub(crate) async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, path)): Named,
    Query(at): Query<At>,
) -> ApiResult<Response> {
    show(&app, &access, at.r#ref.as_deref(), path.trim_end_matches('/')).await
}

async fn show(app: &App, access: &Access<Read>, revision: Option<&str>, path: &str) -> ApiResult<Response> {
    let (found, held) = content::read(app, access, revision, path).await?;
    let row = access.repository();
    let shown = Content::new(app, row, found.commit, &found.path, &found.entry);
    let listing = match held {
        Held::Folder(listing) => listing,
        Held::File(blob) => return Ok(Json(with_bytes(shown, &found.entry, &blob)).into_response()),
        Held::Submodule => return Ok(Json(shown).into_response()),
    };
    // A name that is not valid here is left out rather than shown as another.
    let entries = listing.entries.iter().filter_map(|entry| {
        let path = found.path.join(&entry.name).ok()?;
        Some(Content::new(app, row, found.commit, &path, entry))
    });
    let mut response = Json(entries.collect::<Vec<_>>()).into_response();
    let headers = response.headers_mut();
    headers.insert(TOTAL, listing.total.into());
    if listing.total > listing.entries.len() {
        headers.insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Adds the content of a file, up to the limit; above it there is none, as in Gitea, only `download_url`.
pub(super) fn with_bytes(shown: Content, entry: &TreeEntry, blob: &Blob) -> Content {
    match &blob.data {
        Some(bytes) => shown.with(entry, bytes),
        None => shown.of_size(blob.size),
    }
}

/// The author or committer of a change; without a name and an address, it is as if it were left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Identity {
    name: String,
    email: String,
}

impl Identity {
    fn given(self) -> Option<(String, String)> {
        (!self.name.is_empty() || !self.email.is_empty()).then_some((self.name, self.email))
    }
}

/// A file to create, change or delete.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChangeFile {
    /// Base64; left out when the file is deleted.
    content: Option<String>,
    /// The blob that the change is based on.
    sha: Option<String>,
    message: Option<String>,
    /// The default branch when left out.
    branch: Option<String>,
    /// Commit to this new branch instead.
    new_branch: Option<String>,
    /// Where the file was before, when it moves.
    from_path: Option<String>,
    #[serde(default)]
    author: Identity,
    /// The author when there is none; who commits is always the caller.
    #[serde(default)]
    committer: Identity,
}

fn decode(content: Option<&str>) -> ApiResult<Vec<u8>> {
    let text = content.ok_or(Error::field("content", "required"))?;
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    Ok(BASE64.decode(&compact).map_err(|_| Error::field("content", "base64"))?)
}

fn parse_sha(sha: Option<&str>) -> ApiResult<Option<ObjectId>> {
    let sha = sha.filter(|sha| !sha.is_empty()).map(str::parse::<ObjectId>);
    Ok(sha.transpose().map_err(|_| Error::field("sha", "malformed"))?)
}

impl ChangeFile {
    fn bytes(&self) -> ApiResult<Vec<u8>> {
        decode(self.content.as_deref())
    }

    fn sha(&self) -> ApiResult<Option<ObjectId>> {
        parse_sha(self.sha.as_deref())
    }

    fn into_change(self, path: String, action: Action) -> FileChange {
        FileChange {
            path,
            action,
            branch: self.branch,
            new_branch: self.new_branch,
            message: self.message,
            author: self.author.given().or_else(|| self.committer.given()),
        }
    }
}

async fn answer(app: &App, access: &Access<Read>, made: Committed) -> ApiResult<Json<FileChanged>> {
    let row = access.repository();
    let git = repository::git(app, row).await?;
    let (commit, path, most) = (made.commit, made.path.clone(), app.limits().api_file_bytes);
    let read = git.run(move |git| {
        let commit = git.commit(commit)?;
        let Some(entry) = git.find_entry(commit.id, &path)? else { return Ok((commit, None)) };
        let blob = entry.kind.is_blob().then(|| git.blob(entry.id, most)).transpose()?;
        Ok((commit, Some((entry, blob))))
    });
    let (commit, held) = read.await.map_git()?;
    let content = held.map(|(entry, blob)| {
        let shown = Content::new(app, row, made.commit, &made.path, &entry);
        match blob {
            Some(blob) => with_bytes(shown, &entry, &blob),
            None => shown,
        }
    });
    Ok(Json(FileChanged::new(app, row, content, &commit)))
}

pub(crate) async fn create(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, path)): Named,
    FileInput(asked): FileInput<ChangeFile>,
) -> ApiResult<(StatusCode, Json<FileChanged>)> {
    let action = Action::Create { content: asked.bytes()? };
    let made = content::change(&app, &access.write()?, asked.into_change(path, action)).await?;
    Ok((StatusCode::CREATED, answer(&app, &access, made).await?))
}

pub(crate) async fn update(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, path)): Named,
    FileInput(mut asked): FileInput<ChangeFile>,
) -> ApiResult<(StatusCode, Json<FileChanged>)> {
    let from = asked.from_path.take().filter(|from| !from.is_empty());
    let (content, sha) = (asked.bytes()?, asked.sha()?);
    // Without a `sha` there is nothing to compare with: then the file must be new.
    let action = match (&sha, &from) {
        (None, None) => Action::Create { content },
        _ => Action::Update { content, sha, from },
    };
    let made = content::change(&app, &access.write()?, asked.into_change(path, action)).await?;
    let status = if made.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, answer(&app, &access, made).await?))
}

pub(crate) async fn delete(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, path)): Named,
    FileInput(asked): FileInput<ChangeFile>,
) -> ApiResult<Json<FileChanged>> {
    let sha = asked.sha()?.ok_or(Error::field("sha", "required"))?;
    let action = Action::Delete { sha: Some(sha) };
    let made = content::change(&app, &access.write()?, asked.into_change(path, action)).await?;
    answer(&app, &access, made).await
}

/// What to do with one of several files.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct FileOperation {
    /// `create`, `update`, `upload` or `delete`.
    operation: String,
    path: String,
    /// Base64; left out when the file is deleted.
    content: Option<String>,
    /// The blob that the change is based on.
    sha: Option<String>,
    /// Where the file was before, when it moves.
    from_path: Option<String>,
}

impl FileOperation {
    fn into_action(mut self) -> ApiResult<(String, Action)> {
        let path = std::mem::take(&mut self.path);
        let from = self.from_path.take().filter(|from| !from.is_empty());
        let sha = parse_sha(self.sha.as_deref())?;
        let action = match self.operation.as_str() {
            "create" => Action::Create { content: decode(self.content.as_deref())? },
            "update" => Action::Update { content: decode(self.content.as_deref())?, sha, from },
            "upload" => match sha {
                None => Action::Create { content: decode(self.content.as_deref())? },
                sha => Action::Update { content: decode(self.content.as_deref())?, sha, from },
            },
            "delete" => Action::Delete { sha },
            _ => return Err(Error::field("operation", "unknown-choice").into()),
        };
        Ok((path, action))
    }
}

/// Several files to create, change or delete in one commit.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ChangeFiles {
    files: Vec<FileOperation>,
    message: Option<String>,
    /// The default branch when left out.
    branch: Option<String>,
    /// Commit to this new branch instead.
    new_branch: Option<String>,
    #[serde(default)]
    author: Identity,
    /// The author when there is none; who commits is always the caller.
    #[serde(default)]
    committer: Identity,
}

pub(crate) async fn change_several(
    State(app): State<App>,
    InRepository(access): InRepository,
    FileInput(asked): FileInput<ChangeFiles>,
) -> ApiResult<(StatusCode, Json<FilesChanged>)> {
    let writing = access.write()?;
    let files = asked.files.into_iter().map(FileOperation::into_action).collect::<ApiResult<Vec<_>>>()?;
    let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
    let mut files = files.into_iter();
    let (path, action) = files.next().ok_or(Error::field("files", "required"))?;
    let change = FileChange {
        path,
        action,
        branch: asked.branch,
        new_branch: asked.new_branch,
        message: asked.message,
        author: asked.author.given().or_else(|| asked.committer.given()),
    };
    let made = content::change_all(&app, &writing, change, files.collect()).await?;
    let row = access.repository();
    let git = repository::git(&app, row).await?;
    let commit = made.commit;
    let read = git.run(move |git| {
        let paths = paths.into_iter().filter_map(|path| hearth_git::TreePath::new(path).ok());
        let find = |path: hearth_git::TreePath| Ok((git.find_entry(commit, &path)?, path));
        let found = paths.map(find).collect::<hearth_git::Result<Vec<_>>>()?;
        Ok((git.commit(commit)?, found))
    });
    let (commit, found) = read.await.map_git()?;
    let shown = found
        .into_iter()
        .map(|(entry, path)| entry.map(|entry| Content::new(&app, row, made.commit, &path, &entry)));
    Ok((StatusCode::CREATED, Json(FilesChanged::new(&app, row, shown.collect(), &commit))))
}
