//! `/{owner}/{name}/settings/rules`: the rules for branches and tags, with what each demands.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    branch_rule::{self, BranchRule},
};
use hearth_core::RuleKind;

use super::summary::summary;
use crate::{
    Failure, Page, RepositoryHead,
    repo::{RepositoryVisit, settings},
    respond::html,
};

#[derive(Template)]
#[template(path = "pages/repo/rules/list.html")]
struct List {
    page: Page,
    head: RepositoryHead,
    /// The active tab of the settings.
    part: &'static str,
    rules: Vec<Row>,
}

struct Row {
    address: String,
    pattern: String,
    is_tag: bool,
    demands: Vec<String>,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let head = visit.head(&app, &settings::SECTION).await?;
    let row = |rule: BranchRule| Row {
        address: visit.urls.rule(rule.id),
        is_tag: rule.kind == RuleKind::Tag,
        demands: summary(&page, rule.kind, &rule.settings),
        pattern: rule.pattern,
    };
    let rules = branch_rule::list(&app, &access).await?.into_iter().map(row).collect();
    html(&List { part: super::SECTION.name, rules, page, head })
}
