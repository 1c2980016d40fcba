//! `/user/login/{secret}`: a one-time sign-in link, made in the server's own terminal. Opening it changes
//! nothing, because programs prefetch links; the button does.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::user;
use hearth_core::urls;
use tower_sessions::Session;

use crate::{
    Failure, Form, NoFields, Page, Web,
    respond::{html, see_other},
    session,
};

#[derive(Template)]
#[template(path = "pages/user/link.html")]
struct Link {
    page: Page,
    action: String,
}

pub(crate) async fn get(page: Page, Path(secret): Path<String>) -> Result<Response, Failure> {
    html(&Link { page, action: urls::sign_in_link(&secret) })
}

pub(crate) async fn post(
    State(web): State<Web>,
    session: Session,
    Path(secret): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let user = user::follow_sign_in_link(web.app(), &secret).await?;
    session::begin(web.app(), &session, &user).await?;
    Ok(see_other(urls::home()))
}
