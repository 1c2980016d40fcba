//! `/{owner}/{name}/pulls/{number}/checks`: what programs report about the head, and about the heads before it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, access, branch_rule,
    commit_status::{self, CommitStatus},
    pull_request::{self, Version},
};
use hearth_core::{Retraining, StatusState, Unit, urls};
use serde::Deserialize;

use super::{AtPull, Framed, Part, PullFrame, check_state, frame, retrain::RetrainView};
use crate::{Failure, Page, RepositoryHead, repo::RepositoryVisit, respond, words::Html};

#[derive(Template)]
#[template(path = "pages/repo/pulls/checks.html")]
#[expect(clippy::struct_field_names, reason = "the page of checks lists checks")]
struct Checks {
    page: Page,
    head: RepositoryHead,
    frame: PullFrame,
    /// The commit that is reported about.
    commit: String,
    checks: Vec<Check>,
    /// What rules ask to be trained again; only of the newest version.
    retrainings: Vec<RetrainView>,
    versions: Vec<VersionLink>,
    /// Reports a status from a terminal, in one line.
    command: String,
    can_run: bool,
    /// Whether more is to come.
    is_waiting: bool,
    here: String,
}

/// What was reported last in one context.
struct Check {
    context: String,
    /// None: it is required, and nothing was reported.
    state: Option<Html>,
    description: String,
    /// Where more is said; empty: nowhere.
    address: String,
    time: Html,
    is_required: bool,
    is_waiting: bool,
}

struct VersionLink {
    number: i64,
    address: String,
    is_shown: bool,
    state: Html,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChecksQuery {
    /// The version whose head is meant; empty: the newest.
    version: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Query(query): Query<ChecksQuery>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let Framed { head, frame } = frame(&app, &page, &visit, number, Part::Checks).await?;
    let versions = pull_request::versions(&app, &visit.access, number).await?;
    let wanted = query.version.parse().unwrap_or(i64::MAX);
    let shown = versions.iter().rev().find(|version| version.number <= wanted);
    let shown_number = shown.map_or(1, |version| version.number);
    let commit = shown.map_or_else(|| frame.pull().head_id.clone(), |version| version.head_id.clone());
    let heads: Vec<&str> = versions.iter().map(|version| version.head_id.as_str()).collect();
    let statuses = match access::if_seen(visit.access.enter_unit(Unit::Code))? {
        Some(code) => commit_status::latest(&app, &code, &heads).await?,
        None => Vec::new(),
    };
    let required = branch_rule::required_checks(&app, &visit.access, number).await?;
    let retrainings = if commit == frame.pull().head_id {
        RetrainView::read_all(&app, &page, &visit, frame.pull()).await?
    } else {
        Vec::new()
    };
    let here = visit.urls.pull_part(number, "checks");
    let link = |version: &Version| VersionLink {
        number: version.number,
        address: format!("{here}?version={}", version.number),
        is_shown: version.number == shown_number,
        state: check_state::combined(&statuses, &version.head_id)
            .map(|state| check_state::icon(&page, state))
            .unwrap_or_default(),
    };
    let checks = checks(&page, &statuses, &commit, &required);
    let is_waiting =
        checks.iter().any(|check| check.is_waiting) || retrainings.iter().any(|one| one.is_running);
    respond::html(&Checks {
        is_waiting: is_waiting && frame.pull().is_open(),
        here: format!("{here}?version={shown_number}"),
        checks,
        retrainings,
        versions: versions.iter().rev().map(link).collect(),
        command: command(&app, &visit, &commit),
        can_run: visit.access.can_in(Unit::Tasks, hearth_core::Permission::Write),
        commit,
        page,
        head,
        frame,
    })
}

/// What was reported about a commit, and what is required and missing, the required ones first. What was trained again has a
/// part of its own.
fn checks(page: &Page, statuses: &[CommitStatus], commit: &str, required: &[String]) -> Vec<Check> {
    let is_required =
        |context: &str| required.iter().any(|pattern| branch_rule::is_context(pattern, context));
    let mut reported: Vec<Check> = statuses
        .iter()
        .filter(|status| status.commit_id == commit && !status.context.starts_with(Retraining::PREFIX))
        .map(|status| Check {
            context: status.context.clone(),
            state: Some(check_state::pill(page, status.state)),
            description: status.description.clone(),
            address: status.target_url.clone(),
            time: page.time(status.created_at),
            is_required: is_required(&status.context),
            is_waiting: status.state == StatusState::Pending,
        })
        .collect();
    let is_reported =
        |pattern: &str| reported.iter().any(|check| branch_rule::is_context(pattern, &check.context));
    let missing: Vec<Check> = required
        .iter()
        .filter(|pattern| !is_reported(pattern))
        .map(|pattern| Check {
            context: pattern.clone(),
            state: None,
            description: String::new(),
            address: String::new(),
            time: Html::default(),
            is_required: true,
            is_waiting: true,
        })
        .collect();
    reported.extend(missing);
    reported.sort_by(|one, other| {
        other.is_required.cmp(&one.is_required).then_with(|| one.context.cmp(&other.context))
    });
    reported
}

/// A call of the API that reports a status.
fn command(app: &App, visit: &RepositoryVisit, commit: &str) -> String {
    let repository = visit.access.repository();
    let (owner, name) = (urls::segment(repository.owner.as_str()), urls::segment(repository.name.as_str()));
    let address = app.urls().absolute(&format!("/api/v1/repos/{owner}/{name}/statuses/{commit}"));
    format!(
        "curl -X POST {address} -H \"Authorization: token $HEARTH_TOKEN\" -H \"Content-Type: application/json\" \
         -d '{{\"context\": \"ci/build\", \"state\": \"success\"}}'"
    )
}
