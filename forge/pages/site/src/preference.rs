//! The switches in the footer: language and theme, kept in a cookie and in the account of a signed-in user.

use axum::{extract::State, response::Response};
use hearth_app::user;
use hearth_core::Error;
use serde::Deserialize;

use crate::{
    Failure, Form, Language, Page, Theme, Web, cookie,
    respond::{safe_return, see_other},
};

/// One choice, and the page to return to.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    value: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /-/language`.
pub(crate) async fn language(
    State(web): State<Web>,
    page: Page,
    Form(choice): Form<Choice>,
) -> Result<Response, Failure> {
    let language: Language = choice.value.parse().map_err(|()| Error::field("value", "unknown-choice"))?;
    if page.is_signed_in() {
        user::change_language(web.app(), &page.actor, language).await?;
    }
    Ok(kept(&web, cookie::LANGUAGE, language.as_str(), &without_language(&choice.return_to)))
}

/// `POST /-/theme`.
pub(crate) async fn theme(
    State(web): State<Web>,
    page: Page,
    Form(choice): Form<Choice>,
) -> Result<Response, Failure> {
    let theme: Theme = choice.value.parse().map_err(|()| Error::field("value", "unknown-choice"))?;
    if page.is_signed_in() {
        user::change_colours(web.app(), &page.actor, theme.colours()).await?;
    }
    Ok(kept(&web, cookie::THEME, theme.as_str(), &choice.return_to))
}

fn kept(web: &Web, name: &str, value: &str, return_to: &str) -> Response {
    let mut response = see_other(safe_return(return_to).unwrap_or("/"));
    cookie::set(response.headers_mut(), web, name, value, cookie::Life::Year);
    response
}

/// Without `?lang=`, which would override the choice just made.
fn without_language(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}
