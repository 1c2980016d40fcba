//! `/-/admin/invites`: codes that let one person each sign up.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::invite;
use hearth_core::{InviteId, PageRequest, urls};
use hearth_store::invite::Invite;
use http::{StatusCode, header::CACHE_CONTROL};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, Web,
    respond::{html_with, see_other_with},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/admin/invites.html")]
struct Invites {
    page: Page,
    section: &'static str,
    list: Vec<Invite>,
    /// The address to hand on, of the invitation made just now: shown here once.
    made: Option<String>,
    note: String,
    mistakes: Mistakes,
    /// Links to the other parts of the list.
    pages: Html,
}

impl Invites {
    fn has_expired(&self, invite: &Invite) -> bool {
        invite.expires_at <= self.page.now
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct InviteListQuery {
    #[serde(default)]
    page: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct InviteForm {
    #[serde(default)]
    note: String,
}

async fn show(
    web: &Web,
    page: Page,
    request: PageRequest,
    made: Option<String>,
    note: String,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let list = invite::list(web.app(), &page.actor, request).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (section, list) = ("invites", list.items);
    let mut response = html_with(status, &Invites { page, section, list, made, note, mistakes, pages })?;
    response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Ok(response)
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<InviteListQuery>,
) -> Result<Response, Failure> {
    show(&web, page, PageRequest::asked(&asked.page, 0), None, String::new(), Mistakes::none()).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<InviteForm>,
) -> Result<Response, Failure> {
    match invite::make(web.app(), &page.actor, &form.note).await {
        Ok(made) => {
            let address = format!("{}?code={}", web.app().urls().absolute(urls::sign_up()), made.code);
            show(&web, page, PageRequest::default(), Some(address), String::new(), Mistakes::none()).await
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "note")?;
            show(&web, page, PageRequest::default(), None, form.note, mistakes).await
        }
    }
}

/// `POST /-/admin/invites/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    invite::revoke(web.app(), &page.actor, InviteId(id)).await?;
    Ok(see_other_with(&urls::admin("invites"), Flash::new("flash-invite-deleted", "")))
}
