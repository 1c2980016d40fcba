use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    repository::{self, GITIGNORES, LICENCES, NewRepository},
};
use hearth_core::{RepositoryKind, Visibility, urls};
use http::StatusCode;

use crate::{Failure, Flash, Form, Mistakes, Page, respond};

/// The form for a new repository.
#[derive(Template)]
#[template(path = "pages/repo/create.html")]
struct Create {
    page: Page,
    form: NewForm,
    mistakes: Mistakes,
    owner: String,
}

/// What was filled in.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    name: String,
    description: String,
    visibility: String,
    readme: bool,
    gitignore: String,
    licence: String,
}

impl Create {
    fn gitignores(&self) -> Vec<(&'static str, &'static str)> {
        let none = ("", t!(self.page, "repo-create-none"));
        std::iter::once(none).chain(GITIGNORES.iter().map(|(name, _)| (*name, *name))).collect()
    }

    fn licences(&self) -> Vec<(&'static str, &'static str)> {
        let none = ("", t!(self.page, "repo-create-none"));
        std::iter::once(none).chain(LICENCES.iter().map(|licence| (licence.id, licence.name))).collect()
    }
}

pub(crate) async fn get(page: Page) -> Result<Response, Failure> {
    let owner = page.require_viewer()?.name.to_string();
    respond::html(&Create { page, form: NewForm::default(), mistakes: Mistakes::none(), owner })
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    Form(form): Form<NewForm>,
) -> Result<Response, Failure> {
    let owner = page.require_viewer()?.name.to_string();
    let chosen = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let new = NewRepository {
        kind: RepositoryKind::Code,
        name: form.name.clone(),
        description: form.description.clone(),
        visibility: if form.visibility == "private" { Visibility::Private } else { Visibility::Public },
        default_branch: None,
        with_readme: form.readme,
        gitignore: chosen(&form.gitignore),
        licence: chosen(&form.licence),
    };
    match repository::create(&app, &page.actor, new).await {
        Ok(made) => {
            let address = urls::repository(made.kind, made.owner.as_str(), made.name.as_str());
            Ok(respond::see_other_with(&address, Flash::new("flash-repository-created", made.name.as_str())))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &Create { page, form, mistakes, owner })
        }
    }
}
