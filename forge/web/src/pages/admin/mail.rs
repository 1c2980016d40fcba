//! `/-/admin/mail`: whether this site can send letters, and where they go.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::mail::{self, Overview};

use crate::{Failure, Form, NoFields, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/admin/mail.html")]
struct Mail {
    page: Page,
    section: &'static str,
    /// None: no letters are sent.
    overview: Option<Overview>,
    /// Where the test letter went that was sent just now.
    sent: Option<String>,
    /// Why it could not be sent.
    trouble: Option<String>,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    show(&web, page, None, None).await
}

/// Sends a test letter to whoever asks.
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
    html(&Mail { page, section: "mail", overview, sent, trouble })
}
