//! `/-/organizations/new`: the form for a new organisation.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    organization::{self, NewOrganization},
};
use hearth_core::{Visibility, urls};
use http::StatusCode;
use serde::Deserialize;

use crate::{Failure, Flash, Form, Mistakes, Page, respond};

#[derive(Template)]
#[template(path = "pages/organization/new.html")]
struct New {
    page: Page,
    form: NewForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    name: String,
    display_name: String,
    description: String,
    website: String,
    location: String,
    visibility: String,
}

pub(crate) async fn get(page: Page) -> Result<Response, Failure> {
    page.require_viewer()?;
    respond::html(&New { page, form: NewForm::default(), mistakes: Mistakes::none() })
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    Form(form): Form<NewForm>,
) -> Result<Response, Failure> {
    let typed = form.clone();
    let new = NewOrganization {
        name: form.name,
        display_name: form.display_name,
        description: form.description,
        website: form.website,
        location: form.location,
        visibility: if form.visibility == "private" { Visibility::Private } else { Visibility::Public },
    };
    match organization::create(&app, &page.actor, &new).await {
        Ok(made) => {
            let flash = Flash::new("flash-organization-created", made.name.as_str());
            Ok(respond::see_other_with(&urls::user(made.name.as_str()), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            let answer = New { page, form: typed, mistakes };
            respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &answer)
        }
    }
}
