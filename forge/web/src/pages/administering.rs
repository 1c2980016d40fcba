//! `POST /-/administering`: an administrator starts or stops acting as one.

use axum::{extract::State, response::Response};
use hearth_core::Error;
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    Failure, Flash, Form, Page, Web,
    respond::{safe_return, see_other_with},
    session,
};

/// `on` or `off`, and the page to return to.
#[derive(Debug, Deserialize)]
pub(crate) struct Switch {
    value: String,
    #[serde(default)]
    return_to: String,
}

pub(crate) async fn post(
    State(web): State<Web>,
    session: Session,
    page: Page,
    Form(switch): Form<Switch>,
) -> Result<Response, Failure> {
    let key = match switch.value.as_str() {
        "on" => {
            session::begin_administering(web.app(), &session, &page.actor).await?;
            "flash-administering"
        }
        "off" => {
            session::end_administering(web.app(), &session, &page.actor).await?;
            "flash-administering-ended"
        }
        _ => return Err(Error::field("value", "unknown-choice").into()),
    };
    Ok(see_other_with(safe_return(&switch.return_to).unwrap_or("/"), Flash::new(key, "")))
}
