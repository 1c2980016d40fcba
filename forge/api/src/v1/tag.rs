use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, GitResult as _, repository};
use hearth_core::{Error, Kind};
use hearth_git::{OpenRepository, TagName, TagTarget};

use super::shape::Tag;
use crate::{
    at::InRepository,
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
    table.get("/repos/{owner}/{repo}/tags", list, describe("List tags").list_response::<Tag>()).get(
        "/repos/{owner}/{repo}/tags/{*tag}",
        get,
        describe("Get a tag").response::<Tag>(),
    )
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
    let row = access.repository();
    let name = TagName::new(name).map_err(|_| Error::NotFound(Kind::Tag))?;
    let git = repository::git(&app, row).await?;
    let found = git.run(move |git| look(git, &name)).await.map_git()?;
    let (tag, commit) = found.ok_or(Error::NotFound(Kind::Tag))?;
    Ok(Json(Tag::new(&app, row, &tag, commit.as_ref())))
}
