use askama::Template;
use axum::{Router, extract::State, response::Response};
use hearth_app::{
    App,
    repository::{self, Edit, archive_state},
};
use hearth_core::{Error, Visibility, urls};
use hearth_http::routing::{get_and_post, post as on_post};
use http::StatusCode;

use super::RepositoryVisit;
use crate::{Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead, Section, Web, respond};

pub const SECTION: Section = Section {
    name: "settings",
    icon: || icon!("settings"),
    label: |page| t!(page, "common-tab-settings"),
    address: |urls| urls.settings(),
    count: |_| 0,
    is_shown: |head| head.can_administer,
};

/// The first tab of the settings.
pub const GENERAL: Section = Section {
    name: "general",
    icon: || icon!("settings"),
    label: |page| t!(page, "repo-settings-general"),
    address: |urls| urls.settings(),
    count: |_| 0,
    is_shown: |_| true,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings", get_and_post(get, post))
        .route("/settings/archive", on_post(archive))
        .route("/settings/delete", on_post(delete))
        .route("/settings/rename", on_post(rename))
        .route("/settings/template", on_post(set_template))
        .route("/settings/unarchive", on_post(unarchive))
        .route("/settings/visibility", on_post(visibility))
}

/// What an administrator of the repository may change.
#[derive(Template)]
#[template(path = "pages/repo/settings.html")]
struct Settings {
    page: Page,
    head: RepositoryHead,
    /// The active tab of the settings.
    part: &'static str,
    form: EditForm,
    is_private: bool,
    new_name: String,
    mistakes: Mistakes,
    full_name: String,
}

/// With the values that the form first showed: only what the user changed is saved, so that concurrent
/// changes by others are kept.
#[derive(serde::Deserialize)]
pub(crate) struct EditForm {
    description: String,
    website: String,
    default_branch: String,
    seen_description: String,
    seen_website: String,
    seen_default_branch: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct VisibilityForm {
    visibility: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct RenameForm {
    name: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct DeleteForm {
    /// The full name, typed as confirmation.
    confirm: String,
}

impl Settings {
    async fn draw(
        app: &App,
        page: Page,
        visit: &RepositoryVisit,
        form: Option<EditForm>,
        mistakes: Mistakes,
    ) -> Result<Response, Failure> {
        let head = visit.head(app, &SECTION).await?;
        let row = visit.access.repository();
        let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let form = form.unwrap_or_else(|| EditForm {
            description: row.description.clone(),
            website: row.website.clone(),
            default_branch: row.default_branch.clone(),
            seen_description: row.description.clone(),
            seen_website: row.website.clone(),
            seen_default_branch: row.default_branch.clone(),
        });
        let is_private = row.visibility == Visibility::Private;
        let (new_name, full_name) = (row.name.to_string(), format!("{}/{}", row.owner, row.name));
        let part = GENERAL.name;
        respond::html_with(
            status,
            &Self { page, head, part, form, is_private, new_name, mistakes, full_name },
        )
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    Settings::draw(&app, page, &visit, None, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<EditForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let changed = |typed: &String, seen: &str| Some(typed.clone()).filter(|typed| typed != seen);
    let edit = Edit {
        description: changed(&form.description, &form.seen_description),
        website: changed(&form.website, &form.seen_website),
        default_branch: changed(&form.default_branch, &form.seen_default_branch),
        ..Edit::default()
    };
    match repository::edit(&app, &access, edit).await {
        Ok(_) => Ok(respond::see_other_with(&visit.urls.settings(), Flash::new("flash-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "default_branch")?;
            Settings::draw(&app, page, &visit, Some(form), mistakes).await
        }
    }
}

/// The only way to change the visibility.
pub(crate) async fn visibility(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<VisibilityForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let visibility = form.visibility.parse::<Visibility>();
    let visibility = visibility.map_err(|()| Error::field("visibility", "unknown-choice"))?;
    repository::edit(&app, &access, Edit { visibility: Some(visibility), ..Edit::default() }).await?;
    Ok(respond::see_other_with(&visit.urls.settings(), Flash::new("flash-saved", "")))
}

pub(crate) async fn rename(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<RenameForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    match repository::rename(&app, &access, form.name.trim()).await {
        Ok(renamed) => {
            let address = urls::repository(renamed.kind, renamed.owner.as_str(), renamed.name.as_str());
            Ok(respond::see_other_with(
                &address,
                Flash::new("flash-repository-renamed", renamed.name.as_str()),
            ))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            Settings::draw(&app, page, &visit, None, mistakes).await
        }
    }
}

#[derive(serde::Deserialize)]
pub(crate) struct TemplateForm {
    #[serde(default)]
    is_template: String,
}

/// Marks the repository as a template, or no longer.
pub(crate) async fn set_template(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<TemplateForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let edit = Edit { is_template: Some(!form.is_template.is_empty()), ..Edit::default() };
    repository::edit(&app, &access, edit).await?;
    Ok(respond::see_other_with(&visit.urls.settings(), Flash::new("flash-saved", "")))
}

pub(crate) async fn archive(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let after = archive_state::archive(&app, &visit.access.administer()?).await?;
    let flash = Flash::new("flash-repository-archived", after.name.as_str());
    Ok(respond::see_other_with(&visit.urls.settings(), flash))
}

pub(crate) async fn unarchive(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let after = archive_state::unarchive(&app, &visit.access.administer()?).await?;
    let flash = Flash::new("flash-repository-unarchived", after.name.as_str());
    Ok(respond::see_other_with(&visit.urls.settings(), flash))
}

pub(crate) async fn delete(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let row = visit.access.repository();
    if form.confirm.trim() != format!("{}/{}", row.owner, row.name) {
        let mistakes = Mistakes::from_error(&page, Error::field("confirm", "confirm-name"), "confirm")?;
        return Settings::draw(&app, page, &visit, None, mistakes).await;
    }
    repository::delete(&app, &access).await?;
    let flash = Flash::new("flash-repository-deleted", row.name.as_str());
    Ok(respond::see_other_with(&urls::user(row.owner.as_str()), flash))
}
