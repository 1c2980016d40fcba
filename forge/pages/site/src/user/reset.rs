//! `/user/reset/{secret}`: sets a new password, by an emailed link. Opening it changes nothing, because
//! programs prefetch links.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{Password, user};
use hearth_core::urls;
use http::{StatusCode, header::CACHE_CONTROL};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    Failure, Flash, Form, Mistakes, Page, Web,
    respond::{html_with, see_other_with},
    session,
};

#[derive(Template)]
#[template(path = "pages/user/reset.html")]
struct Reset {
    page: Page,
    action: String,
    name: String,
    mistakes: Mistakes,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ResetForm {
    password: Password,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(secret): Path<String>,
) -> Result<Response, Failure> {
    show(&web, page, &secret, Mistakes::none()).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    session: Session,
    Path(secret): Path<String>,
    Form(form): Form<ResetForm>,
) -> Result<Response, Failure> {
    match user::reset_by_link(web.app(), &secret, &form.password).await {
        Ok(user) => {
            session::begin(web.app(), &session, &user).await?;
            Ok(see_other_with(urls::home(), Flash::new("flash-password-changed", "")))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "password")?;
            show(&web, page, &secret, mistakes).await
        }
    }
}

async fn show(web: &Web, page: Page, secret: &str, mistakes: Mistakes) -> Result<Response, Failure> {
    let user = user::find_reset(web.app(), secret).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (action, name) = (urls::reset(secret), user.name.to_string());
    let mut response = html_with(status, &Reset { page, action, name, mistakes })?;
    response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Ok(response)
}
