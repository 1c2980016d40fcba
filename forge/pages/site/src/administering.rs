//! `/-/administering`: an administrator starts or stops acting as one.

use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_core::{Error, Scope, urls};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    Failure, Flash, Form, Page, Web,
    confirm::Question,
    respond::{safe_return, see_other_with},
    session,
};

/// The query string.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    return_to: String,
}

/// Says what administrator mode opens before it is entered.
pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(back): Query<Back>,
) -> Result<Response, Failure> {
    page.actor.administrator(Scope::WriteAdmin)?;
    let back = safe_return(&back.return_to).unwrap_or("/").to_owned();
    let minutes = u64::from(web.app().settings().administering_minutes);
    Question {
        title: t!(page, "administering-ask").to_owned(),
        consequences: vec![
            t!(page, "administering-opens", minutes = minutes),
            t!(page, "administering-audited").to_owned(),
        ],
        button: t!(page, "common-bar-administer").to_owned(),
        action: urls::administering().to_owned(),
        fields: vec![("value", "on".to_owned()), ("return_to", back.clone())],
        back,
        typed: None,
    }
    .ask(page)
}

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
