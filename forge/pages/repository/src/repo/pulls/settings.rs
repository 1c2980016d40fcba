//! `/{owner}/{name}/settings/merge`: how pull requests may be merged here.

use askama::Template;
use axum::{Router, extract::State, response::Response};
use hearth_app::{App, merge};
use hearth_core::{Error, MergeMethod, MergeSettings, Unit, UpdateMethod};
use hearth_http::routing::get_and_post;
use http::StatusCode;
use serde::Deserialize;

use super::merge_box;
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead, Section, Web,
    repo::{RepositoryVisit, settings},
    respond::{html_with, see_other_with},
};

pub const SETTINGS: Section = Section {
    name: "merge",
    icon: || icon!("merge"),
    label: |page| t!(page, "repo-pulls-settings-title"),
    address: |urls| urls.settings_part("merge"),
    count: |_| 0,
    is_shown: |head| head.is_open(Unit::Pulls),
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/settings.html")]
struct Settings {
    page: Page,
    head: RepositoryHead,
    /// The active tab of the settings.
    part: &'static str,
    form: SettingsForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SettingsForm {
    methods: Vec<String>,
    default: String,
    update_methods: Vec<String>,
    deletes_branch: bool,
    allows_auto_merge: bool,
}

/// A box to tick.
struct MethodChoice {
    value: &'static str,
    label: &'static str,
    help: &'static str,
    is_on: bool,
}

impl From<MergeSettings> for SettingsForm {
    fn from(set: MergeSettings) -> Self {
        Self {
            methods: set.methods.iter().map(ToString::to_string).collect(),
            default: set.default.to_string(),
            update_methods: set.update_methods.iter().map(ToString::to_string).collect(),
            deletes_branch: set.deletes_branch,
            allows_auto_merge: set.allows_auto_merge,
        }
    }
}

impl SettingsForm {
    fn settings(&self) -> Result<MergeSettings, Error> {
        let unknown = |field| move |()| Error::field(field, "unknown-choice");
        let methods: Result<Vec<MergeMethod>, Error> =
            self.methods.iter().map(|method| method.parse().map_err(unknown("methods"))).collect();
        let update_methods: Result<Vec<UpdateMethod>, Error> = self
            .update_methods
            .iter()
            .map(|method| method.parse().map_err(unknown("update_methods")))
            .collect();
        let methods = methods?;
        let default = self.default.parse().map_err(unknown("default"))?;
        if methods.is_empty() {
            return Err(Error::field("methods", "required"));
        }
        if !methods.contains(&default) {
            return Err(Error::field("default", "unknown-choice"));
        }
        Ok(MergeSettings {
            methods,
            default,
            deletes_branch: self.deletes_branch,
            allows_auto_merge: self.allows_auto_merge,
            update_methods: update_methods?,
        })
    }
}

impl Settings {
    fn methods(&self) -> Vec<MethodChoice> {
        let choice = |method: &MergeMethod| MethodChoice {
            value: method.as_str(),
            label: merge_box::label(&self.page, *method),
            help: merge_box::help(&self.page, *method),
            is_on: self.form.methods.iter().any(|on| on == method.as_str()),
        };
        MergeMethod::ALL.iter().map(choice).collect()
    }

    fn defaults(&self) -> Vec<(&'static str, &'static str)> {
        let pair = |method: &MergeMethod| (method.as_str(), merge_box::label(&self.page, *method));
        MergeMethod::ALL.iter().map(pair).collect()
    }

    fn updates(&self) -> Vec<MethodChoice> {
        let choice = |method: &UpdateMethod| MethodChoice {
            value: method.as_str(),
            label: match method {
                UpdateMethod::Merge => t!(self.page, "repo-pulls-merge-update-merge"),
                UpdateMethod::Rebase => t!(self.page, "repo-pulls-merge-update-rebase"),
            },
            help: "",
            is_on: self.form.update_methods.iter().any(|on| on == method.as_str()),
        };
        UpdateMethod::ALL.iter().map(choice).collect()
    }
}

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/settings/merge", get_and_post(get, post))
}

async fn get(State(app): State<App>, page: Page, visit: RepositoryVisit) -> Result<Response, Failure> {
    visit.access.administer()?;
    let form = merge::settings(&app, &visit.access).await?.into();
    show(&app, page, &visit, form, Mistakes::none()).await
}

async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<SettingsForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let kept = match form.settings() {
        Ok(set) => merge::set_settings(&app, &access, &set).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => Ok(see_other_with(&visit.urls.settings_part("merge"), Flash::new("flash-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "methods")?;
            show(&app, page, &visit, form, mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: SettingsForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &settings::SECTION).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Settings { page, head, part: SETTINGS.name, form, mistakes })
}
