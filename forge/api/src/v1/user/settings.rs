use axum::{Json, extract::State};
use hearth_app::{
    Actor, App,
    user::{self, Profile, User},
};
use hearth_core::{Colours, Error, Language, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
};

pub(super) fn routes(table: Table) -> Table {
    table.get("/user/settings", show, describe("Get your settings").response::<Settings>()).patch(
        "/user/settings",
        edit,
        describe("Change your settings").request::<EditSettings>().response::<Settings>(),
    )
}

/// What somebody has set for themselves.
#[derive(Debug, Serialize, ToSchema)]
struct Settings {
    full_name: String,
    website: String,
    description: String,
    location: String,
    /// `en-US`, `zh-CN`, or empty for that of the browser.
    language: &'static str,
    /// `gitea-light`, `gitea-dark`, or `gitea-auto` for that of the system.
    theme: &'static str,
    diff_view_style: &'static str,
    hide_email: bool,
    hide_activity: bool,
}

impl Settings {
    fn new(user: &User) -> Self {
        Self {
            full_name: user.display_name.clone(),
            website: user.website.clone(),
            description: user.biography.clone(),
            location: user.location.clone(),
            language: match user.language {
                Some(Language::En) => "en-US",
                Some(Language::ZhCn) => "zh-CN",
                None => "",
            },
            theme: match user.theme.as_deref().and_then(|theme| theme.parse().ok()) {
                Some(Colours::Light) => "gitea-light",
                Some(Colours::Dark) => "gitea-dark",
                None => "gitea-auto",
            },
            diff_view_style: "",
            hide_email: user.is_email_hidden,
            hide_activity: false,
        }
    }
}

/// Fields that are left out stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
struct EditSettings {
    full_name: Option<String>,
    website: Option<String>,
    description: Option<String>,
    location: Option<String>,
    language: Option<String>,
    theme: Option<String>,
    hide_email: Option<bool>,
}

/// Empty: that of the browser.
fn language(tag: &str) -> Result<Option<Language>, Error> {
    if tag.is_empty() {
        return Ok(None);
    }
    Language::of_tag(tag).map(Some).ok_or(Error::field("language", "unknown-choice"))
}

fn colours(theme: &str) -> Result<Option<Colours>, Error> {
    match theme.strip_prefix("gitea-").unwrap_or(theme) {
        "" | "auto" => Ok(None),
        "light" => Ok(Some(Colours::Light)),
        "dark" => Ok(Some(Colours::Dark)),
        _ => Err(Error::field("theme", "unknown-choice")),
    }
}

fn own(actor: &Actor) -> ApiResult<&User> {
    actor.require(Scope::ReadUser)?;
    Ok(actor.signed_in()?)
}

async fn show(Caller(actor): Caller) -> ApiResult<Json<Settings>> {
    Ok(Json(Settings::new(own(&actor)?)))
}

async fn edit(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(asked): Input<EditSettings>,
) -> ApiResult<Json<Settings>> {
    let mut user = own(&actor)?.clone();
    let language = asked.language.as_deref().map(language).transpose()?;
    let theme = asked.theme.as_deref().map(colours).transpose()?;
    let profile = Profile {
        display_name: asked.full_name.unwrap_or_else(|| user.display_name.clone()),
        biography: asked.description.unwrap_or_else(|| user.biography.clone()),
        website: asked.website.unwrap_or_else(|| user.website.clone()),
        location: asked.location.unwrap_or_else(|| user.location.clone()),
        is_email_hidden: asked.hide_email.unwrap_or(user.is_email_hidden),
    };
    user = user::change_profile(&app, &actor, profile).await?;
    if language.is_some() || theme.is_some() {
        let known = user.theme.as_deref().and_then(|theme| theme.parse().ok());
        let (language, theme) = (language.unwrap_or(user.language), theme.unwrap_or(known));
        user = user::change_appearance(&app, &actor, language, theme).await?;
    }
    Ok(Json(Settings::new(&user)))
}
