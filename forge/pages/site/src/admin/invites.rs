//! `/-/admin/invites`: codes that let one person each sign up.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    invite::{self, Invite},
    mail,
};
use hearth_core::{InviteId, PageRequest, urls};
use http::{StatusCode, header::CACHE_CONTROL};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Mistakes, NoFields, Page, Web,
    respond::{html_with, see_other_with},
    words::Html,
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "invites",
    icon: || icon!("key"),
    label: |page| t!(page, "common-admin-invites"),
    address: || urls::admin("invites"),
};

#[derive(Template)]
#[template(path = "pages/admin/invites.html")]
struct Invites {
    page: Page,
    section: &'static str,
    list: Vec<Invite>,
    /// The link of the invitation just created; shown only once.
    made: Option<String>,
    note: String,
    email: String,
    /// Whether this site can send email.
    can_send: bool,
    mistakes: Mistakes,
    /// Pagination links.
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

#[derive(Debug, Default, Deserialize)]
pub(crate) struct InviteForm {
    #[serde(default)]
    note: String,
    /// The address to send the invitation to; empty: its link is shown instead.
    #[serde(default)]
    email: String,
}

async fn show(
    web: &Web,
    page: Page,
    request: PageRequest,
    made: Option<String>,
    form: InviteForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let list = invite::list(web.app(), &page.actor, request).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (section, list, can_send) = (MENU_ENTRY.name, list.items, mail::is_configured(web.app()));
    let InviteForm { note, email } = form;
    let invites = Invites { page, section, list, made, note, email, can_send, mistakes, pages };
    let mut response = html_with(status, &invites)?;
    response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Ok(response)
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<InviteListQuery>,
) -> Result<Response, Failure> {
    show(&web, page, PageRequest::asked(&asked.page, 0), None, InviteForm::default(), Mistakes::none()).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<InviteForm>,
) -> Result<Response, Failure> {
    if !form.email.trim().is_empty() {
        return match invite::send(web.app(), &page.actor, &form.email, page.language).await {
            Ok(to) => {
                Ok(see_other_with(&urls::admin("invites"), Flash::new("flash-invite-sent", to.as_str())))
            }
            Err(error) => {
                let mistakes = Mistakes::from_error(&page, error, "email")?;
                show(&web, page, PageRequest::default(), None, form, mistakes).await
            }
        };
    }
    match invite::make(web.app(), &page.actor, &form.note).await {
        Ok(made) => {
            let address = format!("{}?code={}", web.app().urls().absolute(urls::sign_up()), made.code);
            show(&web, page, PageRequest::default(), Some(address), InviteForm::default(), Mistakes::none())
                .await
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "note")?;
            show(&web, page, PageRequest::default(), None, form, mistakes).await
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
