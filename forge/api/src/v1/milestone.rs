//! Milestones.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App,
    milestone::{self, Edit, MilestoneFilter, MilestoneSort, NewMilestone},
};
use hearth_core::{Error, Kind, MilestoneId, MilestoneState, Read, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shape::Milestone;
use crate::{
    at::InIssues,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    let one = "/repos/{owner}/{repo}/milestones/{id}";
    table
        .get(
            "/repos/{owner}/{repo}/milestones",
            list,
            describe("List milestones, what is due first at the top")
                .list_response::<Milestone>()
                .query("state", "`open` (what is meant when left out), `closed` or `all`")
                .query("name", "part of the title"),
        )
        .post(
            "/repos/{owner}/{repo}/milestones",
            create,
            describe("Create a milestone").request::<CreateMilestone>().response::<Milestone>().status(201),
        )
        .get(one, get, describe("Get a milestone by its id or its title").response::<Milestone>())
        .patch(
            one,
            edit,
            describe("Change, close or reopen a milestone")
                .request::<EditMilestone>()
                .response::<Milestone>(),
        )
        .delete(one, delete, describe("Delete a milestone; its issues stay"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MilestoneQuery {
    state: String,
    name: String,
}

/// A milestone to create.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateMilestone {
    title: String,
    #[serde(default)]
    description: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_on: Option<Timestamp>,
    /// `open` (the default) or `closed`.
    #[serde(default)]
    state: String,
}

/// Fields that are left out stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EditMilestone {
    title: Option<String>,
    description: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_on: Option<Timestamp>,
    /// `open` or `closed`.
    #[schema(value_type = Option<String>)]
    state: Option<MilestoneState>,
}

/// By its id, or by its title.
async fn named(app: &App, access: &Access<Read>, name: &str) -> ApiResult<milestone::Milestone> {
    if let Ok(id) = name.parse::<MilestoneId>() {
        match milestone::find(app, access, id).await {
            Err(Error::NotFound(Kind::Milestone)) => {}
            found => return Ok(found?),
        }
    }
    Ok(milestone::find_by_title(app, access, name).await?)
}

/// The milestones whose ids or titles are given, as far as there are any.
pub(super) async fn find_named(
    app: &App,
    access: &Access<Read>,
    name: &str,
) -> ApiResult<Option<MilestoneId>> {
    match named(app, access, name).await {
        Ok(found) => Ok(Some(found.id)),
        Err(crate::error::ApiError::Core(Error::NotFound(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn list(
    State(app): State<App>,
    InIssues(access): InIssues,
    Query(asked): Query<MilestoneQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let state = match asked.state.as_str() {
        "" | "open" => Some(MilestoneState::Open),
        "closed" => Some(MilestoneState::Closed),
        "all" => None,
        _ => return Err(Error::field("state", "unknown").into()),
    };
    let title = Some(asked.name).filter(|name| !name.is_empty());
    let filter = MilestoneFilter { state, title };
    let page = milestone::list(&app, &access, &filter, MilestoneSort::DueFirst, paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|row| Milestone::new(&row))))
}

async fn create(
    State(app): State<App>,
    InIssues(access): InIssues,
    Input(asked): Input<CreateMilestone>,
) -> ApiResult<(StatusCode, Json<Milestone>)> {
    let new = NewMilestone {
        title: asked.title,
        description: asked.description,
        due_at: asked.due_on,
        is_closed: asked.state == "closed",
    };
    let made = milestone::create(&app, &access.write()?, &new).await?;
    Ok((StatusCode::CREATED, Json(Milestone::new(&made))))
}

async fn get(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<Json<Milestone>> {
    Ok(Json(Milestone::new(&named(&app, &access, &name).await?)))
}

async fn edit(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, name)): Path<(String, String, String)>,
    Input(asked): Input<EditMilestone>,
) -> ApiResult<Json<Milestone>> {
    let writing = access.write()?;
    let id = named(&app, &access, &name).await?.id;
    let edit = Edit {
        title: asked.title.filter(|title| !title.is_empty()),
        description: asked.description,
        due_at: asked.due_on.map(Some),
        state: asked.state,
    };
    let changed = milestone::edit(&app, &writing, id, edit).await?;
    Ok(Json(Milestone::new(&changed)))
}

async fn delete(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, name)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    let writing = access.write()?;
    let id = named(&app, &access, &name).await?.id;
    milestone::delete(&app, &writing, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
