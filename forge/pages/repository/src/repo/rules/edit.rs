//! `/{owner}/{name}/settings/rules/{id}` and `…/new`: one rule.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App,
    branch_rule::{self, BranchRule},
};
use hearth_core::RuleKind;
use http::StatusCode;
use serde::Deserialize;

use super::{
    AtRule,
    form::{RuleForm, WhoField},
    retraining,
};
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead,
    repo::{RepositoryVisit, settings},
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/rules/edit.html")]
struct Edit {
    page: Page,
    head: RepositoryHead,
    /// The active tab of the settings.
    part: &'static str,
    /// None: a new one.
    rule: Option<BranchRule>,
    form: RuleForm,
    mistakes: Mistakes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewQuery {
    kind: String,
}

impl Edit {
    fn is_branch(&self) -> bool {
        self.form.kind() == RuleKind::Branch
    }

    fn address(&self) -> String {
        match &self.rule {
            Some(rule) => self.head.urls.rule(rule.id),
            None => self.head.urls.settings_part("rules/new"),
        }
    }

    /// The task that is asked for now, in one line.
    fn definition(&self) -> Option<String> {
        retraining::definition(self.rule.as_ref())
    }

    fn directions(&self) -> [(&'static str, &'static str); 2] {
        [
            ("higher", t!(self.page, "repo-rules-retrain-higher")),
            ("lower", t!(self.page, "repo-rules-retrain-lower")),
        ]
    }

    fn who_fields(&self) -> Vec<WhoField> {
        self.form.who_fields(&self.page)
    }

    fn choices(&self) -> [(&'static str, &'static str); 4] {
        [
            ("writers", t!(self.page, "repo-rules-writers")),
            ("listed", t!(self.page, "repo-rules-listed")),
            ("administrators", t!(self.page, "repo-rules-administrators")),
            ("nobody", t!(self.page, "repo-rules-nobody")),
        ]
    }

    fn text(&self, name: &str) -> &str {
        self.form.text(name)
    }

    fn is_on(&self, name: &str) -> bool {
        self.form.is_on(name)
    }
}

pub(crate) async fn new(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<NewQuery>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let kind = asked.kind.parse().unwrap_or(RuleKind::Branch);
    let form = RuleForm::blank(&app, &access, kind).await?;
    show(&app, page, &visit, None, form, Mistakes::none()).await
}

pub(crate) async fn create(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (access, form) = (visit.access.administer()?, RuleForm::new(pairs));
    let made = match form.read(&app, &access, None).await {
        Ok(new) => branch_rule::create(&app, &access, &new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(rule) => {
            let flash = Flash::new("flash-rule-created", rule.pattern);
            Ok(see_other_with(&visit.urls.settings_part("rules"), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "pattern")?;
            show(&app, page, &visit, None, form, mistakes).await
        }
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtRule>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let rule = branch_rule::find(&app, &access, at.id()?).await?;
    let form = RuleForm::of_rule(&app, &access, &rule).await?;
    show(&app, page, &visit, Some(rule), form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtRule>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (access, form, id) = (visit.access.administer()?, RuleForm::new(pairs), at.id()?);
    let rule = branch_rule::find(&app, &access, id).await?;
    let kept = match form.read(&app, &access, Some(&rule)).await {
        Ok(new) => branch_rule::edit(&app, &access, id, &new).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(_) => Ok(see_other_with(&visit.urls.settings_part("rules"), Flash::new("flash-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "pattern")?;
            show(&app, page, &visit, Some(rule), form, mistakes).await
        }
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtRule>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let rule = branch_rule::delete(&app, &access, at.id()?).await?;
    let flash = Flash::new("flash-rule-deleted", rule.pattern);
    Ok(see_other_with(&visit.urls.settings_part("rules"), flash))
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    rule: Option<BranchRule>,
    form: RuleForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &settings::SECTION).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Edit { page, head, part: super::SECTION.name, rule, form, mistakes })
}
