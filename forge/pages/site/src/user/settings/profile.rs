//! `/user/settings/profile`: the reader's public profile.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::user::{self, Profile};
use hearth_core::urls;
use http::StatusCode;
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Mistakes, Page, Web,
    respond::{html, html_with, see_other_with},
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "profile",
    icon: || icon!("user"),
    label: |page| t!(page, "common-settings-profile"),
    address: || urls::user_settings("profile"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/profile.html")]
struct ProfilePage {
    page: Page,
    section: &'static str,
    form: ProfileForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ProfileForm {
    display_name: String,
    biography: String,
    website: String,
    location: String,
    /// An unticked checkbox sends nothing.
    #[serde(default)]
    shows_email: bool,
}

pub(crate) async fn get(page: Page) -> Result<Response, Failure> {
    let user = page.actor.signed_in()?;
    let form = ProfileForm {
        display_name: user.display_name.clone(),
        biography: user.biography.clone(),
        website: user.website.clone(),
        location: user.location.clone(),
        shows_email: !user.is_email_hidden,
    };
    html(&ProfilePage { page, section: MENU_ENTRY.name, form, mistakes: Mistakes::none() })
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<ProfileForm>,
) -> Result<Response, Failure> {
    let typed = form.clone();
    let new = Profile {
        display_name: form.display_name,
        biography: form.biography,
        website: form.website,
        location: form.location,
        is_email_hidden: !form.shows_email,
    };
    match user::change_profile(web.app(), &page.actor, new).await {
        Ok(_) => Ok(see_other_with(&urls::user_settings("profile"), Flash::new("flash-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "display_name")?;
            let answer = ProfilePage { page, section: MENU_ENTRY.name, form: typed, mistakes };
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &answer)
        }
    }
}
