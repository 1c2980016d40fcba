//! `/{owner}/{name}/settings/collaborators`: people with access to this repository alone.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    repository::collaborator::{self, Collaborator},
};
use hearth_core::{Permission, urls::RepositoryUrls};
use hearth_http::routing::{get_and_post, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::{RepositoryVisit, settings};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead, Section,
    respond::{html_with, see_other_with},
    role_fields::{RoleFields, RoleRow, role_badges},
};

/// A tab of the settings.
pub const SECTION: Section = Section {
    name: "collaborators",
    icon: || icon!("users"),
    label: |page| t!(page, "repo-collaborators-title"),
    address,
    count: |_| 0,
    is_shown: |_| true,
};

fn address(urls: &RepositoryUrls) -> String {
    urls.settings_part("collaborators")
}

pub(super) fn routes() -> Router<crate::Web> {
    Router::new()
        .route("/settings/collaborators", get_and_post(get, post))
        .route("/settings/collaborators/remove", on_post(remove))
}

#[derive(Template)]
#[template(path = "pages/repo/collaborators.html")]
struct Collaborators {
    page: Page,
    head: RepositoryHead,
    /// The active tab of the settings.
    part: &'static str,
    people: Vec<Collaborator>,
    form: CollaboratorForm,
    /// The row of all units, and those of single ones.
    everywhere: Option<RoleRow>,
    units: Vec<RoleRow>,
    mistakes: Mistakes,
}

/// A name and roles. As roles are flattened in, every field is text.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct CollaboratorForm {
    #[serde(default)]
    name: String,
    #[serde(flatten)]
    roles: RoleFields,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PersonForm {
    name: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct PersonQuery {
    /// Whose roles are to be changed.
    #[serde(default)]
    name: String,
}

impl Collaborators {
    fn badges(&self, person: &Collaborator) -> Vec<String> {
        role_badges(&self.page, &person.roles)
    }

    fn address(&self) -> String {
        address(&self.head.urls)
    }

    fn change_address(&self, name: &str) -> String {
        format!("{}?name={}#field-name", self.address(), hearth_core::urls::segment(name))
    }

    fn remove_address(&self) -> String {
        format!("{}/remove", self.address())
    }

    fn has_units(&self) -> bool {
        self.units.iter().flat_map(|row| &row.choices).any(|choice| choice.is_on && !choice.value.is_empty())
    }
}

async fn draw(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: Option<CollaboratorForm>,
    changed: &str,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    let head = visit.head(app, &settings::SECTION).await?;
    let people = collaborator::list(app, &visit.access).await?;
    let form = form.unwrap_or_else(|| match people.iter().find(|person| person.name.as_str() == changed) {
        Some(person) => {
            CollaboratorForm { name: person.name.to_string(), roles: RoleFields::of(&person.roles) }
        }
        None => CollaboratorForm {
            name: String::new(),
            roles: RoleFields::of(&hearth_core::Roles::whole(Permission::Write)),
        },
    });
    let mut rows = form.roles.rows(&page).into_iter();
    let (everywhere, units) = (rows.next(), rows.collect());
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let part = SECTION.name;
    html_with(status, &Collaborators { page, head, part, people, form, everywhere, units, mistakes })
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<PersonQuery>,
) -> Result<Response, Failure> {
    draw(&app, page, &visit, None, &asked.name, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<CollaboratorForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let who = form.name.trim().trim_start_matches('@');
    let given = match form.roles.read() {
        Ok(roles) => collaborator::put(&app, &access, who, &roles).await,
        Err(error) => Err(error),
    };
    match given {
        Ok(name) => {
            let flash = Flash::new("flash-collaborator-changed", name.as_str());
            Ok(see_other_with(&address(&visit.urls), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, Some(form), "", mistakes).await
        }
    }
}

pub(crate) async fn remove(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<PersonForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    collaborator::remove(&app, &access, &form.name).await?;
    let flash = Flash::new("flash-collaborator-removed", form.name);
    Ok(see_other_with(&address(&visit.urls), flash))
}
