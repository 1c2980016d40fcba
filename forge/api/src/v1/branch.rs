use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App, GitResult as _, content,
    reference::{self, BranchMove},
    repository,
};
use hearth_core::{Error, Kind, Permission};
use hearth_git::BranchName;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shape::Branch;
use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .get("/repos/{owner}/{repo}/branches", list, describe("List branches").list_response::<Branch>())
        .post(
            "/repos/{owner}/{repo}/branches",
            create,
            describe("Create a branch").request::<CreateBranch>().response::<Branch>().status(201),
        )
        .get("/repos/{owner}/{repo}/branches/{*branch}", get, describe("Get a branch").response::<Branch>())
        .delete("/repos/{owner}/{repo}/branches/{*branch}", delete, describe("Delete a branch"))
        .patch(
            "/repos/{owner}/{repo}/branches/{*branch}",
            rename,
            describe("Rename a branch").request::<RenameBranch>(),
        )
        .put(
            "/repos/{owner}/{repo}/branches/{*branch}",
            advance,
            describe("Move a branch to another commit").request::<MoveBranch>(),
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
            let page = cut.cut(git.whole(git.branches()?)?);
            let commits =
                page.items.iter().map(|branch| git.commit(branch.id)).collect::<Result<Vec<_>, _>>()?;
            Ok((page, commits))
        })
        .await
        .map_git()?;
    let (page, commits) = page;
    let can_write = access.can(Permission::Write);
    let mut commits = commits.into_iter();
    let page = page.map(|branch| {
        let commit = commits.next().expect("each branch was given its commit");
        Branch::new(&app, row, branch.name.as_str(), &commit, can_write)
    });
    Ok(paging.answer(&app, &page))
}

pub(crate) async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<Json<Branch>> {
    let row = access.repository();
    let name = BranchName::new(name).map_err(|_| Error::NotFound(Kind::Branch))?;
    let git = repository::git(&app, row).await?;
    let wanted = name.clone();
    let commit =
        git.run(move |git| git.branch(&wanted)?.map(|tip| git.commit(tip)).transpose()).await.map_git()?;
    let commit = commit.ok_or(Error::NotFound(Kind::Branch))?;
    Ok(Json(Branch::new(&app, row, name.as_str(), &commit, access.can(Permission::Write))))
}

/// A branch to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateBranch {
    new_branch_name: String,
    /// A branch, a tag or a commit; the default branch when left out.
    #[serde(alias = "old_branch_name")]
    old_ref_name: Option<String>,
}

pub(crate) async fn create(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(asked): Input<CreateBranch>,
) -> ApiResult<(StatusCode, Json<Branch>)> {
    let writing = access.write()?;
    let row = access.repository();
    let from =
        asked.old_ref_name.filter(|name| !name.is_empty()).unwrap_or_else(|| row.default_branch.clone());
    let name = content::create_branch(&app, &writing, &asked.new_branch_name, &from).await?;
    let git = repository::git(&app, row).await?;
    let made = name.clone();
    let commit = git.run(move |git| git.commit(git.resolve_branch(&made)?)).await.map_git()?;
    Ok((StatusCode::CREATED, Json(Branch::new(&app, row, name.as_str(), &commit, true))))
}

pub(crate) async fn delete(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    content::delete_branch(&app, &access.write()?, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The new name of a branch.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RenameBranch {
    name: String,
}

pub(crate) async fn rename(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
    Input(asked): Input<RenameBranch>,
) -> ApiResult<StatusCode> {
    reference::rename_branch(&app, &access.write()?, &name, &asked.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a branch is to point.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct MoveBranch {
    new_commit_id: String,
    /// Where the caller saw the branch.
    old_commit_id: Option<String>,
    /// Whether commits of the branch may be left behind.
    #[serde(default)]
    force: bool,
}

pub(crate) async fn advance(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Path<(String, String, String)>,
    Input(asked): Input<MoveBranch>,
) -> ApiResult<StatusCode> {
    let wanted = BranchMove { to: asked.new_commit_id, from: asked.old_commit_id, is_forced: asked.force };
    reference::move_branch(&app, &access.write()?, &name, wanted).await?;
    Ok(StatusCode::NO_CONTENT)
}
