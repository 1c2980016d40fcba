//! `POST /{owner}/{name}/pulls/{number}/viewed`: a reader ticks a file as viewed, until its changes are others.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, review};
use hearth_core::Error;
use serde::Deserialize;

use super::AtPull;
use crate::{
    Failure, Form, diff,
    repo::RepositoryVisit,
    respond::{safe_return, see_other},
};

/// One form for all files: its button tells which, as `{identity}:{path}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ViewedForm {
    tick: String,
    untick: String,
    return_to: String,
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<ViewedForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let (pressed, is_viewed) = if form.tick.is_empty() { (&form.untick, false) } else { (&form.tick, true) };
    let (identity, path) = pressed.split_once(':').ok_or(Error::field("file", "unknown-choice"))?;
    review::set_viewed(&app, &visit.access, number, path, identity, is_viewed).await?;
    let files = visit.urls.pull_part(number, "files");
    let page = safe_return(&form.return_to).unwrap_or(&files);
    Ok(see_other(&format!("{page}#{}", diff::id(path))))
}
