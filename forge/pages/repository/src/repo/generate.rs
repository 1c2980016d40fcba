//! `/{owner}/{name}/generate`: a repository of one's own that begins with the files of a template.

use askama::Template;
use axum::{Router, extract::State, response::Response};
use hearth_app::{
    App,
    owner::{self, Account},
    repository::template::{self, FromTemplate},
};
use hearth_core::{Action, Error, Visibility, urls};
use hearth_http::routing::get_and_post;
use http::StatusCode;
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead, Web,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/generate.html")]
struct Generate {
    page: Page,
    head: RepositoryHead,
    form: GenerateForm,
    owners: Vec<Account>,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GenerateForm {
    owner: String,
    name: String,
    description: String,
    visibility: String,
    with_history: String,
}

impl Generate {
    fn owner_choices(&self) -> Vec<(&str, &str)> {
        self.owners.iter().map(|owner| (owner.name().as_str(), owner.name().as_str())).collect()
    }

    fn is_private(&self) -> bool {
        self.form.visibility == Visibility::Private.as_str()
    }

    fn with_history(&self) -> bool {
        !self.form.with_history.is_empty()
    }
}

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/generate", get_and_post(get, post))
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    if !visit.access.repository().is_template {
        return Err(Error::Forbidden(Action::Template).into());
    }
    let visibility = visit.access.repository().visibility.as_str().to_owned();
    let form = GenerateForm { owner: page.viewer_name().to_owned(), visibility, ..GenerateForm::default() };
    show(&app, page, &visit, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<GenerateForm>,
) -> Result<Response, Failure> {
    match generate(&app, &page, &visit, &form).await {
        Ok(made) => {
            let address = urls::repository(made.kind, made.owner.as_str(), made.name.as_str());
            let flash = Flash::new("flash-repository-generated", format!("{}/{}", made.owner, made.name));
            Ok(see_other_with(&address, flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            show(&app, page, &visit, form, mistakes).await
        }
    }
}

async fn generate(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    form: &GenerateForm,
) -> Result<hearth_app::repository::Repository, Error> {
    let owners = owner::list_creatable(app, &page.actor).await?;
    let owner = owners.iter().find(|owner| owner.name().as_str() == form.owner).map(Account::id);
    let visibility = form.visibility.parse::<Visibility>();
    let new = FromTemplate {
        owner: owner.ok_or(Error::field("owner", "unknown-choice"))?,
        name: form.name.clone(),
        description: form.description.clone(),
        visibility: visibility.map_err(|()| Error::field("visibility", "unknown-choice"))?,
        with_history: !form.with_history.is_empty(),
        with_topics: false,
        with_labels: true,
    };
    template::generate(app, &visit.access, new).await
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: GenerateForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let owners = owner::list_creatable(app, &page.actor).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Generate { page, head, form, owners, mistakes })
}
