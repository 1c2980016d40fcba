//! `POST …/reactions`: adds or removes a reaction to a text.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App, comment,
    thread::{Target, reaction},
};
use hearth_core::{Error, Reaction};
use serde::Deserialize;

use super::{AtComment, AtIssue};
use crate::{Failure, Form, pages::repo::RepositoryVisit, respond::see_other};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReactionForm {
    reaction: String,
}

/// To an issue's own text.
pub(crate) async fn of_issue(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<ReactionForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    toggle(&app, &visit, Target::Thread(number), &form).await?;
    Ok(see_other(&visit.urls.issue(number)))
}

/// To a comment.
pub(crate) async fn of_comment(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtComment>,
    Form(form): Form<ReactionForm>,
) -> Result<Response, Failure> {
    let id = at.id()?;
    toggle(&app, &visit, Target::Comment(id), &form).await?;
    let said = comment::find(&app, &visit.access, id).await?;
    Ok(see_other(&visit.urls.comment(said.thread_number, id)))
}

async fn toggle(
    app: &App,
    visit: &RepositoryVisit,
    target: Target,
    form: &ReactionForm,
) -> Result<(), Error> {
    let reaction: Reaction = form.reaction.parse().map_err(|()| Error::field("reaction", "unknown"))?;
    if !reaction::remove(app, &visit.access, target, reaction).await? {
        reaction::add(app, &visit.access, target, reaction).await?;
    }
    Ok(())
}
