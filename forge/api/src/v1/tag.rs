use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, GitResult as _, repository};
use hearth_core::{Error, Kind};
use hearth_git::{OpenRepository, TagName};

use super::shape::Tag;
use crate::{at::InRepository, error::ApiResult, pagination::Paging};

type Found = (hearth_git::Tag, hearth_git::Commit);

/// None: it was deleted meanwhile, or tags something else than a commit.
fn look(git: &OpenRepository, name: &TagName) -> hearth_git::Result<Option<Found>> {
    match git.tag(name) {
        Ok(Some(tag)) => git.commit(tag.commit).map(|commit| Some((tag, commit))),
        Ok(None) | Err(hearth_git::Error::WrongKind(_)) => Ok(None),
        Err(error) => Err(error),
    }
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
    let page = page.map(|(tag, commit)| Tag::new(&app, row, &tag, &commit));
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
    Ok(Json(Tag::new(&app, row, &tag, &commit)))
}
