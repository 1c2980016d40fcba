//! `POST …/pulls/{number}/reviews/{id}/dismiss`: a verdict is set aside, with the reason why.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, review};
use hearth_core::{Error, Kind, ReviewId, ThreadNumber};
use serde::Deserialize;

use crate::{Failure, Form, repo::RepositoryVisit, respond::see_other};

#[derive(Debug, Deserialize)]
pub(crate) struct AtReview {
    number: String,
    id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DismissalForm {
    reason: String,
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtReview>,
    Form(form): Form<DismissalForm>,
) -> Result<Response, Failure> {
    let number: ThreadNumber = at.number.parse().map_err(|_| Error::NotFound(Kind::PullRequest))?;
    let id: ReviewId = at.id.parse().map_err(|_| Error::NotFound(Kind::Review))?;
    review::dismiss(&app, &visit.access.write()?, number, id, form.reason.trim()).await?;
    Ok(see_other(&format!("{}#review-{id}", visit.urls.pull(number))))
}
