use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App,
    label::{self, LabelEdit, LabelInput},
    thread,
};
use hearth_core::{Error, Kind, LabelId, Read};
use serde::Deserialize;
use utoipa::ToSchema;

use super::card::number;
use crate::{at::InIssues, body::Input, error::ApiResult, pagination::Paging, v1::shape::Label};

/// A label by its id or by its name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum LabelName {
    Id(i64),
    Name(String),
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LabelNames {
    #[serde(default)]
    labels: Vec<LabelName>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateLabel {
    name: String,
    /// `#00aabb`
    color: String,
    #[serde(default)]
    description: String,
    /// It replaces other exclusive labels with the same text before the last slash.
    #[serde(default)]
    exclusive: bool,
}

/// Fields that are left out stay unchanged.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EditLabel {
    name: Option<String>,
    color: Option<String>,
    description: Option<String>,
    exclusive: Option<bool>,
}

impl From<CreateLabel> for LabelInput {
    fn from(body: CreateLabel) -> Self {
        Self {
            name: body.name,
            color: body.color,
            description: body.description,
            is_exclusive: body.exclusive,
        }
    }
}

impl From<EditLabel> for LabelEdit {
    fn from(body: EditLabel) -> Self {
        Self {
            name: body.name,
            color: body.color,
            description: body.description,
            is_exclusive: body.exclusive,
        }
    }
}

fn id(text: &str) -> ApiResult<LabelId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Label))?)
}

/// The ids of labels of this repository.
pub(crate) async fn resolve(
    app: &App,
    access: &Access<Read>,
    labels: &[LabelName],
) -> ApiResult<Vec<LabelId>> {
    let mut ids = Vec::with_capacity(labels.len());
    for named in labels {
        let found = match named {
            LabelName::Id(id) => label::find(app, access, LabelId(*id)).await?,
            LabelName::Name(name) => label::find_by_name(app, access, name).await?,
        };
        ids.push(found.id);
    }
    Ok(ids)
}

fn shown(app: &App, access: &Access<Read>, label: &label::Label) -> Label {
    Label::new(app, access, label)
}

fn shown_all(app: &App, access: &Access<Read>, labels: &[label::Label]) -> Json<Vec<Label>> {
    Json(labels.iter().map(|label| shown(app, access, label)).collect())
}

pub(crate) async fn list(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
) -> ApiResult<Response> {
    let page = paging.cut(label::list(&app, &access).await?);
    Ok(paging.answer(&app, &page.map(|label| shown(&app, &access, &label))))
}

pub(crate) async fn create(
    State(app): State<App>,
    InIssues(access): InIssues,
    Input(input): Input<CreateLabel>,
) -> ApiResult<(StatusCode, Json<Label>)> {
    let made = label::create(&app, &access.write()?, &input.into()).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &access, &made))))
}

pub(crate) async fn get(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Path<(String, String, String)>,
) -> ApiResult<Json<Label>> {
    let found = label::find(&app, &access, id(&text)?).await?;
    Ok(Json(shown(&app, &access, &found)))
}

pub(crate) async fn edit(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Path<(String, String, String)>,
    Input(input): Input<EditLabel>,
) -> ApiResult<Json<Label>> {
    let writing = access.write()?;
    let new = label::edit(&app, &writing, id(&text)?, input.into()).await?;
    Ok(Json(shown(&app, &access, &new)))
}

pub(crate) async fn delete(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, text)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    label::delete(&app, &access.write()?, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn list_of_issue(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Json<Vec<Label>>> {
    let held = thread::labels(&app, &access, number(&index)?).await?;
    Ok(shown_all(&app, &access, &held))
}

pub(crate) async fn add(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<LabelNames>,
) -> ApiResult<Json<Vec<Label>>> {
    let writing = access.write()?;
    let labels = resolve(&app, &access, &input.labels).await?;
    let held = thread::edit_labels(&app, &writing, number(&index)?, &labels, &[]).await?;
    Ok(shown_all(&app, &access, &held))
}

pub(crate) async fn replace(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
    Input(input): Input<LabelNames>,
) -> ApiResult<Json<Vec<Label>>> {
    let writing = access.write()?;
    let number = number(&index)?;
    let wanted = resolve(&app, &access, &input.labels).await?;
    let held = thread::set_labels(&app, &writing, number, &wanted).await?;
    Ok(shown_all(&app, &access, &held))
}

pub(crate) async fn clear(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    let writing = access.write()?;
    let number = number(&index)?;
    thread::set_labels(&app, &writing, number, &[]).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn remove(
    State(app): State<App>,
    InIssues(access): InIssues,
    Path((_, _, index, text)): Path<(String, String, String, String)>,
) -> ApiResult<StatusCode> {
    let writing = access.write()?;
    thread::edit_labels(&app, &writing, number(&index)?, &[], &[id(&text)?]).await?;
    Ok(StatusCode::NO_CONTENT)
}
