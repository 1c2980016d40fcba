//! `/-/invitations`: organisations that the reader may join, and repositories that they may take.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, organization::invitation, repository::transfer};
use hearth_core::{InvitationId, RepositoryId, urls};

use crate::{
    Failure, Flash, Form, NoFields, Page,
    pending_request_row::{self, PendingRequestRow},
    respond::{html, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/invitations/list.html")]
struct List {
    page: Page,
    asked: Vec<PendingRequestRow>,
}

pub(crate) async fn get(State(app): State<App>, page: Page) -> Result<Response, Failure> {
    page.require_viewer()?;
    let asked = pending_request_row::list(&app, &page).await?;
    html(&List { page, asked })
}

pub(crate) async fn accept(
    State(app): State<App>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let joined = invitation::accept(&app, &page.actor, InvitationId(id)).await?;
    let name = joined.name.as_str();
    Ok(see_other_with(&urls::user(name), Flash::new("flash-organization-joined", name)))
}

pub(crate) async fn decline(
    State(app): State<App>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    invitation::decline(&app, &page.actor, InvitationId(id)).await?;
    Ok(see_other_with(urls::invitations(), Flash::new("flash-invite-declined", "")))
}

pub(crate) async fn accept_transfer(
    State(app): State<App>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let taken = transfer::accept(&app, &page.actor, RepositoryId(id)).await?;
    let address = urls::repository(taken.kind, taken.owner.as_str(), taken.name.as_str());
    let name = format!("{}/{}", taken.owner, taken.name);
    Ok(see_other_with(&address, Flash::new("flash-repository-transferred", name)))
}

pub(crate) async fn decline_transfer(
    State(app): State<App>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    transfer::decline(&app, &page.actor, RepositoryId(id)).await?;
    Ok(see_other_with(urls::invitations(), Flash::new("flash-transfer-declined", "")))
}
