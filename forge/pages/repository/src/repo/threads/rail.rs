//! The forms in the sidebar of a thread: assignees, labels, subscription, lock.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App, issue, pull_request,
    thread::{self, subscription},
};
use hearth_core::{Error, LabelId, LockReason, SubscriptionState, ThreadKind, ThreadNumber};
use serde::Deserialize;

use super::{AtThread, CommentDraft, check_kind, show_again};
use crate::{Failure, Form, Mistakes, NoFields, Page, repo::RepositoryVisit, respond::see_other};

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
pub(crate) struct MilestoneForm {
    /// An id; empty: none.
    milestone: String,
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

/// `POST …/{number}/labels`: exactly those that are ticked.
pub(crate) async fn labels(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<LabelsForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let wanted: Vec<LabelId> = form.labels.into_iter().map(LabelId).collect();
    check_kind(&app, &visit, number).await?;
    thread::set_labels(&app, &writing, number, &wanted).await?;
    Ok(see_other(&visit.thread(number)))
}

/// `POST …/{number}/assignees`: exactly those that are ticked, and the one that is typed.
pub(crate) async fn assignees(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<AssigneesForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let typed = Some(form.other).filter(|name| !name.trim().is_empty());
    let names: Vec<String> = form.assignees.into_iter().chain(typed).collect();
    let names = Some(names);
    let changed = match visit.threads {
        ThreadKind::Issue => {
            let edit = issue::Edit { assignees: names, ..issue::Edit::default() };
            issue::edit(&app, &visit.access, number, edit).await.map(drop)
        }
        ThreadKind::PullRequest => {
            let edit = pull_request::Edit { assignees: names, ..pull_request::Edit::default() };
            pull_request::edit(&app, &visit.access, number, edit).await.map(drop)
        }
    };
    let Err(error) = changed else { return Ok(see_other(&visit.thread(number))) };
    let mistakes = Mistakes::from_error(&page, error, "assignees")?;
    redisplay(&app, page, &visit, number, mistakes).await
}

/// The page of the thread again, with what is wrong with a form of the sidebar.
pub(super) async fn redisplay(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    show_again(app, page, visit, number, CommentDraft::default(), mistakes).await
}

/// `POST …/{number}/milestone`: the one that is chosen, or none.
pub(crate) async fn milestone(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<MilestoneForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let wanted = match form.milestone.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| Error::field("milestone", "unknown"))?),
    };
    check_kind(&app, &visit, number).await?;
    thread::set_milestone(&app, &writing, number, wanted).await?;
    Ok(see_other(&visit.thread(number)))
}

/// `POST …/{number}/lock`.
pub(crate) async fn lock(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<LockForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let reason = match form.reason.as_str() {
        "" => None,
        text => Some(LockReason::read(text).ok_or(Error::field("reason", "unknown"))?),
    };
    check_kind(&app, &visit, number).await?;
    thread::lock(&app, &writing, number, reason).await?;
    Ok(see_other(&visit.thread(number)))
}

/// `POST …/{number}/unlock`.
pub(crate) async fn unlock(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    check_kind(&app, &visit, number).await?;
    thread::unlock(&app, &visit.access.write()?, number).await?;
    Ok(see_other(&visit.thread(number)))
}

/// `POST …/{number}/subscription`: subscribes to the thread, or ignores it.
pub(crate) async fn subscription(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<SubscriptionForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let state: SubscriptionState = form.state.parse().map_err(|()| Error::field("state", "unknown"))?;
    check_kind(&app, &visit, number).await?;
    subscription::choose(&app, &visit.access, number, state).await?;
    Ok(see_other(&visit.thread(number)))
}
