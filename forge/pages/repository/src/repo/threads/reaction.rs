//! `POST …/reactions`: adds or removes a reaction to a text.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    thread::{Target, reaction},
};
use hearth_core::{Error, Reaction};
use serde::Deserialize;

use super::{AtComment, AtThread, check_kind, find_comment};
use crate::{Failure, Form, repo::RepositoryVisit, respond::see_other};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReactionForm {
    reaction: String,
}

/// To a thread's own text.
pub(crate) async fn of_thread(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<ReactionForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    check_kind(&app, &visit, number).await?;
    toggle(&app, &visit, Target::Thread(number), &form).await?;
    Ok(see_other(&visit.thread(number)))
}

/// To a comment.
pub(crate) async fn of_comment(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtComment>,
    Form(form): Form<ReactionForm>,
) -> Result<Response, Failure> {
    let id = at.id()?;
    let said = find_comment(&app, &visit, id).await?;
    toggle(&app, &visit, Target::Comment(id), &form).await?;
    Ok(see_other(&visit.comment(said.thread_number, id)))
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
