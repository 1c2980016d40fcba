use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use hearth_app::{
    App,
    lineage::{self, TaskLink},
    model::{self, Publication},
};
use hearth_core::{Error, Visibility, urls};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{authenticate::Caller, body::Input, error::ApiResult};

/// Which outputs become a version of which model.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publish {
    /// `name` or `owner/name`; created if it does not exist.
    #[serde(default)]
    model: String,
    /// Whether a new model is private; as the code when left out.
    #[serde(default)]
    private: Option<bool>,
    #[serde(default)]
    note: String,
    /// Paths of outputs; all of them when empty.
    #[serde(default)]
    paths: Vec<String>,
    /// The newest when left out.
    #[serde(default)]
    attempt: Option<i64>,
}

/// A version of a model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Published {
    /// `owner/name`.
    model: String,
    version: String,
    commit: String,
    html_url: String,
    clone_url: String,
}

pub(super) async fn publish(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(asked): Input<Publish>,
) -> ApiResult<(StatusCode, Json<Published>)> {
    let access = super::enter(&app, &caller, &id).await?;
    if asked.model.is_empty() {
        return Err(Error::field("model", "required").into());
    }
    let visibility =
        asked.private.map(|is_private| if is_private { Visibility::Private } else { Visibility::Public });
    let publication = Publication {
        model: asked.model,
        visibility,
        note: asked.note,
        paths: asked.paths,
        attempt: asked.attempt,
    };
    let done = model::publish(&app, &access, publication).await?;
    let (kind, owner, name) =
        (done.repository.kind, done.repository.owner.as_str(), done.repository.name.as_str());
    let published = Published {
        model: format!("{owner}/{name}"),
        version: done.version,
        commit: done.commit,
        html_url: app.urls().absolute(&urls::repository(kind, owner, name)),
        clone_url: app.urls().clone_address(kind, owner, name),
    };
    Ok((StatusCode::CREATED, Json(published)))
}

/// One edge of the lineage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Edge {
    /// `input` or `output` of the task.
    direction: &'static str,
    kind: &'static str,
    repository: String,
    commit: String,
    version: Option<String>,
    html_url: String,
}

impl Edge {
    fn new(app: &App, link: TaskLink) -> Self {
        let (owner, name) = (link.repository_owner.as_str(), link.repository_name.as_str());
        Self {
            direction: link.direction.as_str(),
            kind: link.repository_kind.as_str(),
            repository: format!("{owner}/{name}"),
            html_url: app.urls().absolute(&urls::repository(link.repository_kind, owner, name)),
            commit: link.commit_id,
            version: link.version,
        }
    }
}

/// The inputs and outputs of a task, as far as the caller may see them.
pub(super) async fn edges(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<Vec<Edge>>> {
    let access = super::enter(&app, &caller, &id).await?;
    let links = lineage::of_task(&app, &access).await?;
    Ok(Json(links.into_iter().map(|link| Edge::new(&app, link)).collect()))
}
