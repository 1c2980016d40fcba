//! `/user/login`: the sign-in form.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{Password, user};
use hearth_core::urls;
use http::StatusCode;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    Failure, Form, Mistakes, Page, Web,
    respond::{html, html_with, safe_return, see_other},
    session,
};

#[derive(Template)]
#[template(path = "pages/user/login.html")]
struct Login {
    page: Page,
    name: String,
    redirect_to: String,
    mistakes: Mistakes,
}

/// The query string.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LoginQuery {
    #[serde(default)]
    redirect_to: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LoginForm {
    name: String,
    password: Password,
    #[serde(default)]
    redirect_to: String,
}

pub(crate) async fn get(page: Page, Query(asked): Query<LoginQuery>) -> Result<Response, Failure> {
    if page.is_signed_in() {
        return Ok(see_other(way_back(&asked.redirect_to)));
    }
    let (name, redirect_to, mistakes) = (String::new(), asked.redirect_to, Mistakes::none());
    html(&Login { page, name, redirect_to, mistakes })
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    session: Session,
    Form(form): Form<LoginForm>,
) -> Result<Response, Failure> {
    match user::sign_in(web.app(), &form.name, &form.password, page.client).await {
        Ok(user) => {
            session::begin(web.app(), &session, &user).await?;
            Ok(see_other(way_back(&form.redirect_to)))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            let (name, redirect_to) = (form.name, form.redirect_to);
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &Login { page, name, redirect_to, mistakes })
        }
    }
}

fn way_back(path: &str) -> &str {
    safe_return(path).unwrap_or(urls::home())
}
