//! `/-/invitations/{code}`: the link in an invitation email. Opening it changes nothing, because programs
//! prefetch links; the button does.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, organization::invitation};
use hearth_core::{Timestamp, urls};

use crate::{
    Failure, Flash, Form, NoFields, Page,
    pending_request_row::invitation_sentence,
    respond::{html, see_other_with},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/invitations/letter.html")]
struct Letter {
    page: Page,
    sentence: Html,
    expires_at: Timestamp,
    action: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    let found = invitation::find_by_code(&app, &code).await?;
    let sentence = invitation_sentence(&page, &found);
    html(&Letter { page, sentence, expires_at: found.expires_at, action: urls::invitation(&code) })
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    Path(code): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let joined = invitation::accept_by_code(&app, &page.actor, &code).await?;
    let name = joined.name.as_str();
    Ok(see_other_with(&urls::user(name), Flash::new("flash-organization-joined", name)))
}
