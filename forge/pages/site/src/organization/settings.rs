//! `/{owner}/-/settings`: profile, visibility, pinned repositories, renaming and deletion of an organisation.

use askama::Template;
use axum::{Router, extract::State, response::Response};
use hearth_app::{
    App, lfs_room,
    organization::{self, Edit},
    owner,
    repository::{self, Filter},
};
use hearth_core::{Error, PageRequest, Visibility, urls};
use hearth_http::routing::{get_and_post, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::{OrganizationSection, OrganizationVisit, own};
use crate::{
    Failure, Flash, Form, Mistakes, OrganizationHead, Page, large_files, repository_row::RepositoryRow,
    respond,
};

pub(crate) const SECTION: OrganizationSection = OrganizationSection {
    name: "settings",
    icon: || icon!("settings"),
    label: |page| t!(page, "common-tab-settings"),
    address: |urls| urls.settings(),
    count: |_| 0,
    is_shown: |head| head.can_administer(),
};

pub(super) fn routes() -> Router<crate::Web> {
    Router::new()
        .route("/settings", get_and_post(get, post))
        .route("/settings/delete", on_post(delete))
        .route("/settings/pins", on_post(pins))
        .route("/settings/rename", on_post(rename))
        .route("/settings/visibility", on_post(visibility))
}

#[derive(Template)]
#[template(path = "pages/organization/settings.html")]
struct Settings {
    page: Page,
    head: OrganizationHead,
    form: EditForm,
    /// One per slot, empty where nothing is pinned.
    pins: Vec<String>,
    suggestions: Vec<String>,
    /// The first of its repositories: while it owns any, it cannot be deleted.
    owned: Vec<RepositoryRow>,
    new_name: String,
    large_files: String,
    mistakes: Mistakes,
}

/// The profile, with the values that the form first showed: only what the user changed is saved.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EditForm {
    display_name: String,
    description: String,
    website: String,
    location: String,
    seen_display_name: String,
    seen_description: String,
    seen_website: String,
    seen_location: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct VisibilityForm {
    visibility: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct PinsForm {
    #[serde(default)]
    pins: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RenameForm {
    name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeleteForm {
    /// The name, typed as confirmation.
    confirm: String,
}

/// How many of the repositories that prevent its deletion are listed.
const MOST_OWNED: u32 = 10;

/// Input that is shown again.
#[derive(Default)]
struct Typed {
    form: Option<EditForm>,
    pins: Option<Vec<String>>,
    name: Option<String>,
}

async fn draw(
    app: &App,
    page: Page,
    visit: &OrganizationVisit,
    typed: Typed,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    let head = visit.head(app, &SECTION).await?;
    let organization = head.organization.clone();
    let form = typed.form.unwrap_or_else(|| EditForm {
        display_name: organization.display_name.clone(),
        description: organization.description.clone(),
        website: organization.website.clone(),
        location: organization.location.clone(),
        seen_display_name: organization.display_name.clone(),
        seen_description: organization.description.clone(),
        seen_website: organization.website.clone(),
        seen_location: organization.location.clone(),
    });
    let mut pins = match typed.pins {
        Some(pins) => pins,
        None => {
            let pinned = owner::pinned(app, &page.actor, organization.id.into()).await?;
            pinned.iter().map(own::short_name).collect()
        }
    };
    let places = usize::try_from(app.limits().pinned_repositories).unwrap_or(usize::MAX);
    pins.resize(pins.len().max(places), String::new());
    let suggestions = own::suggestions(app, &visit.access).await?;
    let filter = Filter { owner: Some(organization.id.into()), ..Filter::default() };
    let owned = repository::list(app, &page.actor, filter, PageRequest::new(1, MOST_OWNED)).await?;
    let owned = owned.items.into_iter().map(RepositoryRow::from).collect();
    let new_name = typed.name.unwrap_or_else(|| organization.name.to_string());
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let large_files = large_files::used(&page, lfs_room::of_owner(app, organization.id.into()).await?);
    let settings = Settings { page, head, form, pins, suggestions, owned, new_name, large_files, mistakes };
    respond::html_with(status, &settings)
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
) -> Result<Response, Failure> {
    draw(&app, page, &visit, Typed::default(), Mistakes::none()).await
}

fn saved(visit: &OrganizationVisit) -> Response {
    respond::see_other_with(&visit.urls.settings(), Flash::new("flash-saved", ""))
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<EditForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let changed = |typed: &String, seen: &str| Some(typed.clone()).filter(|typed| typed != seen);
    let edit = Edit {
        display_name: changed(&form.display_name, &form.seen_display_name),
        description: changed(&form.description, &form.seen_description),
        website: changed(&form.website, &form.seen_website),
        location: changed(&form.location, &form.seen_location),
        visibility: None,
    };
    match organization::edit(&app, &access, &edit).await {
        Ok(_) => Ok(saved(&visit)),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "display_name")?;
            draw(&app, page, &visit, Typed { form: Some(form), ..Typed::default() }, mistakes).await
        }
    }
}

/// The only way to change the visibility.
pub(crate) async fn visibility(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<VisibilityForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let visibility = form.visibility.parse::<Visibility>();
    let visibility = visibility.map_err(|()| Error::field("visibility", "unknown-choice"))?;
    let edit = Edit { visibility: Some(visibility), ..Edit::default() };
    match organization::edit(&app, &access, &edit).await {
        Ok(_) => Ok(saved(&visit)),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "visibility")?;
            draw(&app, page, &visit, Typed::default(), mistakes).await
        }
    }
}

pub(crate) async fn pins(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<PinsForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let done = async {
        let named = || form.pins.iter().filter(|text| !text.trim().is_empty());
        let limits = app.limits();
        if named().count() as u64 > limits.pinned_repositories {
            return Err(Error::TooLarge(limits.pinned_repositories_of_owner()));
        }
        let mut chosen = Vec::new();
        for text in named() {
            let id = own::find(&app, &visit.access, "pins", text).await?;
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        }
        owner::pin(&app, &page.actor, access.organization().id.into(), &chosen).await
    };
    match done.await {
        Ok(()) => Ok(saved(&visit)),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "pins")?;
            draw(&app, page, &visit, Typed { pins: Some(form.pins), ..Typed::default() }, mistakes).await
        }
    }
}

pub(crate) async fn rename(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<RenameForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    match organization::rename(&app, &access, &form.name).await {
        Ok(renamed) => {
            let flash = Flash::new("flash-organization-renamed", renamed.name.as_str());
            Ok(respond::see_other_with(&urls::user(renamed.name.as_str()), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, Typed { name: Some(form.name), ..Typed::default() }, mistakes).await
        }
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let name = access.organization().name.as_str();
    let done = if form.confirm.trim() == name {
        organization::delete(&app, &access).await
    } else {
        Err(Error::field("confirm", "confirm-name"))
    };
    match done {
        Ok(()) => {
            let flash = Flash::new("flash-organization-deleted", name);
            Ok(respond::see_other_with(&urls::user_settings("organizations"), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "confirm")?;
            draw(&app, page, &visit, Typed::default(), mistakes).await
        }
    }
}
