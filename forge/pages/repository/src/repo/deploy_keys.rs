//! `/{owner}/{name}/settings/keys`: the SSH keys of machines that reach this repository.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    deploy_key::{self, DeployKey, NewDeployKey},
};
use hearth_core::{DeployKeyId, Error, Kind, urls::RepositoryUrls};
use hearth_http::routing::{get_and_post, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::{RepositoryVisit, settings};
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead, Section,
    respond::{html_with, see_other_with},
};

/// A tab of the settings.
pub const SECTION: Section = Section {
    name: "keys",
    icon: || icon!("key"),
    label: |page| t!(page, "repo-deploy-keys-title"),
    address,
    count: |_| 0,
    is_shown: |_| true,
};

fn address(urls: &RepositoryUrls) -> String {
    urls.settings_part("keys")
}

pub(super) fn routes() -> Router<crate::Web> {
    Router::new()
        .route("/settings/keys", get_and_post(get, post))
        .route("/settings/keys/{id}/delete", on_post(delete))
}

#[derive(Template)]
#[template(path = "pages/repo/deploy_keys.html")]
struct DeployKeys {
    page: Page,
    head: RepositoryHead,
    /// The active tab of the settings.
    part: &'static str,
    keys: Vec<DeployKey>,
    form: KeyForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KeyForm {
    title: String,
    key: String,
    may_write: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AtKey {
    id: String,
}

impl DeployKeys {
    fn address(&self) -> String {
        address(&self.head.urls)
    }

    fn delete_address(&self, key: &DeployKey) -> String {
        format!("{}/{}/delete", self.address(), key.id)
    }
}

async fn draw(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: KeyForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let head = visit.head(app, &settings::SECTION).await?;
    let keys = deploy_key::list(app, &access).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &DeployKeys { page, head, part: SECTION.name, keys, form, mistakes })
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    draw(&app, page, &visit, KeyForm::default(), Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<KeyForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let new = NewDeployKey { title: form.title.clone(), key: form.key.clone(), may_write: form.may_write };
    match deploy_key::add(&app, &access, &new).await {
        Ok(key) => Ok(see_other_with(&address(&visit.urls), Flash::new("flash-deploy-key-added", key.title))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "key")?;
            draw(&app, page, &visit, form, mistakes).await
        }
    }
}

/// `POST …/settings/keys/{id}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(AtKey { id }): Path<AtKey>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let id: DeployKeyId = id.parse().map_err(|_| Error::NotFound(Kind::DeployKey))?;
    let key = deploy_key::remove(&app, &access, id).await?;
    Ok(see_other_with(&address(&visit.urls), Flash::new("flash-deploy-key-removed", key.title)))
}
