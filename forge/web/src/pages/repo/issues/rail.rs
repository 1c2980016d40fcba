//! The forms in the sidebar of an issue: assignees, labels, subscription, lock.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App, issue,
    thread::{self, Part, subscription},
};
use hearth_core::{Error, LabelId, LockReason, SubscriptionState};
use serde::Deserialize;

use super::{
    AtIssue,
    show::{CommentDraft, show},
};
use crate::{Failure, Form, Mistakes, NoFields, Page, pages::repo::RepositoryVisit, respond::see_other};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LabelsForm {
    labels: Vec<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AssigneesForm {
    assignees: Vec<String>,
    /// A username that is not in the list.
    other: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LockForm {
    /// Empty: no reason is given.
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SubscriptionForm {
    state: String,
}

/// `POST …/issues/{number}/labels`: exactly those that are ticked.
pub(crate) async fn labels(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<LabelsForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let wanted: Vec<LabelId> = form.labels.into_iter().map(LabelId).collect();
    issue::set_labels(&app, &writing, number, &wanted).await?;
    Ok(see_other(&visit.urls.issue(number)))
}

/// `POST …/issues/{number}/assignees`: exactly those that are ticked, and the one that is typed.
pub(crate) async fn assignees(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<AssigneesForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let typed = Some(form.other).filter(|name| !name.trim().is_empty());
    let names: Vec<String> = form.assignees.into_iter().chain(typed).collect();
    let edit = issue::Edit { assignees: Some(names), ..issue::Edit::default() };
    match issue::edit(&app, &visit.access, number, edit).await {
        Ok(_) => Ok(see_other(&visit.urls.issue(number))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "assignees")?;
            show(&app, page, &visit, (number, Part::Ends), CommentDraft::default(), mistakes).await
        }
    }
}

/// `POST …/issues/{number}/lock`.
pub(crate) async fn lock(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<LockForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let reason = match form.reason.as_str() {
        "" => None,
        text => Some(LockReason::read(text).ok_or(Error::field("reason", "unknown"))?),
    };
    thread::lock(&app, &writing, number, reason).await?;
    Ok(see_other(&visit.urls.issue(number)))
}

/// `POST …/issues/{number}/unlock`.
pub(crate) async fn unlock(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    thread::unlock(&app, &visit.access.write()?, number).await?;
    Ok(see_other(&visit.urls.issue(number)))
}

/// `POST …/issues/{number}/subscription`: subscribes to the issue, or ignores it.
pub(crate) async fn subscription(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<SubscriptionForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let state: SubscriptionState = form.state.parse().map_err(|()| Error::field("state", "unknown"))?;
    subscription::choose(&app, &visit.access, number, state).await?;
    Ok(see_other(&visit.urls.issue(number)))
}
