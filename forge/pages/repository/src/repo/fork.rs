//! `/{owner}/{name}/fork`: a repository of one's own that begins as this one is now.

use askama::Template;
use axum::{Router, extract::State, response::Response};
use hearth_app::{
    App, fork,
    owner::{self, Account},
};
use hearth_core::{Error, PageRequest, urls};
use hearth_http::routing::get_and_post;
use http::StatusCode;
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead, Web,
    repository_row::RepositoryRow,
    respond::{html_with, see_other_with},
};

/// The most forks that are listed below the form.
const MOST_FORKS: u32 = 30;

#[derive(Template)]
#[template(path = "pages/repo/fork.html")]
struct Fork {
    page: Page,
    head: RepositoryHead,
    form: ForkForm,
    /// The owners for whom the reader may create a repository; none for visitors.
    owners: Vec<Account>,
    forks: Vec<RepositoryRow>,
    total: u64,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ForkForm {
    owner: String,
    /// Empty: the same name.
    name: String,
}

impl Fork {
    fn owner_choices(&self) -> Vec<(&str, &str)> {
        self.owners.iter().map(|owner| (owner.name().as_str(), owner.name().as_str())).collect()
    }
}

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/fork", get_and_post(get, post))
}

async fn get(State(app): State<App>, page: Page, visit: RepositoryVisit) -> Result<Response, Failure> {
    let form =
        ForkForm { owner: page.viewer_name().to_owned(), name: visit.access.repository().name.to_string() };
    show(&app, page, &visit, form, Mistakes::none()).await
}

async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<ForkForm>,
) -> Result<Response, Failure> {
    let owners = owner::list_creatable(&app, &page.actor).await?;
    let owner = owners.iter().find(|owner| owner.name().as_str() == form.owner).map(Account::id);
    let made = match owner {
        Some(owner) => {
            let name = Some(form.name.trim().to_owned()).filter(|name| !name.is_empty());
            fork::fork(&app, &visit.access, owner, name).await
        }
        None => Err(Error::field("owner", "unknown-choice")),
    };
    match made {
        Ok(made) => {
            let address = urls::repository(made.kind, made.owner.as_str(), made.name.as_str());
            let flash = Flash::new("flash-repository-forked", format!("{}/{}", made.owner, made.name));
            Ok(see_other_with(&address, flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            show(&app, page, &visit, form, mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: ForkForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let owners =
        if page.is_signed_in() { owner::list_creatable(app, &page.actor).await? } else { Vec::new() };
    let forks = fork::list_forks(app, &visit.access, PageRequest::new(1, MOST_FORKS)).await?;
    let total = forks.total;
    let forks = forks.items.into_iter().map(RepositoryRow::from).collect();
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Fork { page, head, form, owners, forks, total, mistakes })
}
