use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{Access, App, GitResult as _, reference, repository};
use hearth_core::{Error, Kind, Read};
use hearth_git::{OpenRepository, TagName, TagTarget};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shape::Tag;
use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

type Found = (hearth_git::Tag, Option<hearth_git::Commit>);

/// `None`: it has been deleted since.
fn look(git: &OpenRepository, name: &TagName) -> hearth_git::Result<Option<Found>> {
    let Some(tag) = git.tag(name)? else { return Ok(None) };
    let is_commit = tag.target_kind == TagTarget::Commit;
    let commit = is_commit.then(|| git.commit(tag.target)).transpose()?;
    Ok(Some((tag, commit)))
}

pub(crate) fn routes(table: Table) -> Table {
    table
        .get("/repos/{owner}/{repo}/tags", list, describe("List tags").list_response::<Tag>())
        .post(
            "/repos/{owner}/{repo}/tags",
            create,
            describe("Tag a commit").request::<CreateTag>().response::<Tag>().status(201),
        )
        .get("/repos/{owner}/{repo}/tags/{*tag}", get, describe("Get a tag").response::<Tag>())
        .delete("/repos/{owner}/{repo}/tags/{*tag}", delete, describe("Delete a tag"))
}

pub(crate) async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
) -> ApiResult<Response> {
    let row = access.repository();
    let git = repository::git(&app, row).await?;
    let cut = paging.clone();
    let page = git
        .run(move |git| {
            let page = cut.cut(git.tags()?);
            let mut items = Vec::with_capacity(page.items.len());
            for tag in &page.items {
                items.extend(look(git, &tag.name)?);
            }
            Ok(hearth_core::Page { items, total: page.total, request: page.request })
        })
        .await
        .map_git()?;
    let page = page.map(|(tag, commit)| Tag::new(&app, row, &tag, commit.as_ref()));
    Ok(paging.answer(&app, &page))
}

pub(crate) async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<Json<Tag>> {
    let name = TagName::new(name).map_err(|_| Error::NotFound(Kind::Tag))?;
    show(&app, &access, name).await
}

async fn show(app: &App, access: &Access<Read>, name: TagName) -> ApiResult<Json<Tag>> {
    let row = access.repository();
    let git = repository::git(app, row).await?;
    let found = git.run(move |git| look(git, &name)).await.map_git()?;
    let (tag, commit) = found.ok_or(Error::NotFound(Kind::Tag))?;
    Ok(Json(Tag::new(app, row, &tag, commit.as_ref())))
}

/// A tag to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateTag {
    tag_name: String,
    /// Makes a tag of its own, which says who made it; without one, the tag is only a name.
    #[serde(default)]
    message: String,
    /// A branch, a tag or a commit; the default branch when left out.
    #[serde(default)]
    target: String,
}

pub(crate) async fn create(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(asked): Input<CreateTag>,
) -> ApiResult<(StatusCode, Json<Tag>)> {
    let writing = access.write()?;
    let target =
        if asked.target.is_empty() { access.repository().default_branch.clone() } else { asked.target };
    let name = reference::create_tag(&app, &writing, &asked.tag_name, &target, &asked.message).await?;
    Ok((StatusCode::CREATED, show(&app, &access, name).await?))
}

pub(crate) async fn delete(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    reference::delete_tag(&app, &access.write()?, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
