//! `/user/settings/appearance`: the language and theme of the pages.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::user;
use hearth_core::{Error, urls};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, Language, MenuEntry, Page, Theme, Web, cookie,
    respond::{html, see_other_with},
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "appearance",
    icon: || icon!("sun"),
    label: |page| t!(page, "common-settings-appearance"),
    address: || urls::user_settings("appearance"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/appearance.html")]
struct Appearance {
    page: Page,
    section: &'static str,
    /// `None`: as the browser requests.
    language: Option<Language>,
    theme: Theme,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AppearanceForm {
    language: String,
    theme: String,
}

pub(crate) async fn get(page: Page) -> Result<Response, Failure> {
    let user = page.actor.signed_in()?;
    let language = user.language;
    let theme = user.theme.as_deref().and_then(|theme| theme.parse().ok()).unwrap_or_default();
    html(&Appearance { page, section: MENU_ENTRY.name, language, theme })
}

/// The account's choice applies from here on; the cookies of signed-out visits are deleted.
pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<AppearanceForm>,
) -> Result<Response, Failure> {
    let unknown = |field| move |()| Error::field(field, "unknown-choice");
    let language = match form.language.as_str() {
        "" => None,
        tag => Some(tag.parse::<Language>().map_err(unknown("language"))?),
    };
    let theme = form.theme.parse::<Theme>().map_err(unknown("theme"))?;
    user::change_appearance(web.app(), &page.actor, language, theme.colours()).await?;
    let mut response = see_other_with(&urls::user_settings("appearance"), Flash::new("flash-saved", ""));
    for name in [cookie::LANGUAGE, cookie::THEME] {
        cookie::set(response.headers_mut(), &web, name, "", cookie::Life::Delete);
    }
    Ok(response)
}
