//! `POST /{owner}/{name}/pulls/{number}/suggestions`: puts suggestions into effect, one or several, as one commit.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    line_comment::{self, SeenSuggestion},
};
use hearth_core::Error;
use serde::Deserialize;

use super::AtPull;
use crate::{Failure, Flash, Form, repo::RepositoryVisit, respond::see_other_with};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SuggestionsForm {
    /// The suggestions that are meant, as they were shown.
    comments: Vec<String>,
    /// The title of the commit; empty: as the server words it.
    message: String,
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<SuggestionsForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let seen = form.comments.iter().map(|comment| comment.parse::<SeenSuggestion>());
    let seen: Vec<SeenSuggestion> = seen.collect::<Result<_, Error>>()?;
    if seen.is_empty() {
        return Err(Error::field("comments", "required").into());
    }
    let message = Some(form.message).filter(|message| !message.trim().is_empty());
    line_comment::apply_suggestions(&app, &visit.access, number, &seen, message).await?;
    let flash = Flash::new("flash-suggestions-applied", "");
    Ok(see_other_with(&visit.urls.pull_part(number, "files"), flash))
}
