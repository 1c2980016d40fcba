//! Git's own objects and references.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::HeaderValue,
    response::{IntoResponse, Response},
};
use hearth_app::{
    Access, App,
    code::git_data::{self, PlacedEntry},
    verification::{self, Verification as Checked},
};
use hearth_core::{Error, Kind, Read};
use hearth_git::{EntryKind, ObjectId, TagTarget};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    commit::Details,
    shape::{
        Commit,
        commit::{Signature, Verification},
        repository::address,
    },
};
use crate::{
    at::InRepository,
    error::ApiResult,
    pagination::TRUNCATED,
    table::{Table, describe},
};

type Named = Path<(String, String, String)>;

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/git/refs",
            list,
            describe("List all references").response::<Vec<Reference>>(),
        )
        .get(
            "/repos/{owner}/{repo}/git/refs/{*ref}",
            find,
            describe("Get one reference by its name, as `heads/main`, or list those that begin with it")
                .response::<Reference>(),
        )
        .get(
            "/repos/{owner}/{repo}/git/trees/{*sha}",
            tree,
            describe("List the entries of a tree, by its id or by a revision")
                .response::<Tree>()
                .query("recursive", "`1`: with everything that is in its folders")
                .query("page", "the page, from 1")
                .query("per_page", "items a page, at most 1000"),
        )
        .get(
            "/repos/{owner}/{repo}/git/blobs/{sha}",
            blob,
            describe("Get a file by the id of its content").response::<Blob>(),
        )
        .get(
            "/repos/{owner}/{repo}/git/tags/{sha}",
            tag,
            describe("Get an annotated tag by the id of its object").response::<AnnotatedTag>(),
        )
        .get(
            "/repos/{owner}/{repo}/git/notes/{sha}",
            note,
            Details::describe(
                describe("Get the note that `git notes` keeps about a commit").response::<Note>(),
            ),
        )
}

/// An object that something points to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Target {
    /// `commit`, `tree`, `blob` or `tag`.
    r#type: &'static str,
    sha: String,
    url: String,
}

impl Target {
    fn new(app: &App, access: &Access<Read>, kind: TagTarget, id: String) -> Self {
        let (r#type, folder) = match kind {
            TagTarget::Commit => ("commit", "commits"),
            TagTarget::Tree => ("tree", "trees"),
            TagTarget::Blob => ("blob", "blobs"),
            TagTarget::Tag => ("tag", "tags"),
        };
        let url = app.urls().absolute(&format!("{}/git/{folder}/{id}", address(access.repository())));
        Self { r#type, sha: id, url }
    }
}

/// A reference.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GitReference)]
pub(crate) struct Reference {
    /// The whole name, as `refs/heads/main`.
    r#ref: String,
    url: String,
    object: Target,
}

impl Reference {
    fn new(app: &App, access: &Access<Read>, row: &git_data::Reference) -> Self {
        let path = hearth_core::urls::path(row.name.as_str());
        Self {
            r#ref: row.name.to_string(),
            url: app.urls().absolute(&format!("{}/git/{path}", address(access.repository()))),
            object: Target::new(app, access, row.kind, row.id.to_string()),
        }
    }
}

async fn references(app: &App, access: &Access<Read>, prefix: &str) -> ApiResult<(Vec<Reference>, bool)> {
    let (rows, is_cut) = git_data::references(app, access, prefix).await?;
    Ok((rows.iter().map(|row| Reference::new(app, access, row)).collect(), is_cut))
}

fn listed((found, is_cut): (Vec<Reference>, bool)) -> Response {
    let mut response = Json(found).into_response();
    if is_cut {
        response.headers_mut().insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    response
}

pub(crate) async fn list(State(app): State<App>, InRepository(access): InRepository) -> ApiResult<Response> {
    Ok(listed(references(&app, &access, "").await?))
}

pub(crate) async fn find(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Named,
) -> ApiResult<Response> {
    let name = name.strip_prefix("refs/").unwrap_or(&name);
    let (mut found, is_cut) = references(&app, &access, name).await?;
    let whole = format!("refs/{name}");
    if let Some(place) = found.iter().position(|reference| reference.r#ref == whole) {
        return Ok(Json(found.swap_remove(place)).into_response());
    }
    if found.is_empty() { Err(Error::NotFound(Kind::Revision).into()) } else { Ok(listed((found, is_cut))) }
}

/// An entry of a tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GitTreeEntry)]
pub(crate) struct Entry {
    path: String,
    mode: String,
    /// `blob`, `tree` or `commit`.
    r#type: &'static str,
    size: u64,
    sha: String,
    url: String,
}

impl Entry {
    fn new(base: &str, placed: PlacedEntry) -> Self {
        let entry = placed.entry;
        let (r#type, folder) = match entry.kind {
            EntryKind::Directory => ("tree", "trees"),
            EntryKind::Submodule => ("commit", "commits"),
            EntryKind::File | EntryKind::Executable | EntryKind::Symlink => ("blob", "blobs"),
        };
        Self {
            path: placed.path,
            mode: format!("{:06o}", entry.kind.mode()),
            r#type,
            size: entry.size.unwrap_or(0),
            url: format!("{base}/git/{folder}/{}", entry.id),
            sha: entry.id.to_string(),
        }
    }
}

/// One page of the entries of a tree.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of Gitea's fields")]
pub(crate) struct Tree {
    sha: String,
    url: String,
    tree: Vec<Entry>,
    /// Whether there are more entries than these.
    truncated: bool,
    page: u32,
    total_count: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TreeQuery {
    recursive: String,
    page: Option<u32>,
    #[serde(alias = "limit")]
    per_page: Option<u32>,
}

impl TreeQuery {
    fn is_recursive(&self) -> bool {
        !matches!(self.recursive.as_str(), "" | "0" | "false")
    }
}

pub(crate) async fn tree(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Named,
    Query(asked): Query<TreeQuery>,
) -> ApiResult<Json<Tree>> {
    let (page, most) = (asked.page.unwrap_or(1).max(1), asked.per_page.filter(|most| *most > 0));
    let found = git_data::tree(&app, &access, &name, asked.is_recursive(), page, most).await?;
    let base = app.urls().absolute(&address(access.repository()));
    Ok(Json(Tree {
        sha: found.id.to_string(),
        url: format!("{base}/git/trees/{}", found.id),
        tree: found.entries.into_iter().map(|placed| Entry::new(&base, placed)).collect(),
        truncated: found.has_more,
        page,
        total_count: found.total,
    }))
}

/// The content of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Blob {
    /// Base64; null for a file that is too large for JSON.
    content: Option<String>,
    encoding: &'static str,
    url: String,
    sha: String,
    size: u64,
}

pub(crate) async fn blob(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, id)): Named,
) -> ApiResult<Json<Blob>> {
    let found = git_data::blob(&app, &access, &id).await?;
    Ok(Json(Blob {
        content: found.data.map(|bytes| data_encoding::BASE64.encode(&bytes)),
        encoding: "base64",
        url: app.urls().absolute(&format!("{}/git/blobs/{id}", address(access.repository()))),
        sha: id,
        size: found.size,
    }))
}

/// An annotated tag.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnnotatedTag {
    tag: String,
    sha: String,
    url: String,
    message: String,
    tagger: Option<Signature>,
    object: Target,
    verification: Verification,
}

pub(crate) async fn tag(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, id)): Named,
) -> ApiResult<Json<AnnotatedTag>> {
    let found = git_data::tag_object(&app, &access, &id).await?;
    let signature = match (id.parse::<ObjectId>(), &found.tagger) {
        (Ok(id), Some(tagger)) if found.is_signed => {
            verification::verify(&app, &access, vec![(id, tagger.email.clone())]).await?.pop()
        }
        _ => None,
    };
    Ok(Json(AnnotatedTag {
        tag: found.name,
        url: app.urls().absolute(&format!("{}/git/tags/{id}", address(access.repository()))),
        sha: id,
        message: format!("{}\n", found.message),
        tagger: found.tagger.as_ref().map(Signature::new),
        object: Target::new(&app, &access, found.target_kind, found.target.to_string()),
        verification: Verification::new(&signature.unwrap_or(Checked::Unsigned)),
    }))
}

/// A note about a commit.
#[derive(Serialize, ToSchema)]
pub(crate) struct Note {
    message: String,
    /// The commit that wrote the note.
    commit: Commit,
}

async fn note(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, revision)): Named,
    Query(details): Query<Details>,
) -> ApiResult<Json<Note>> {
    let found = git_data::note(&app, &access, &revision).await?;
    let commit = details.show(&app, &access, vec![found.commit]).await?.pop();
    let commit = commit.ok_or_else(|| Error::internal("one commit was shown"))?;
    Ok(Json(Note { message: found.message, commit }))
}
