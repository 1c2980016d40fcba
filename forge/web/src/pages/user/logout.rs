//! `POST /user/logout`.

use axum::response::Response;
use hearth_core::urls;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{Failure, Form, respond::see_other, session};

/// Nothing but the visitor's token.
#[derive(Debug, Deserialize)]
pub(crate) struct Nothing {}

pub(crate) async fn post(session: Session, Form(Nothing {}): Form<Nothing>) -> Result<Response, Failure> {
    session::end(&session).await?;
    Ok(see_other(urls::home()))
}
