//! `/user/forgot`: requests a password reset.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{mail, user};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    Failure, Form, Mistakes, Page, Web,
    respond::{html, html_with},
};

#[derive(Template)]
#[template(path = "pages/user/forgot.html")]
struct Forgot {
    page: Page,
    /// Whether this site can send email.
    can_send: bool,
    /// An email has been sent, if there is an account to send it to.
    is_asked: bool,
    name: String,
    mistakes: Mistakes,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ForgotForm {
    name: String,
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let can_send = mail::is_configured(web.app());
    html(&Forgot { page, can_send, is_asked: false, name: String::new(), mistakes: Mistakes::none() })
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<ForgotForm>,
) -> Result<Response, Failure> {
    let name = form.name;
    match user::ask_for_reset(web.app(), &name, page.client).await {
        Ok(()) => html(&Forgot { page, can_send: true, is_asked: true, name, mistakes: Mistakes::none() }),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            html_with(status, &Forgot { page, can_send: true, is_asked: false, name, mistakes })
        }
    }
}
