//! `/-/admin/mail`: whether this site can send email, and where it goes.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::mail::{self, Overview};
use hearth_core::urls;

use crate::{Failure, Form, MenuEntry, NoFields, Page, Web, respond::html};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "mail",
    icon: || icon!("comment"),
    label: |page| t!(page, "common-admin-mail"),
    address: || urls::admin("mail"),
};

#[derive(Template)]
#[template(path = "pages/admin/mail.html")]
struct Mail {
    page: Page,
    section: &'static str,
    /// `None`: no email is sent.
    overview: Option<Overview>,
    /// The recipient of the test email just sent.
    sent: Option<String>,
    /// Why it could not be sent.
    trouble: Option<String>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    show(&web, page, None, None).await
}

/// Sends a test email to the requester.
pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    match mail::send_test(web.app(), &page.actor, page.language).await? {
        Ok(to) => show(&web, page, Some(to.to_string()), None).await,
        Err(error) => show(&web, page, None, Some(error.to_string())).await,
    }
}

async fn show(
    web: &Web,
    page: Page,
    sent: Option<String>,
    trouble: Option<String>,
) -> Result<Response, Failure> {
    let overview = mail::overview(web.app(), &page.actor).await?;
    html(&Mail { page, section: MENU_ENTRY.name, overview, sent, trouble })
}
