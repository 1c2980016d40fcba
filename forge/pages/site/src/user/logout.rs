//! `POST /user/logout`.

use axum::response::Response;
use hearth_core::urls;
use tower_sessions::Session;

use crate::{Failure, Form, NoFields, respond::see_other, session};

pub(crate) async fn post(session: Session, Form(NoFields {}): Form<NoFields>) -> Result<Response, Failure> {
    session::end(&session).await?;
    Ok(see_other(urls::home()))
}
