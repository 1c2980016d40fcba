use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    owner::{self, Account},
    repository::{self, GITIGNORES, LICENCES, NewRepository},
};
use hearth_core::{Conflict, Error, RepositoryKind, Visibility, urls};
use http::StatusCode;

use crate::{Failure, Flash, Form, Mistakes, Page, respond};

/// The form for a new repository.
#[derive(Template)]
#[template(path = "pages/repo/create.html")]
struct Create {
    page: Page,
    form: NewForm,
    mistakes: Mistakes,
    /// The owners for whom the reader may create a repository.
    owners: Vec<Account>,
}

/// The input.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    /// A name; empty: the reader.
    owner: String,
    name: String,
    description: String,
    visibility: String,
    readme: bool,
    gitignore: String,
    licence: String,
}

impl Create {
    fn owner_choices(&self) -> Vec<(&str, &str)> {
        self.owners.iter().map(|owner| (owner.name().as_str(), owner.name().as_str())).collect()
    }

    fn gitignores(&self) -> Vec<(&'static str, &'static str)> {
        let none = ("", t!(self.page, "repo-create-none"));
        std::iter::once(none).chain(GITIGNORES.iter().map(|(name, _)| (*name, *name))).collect()
    }

    fn licences(&self) -> Vec<(&'static str, &'static str)> {
        let none = ("", t!(self.page, "repo-create-none"));
        std::iter::once(none).chain(LICENCES.iter().map(|licence| (licence.id, licence.name))).collect()
    }
}

#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct OwnerQuery {
    #[serde(default)]
    owner: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<OwnerQuery>,
) -> Result<Response, Failure> {
    let owners = owner::list_creatable(&app, &page.actor).await?;
    let form = NewForm { owner: asked.owner, ..NewForm::default() };
    respond::html(&Create { page, form, mistakes: Mistakes::none(), owners })
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    Form(form): Form<NewForm>,
) -> Result<Response, Failure> {
    let owners = owner::list_creatable(&app, &page.actor).await?;
    let owner = match form.owner.as_str() {
        "" => None,
        name => Some(owners.iter().find(|owner| owner.name().as_str() == name).map(Account::id)),
    };
    let chosen = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let Some(owner) = owner.map_or(Some(None), |known| known.map(Some)) else {
        let mistakes = Mistakes::from_error(&page, Error::field("owner", "unknown-choice"), "owner")?;
        return respond::html_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Create { page, form, mistakes, owners },
        );
    };
    let new = NewRepository {
        owner,
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
            let field = if matches!(error, Error::Conflict(Conflict::PrivateOrganization)) {
                "visibility"
            } else {
                "name"
            };
            let mistakes = Mistakes::from_error(&page, error, field)?;
            respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &Create { page, form, mistakes, owners })
        }
    }
}
