//! Merges that wait until nothing keeps the pull request from being merged.

use hearth_core::{
    AutoMerge, Conflict, Error, Read, Result, ThreadEventKind, ThreadId, ThreadNumber, Unit, UserId, Write,
};
use hearth_git::ObjectId;
use hearth_store::{merge_settings, pull_request as row, thread_event, user};
use serde_json::json;

use super::{Merged, NewMerge, merge, message};
use crate::{
    Access, Actor, App, Operation, access,
    jobs::RefreshPullRequest,
    pull_request::{PullRequest, find_row, object},
    thread::author_or_writer,
};

/// Has the server merge a pull request as this person once nothing keeps it from that: at once, if nothing does. If the
/// head is another than the one that they saw, nothing is planned.
pub async fn schedule_auto_merge(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    plan: AutoMerge,
    expected_head: Option<ObjectId>,
) -> Result<()> {
    let by = access.enter_unit(Unit::Code)?.write()?.writer().id;
    let new = as_merge(&plan, None);
    message::checked(app, &new)?;
    let mut operation = app.begin().await?;
    let now = operation.now();
    let settings = merge_settings::find(&mut operation, access.repository().id).await?;
    if !settings.allows_auto_merge {
        return Err(Error::Conflict(Conflict::State));
    }
    if !settings.allows(plan.method) {
        return Err(Error::Forbidden(hearth_core::Action::MergeMethod));
    }
    let found = find_row(&mut operation, access, number).await?;
    let found = row::lock(&mut operation, found.id).await?.ok_or(Error::Conflict(Conflict::State))?;
    if expected_head.is_some_and(|expected| expected.to_string() != found.head_id) {
        return Err(Error::Conflict(Conflict::HeadMoved));
    }
    if !row::set_auto_merge(&mut operation, found.id, Some((&plan, by))).await? {
        return Err(Error::Conflict(Conflict::State));
    }
    let data = json!({ "method": plan.method });
    thread_event::insert(&mut operation, found.id, by, ThreadEventKind::AutoMergeEnabled, data, now).await?;
    operation.enqueue(&RefreshPullRequest { thread_id: found.id }).await?;
    operation.commit().await
}

/// Calls a waiting merge off: for the pull request's author and everybody with write access.
pub async fn cancel_auto_merge(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<()> {
    access.participant()?;
    let mut operation = app.begin().await?;
    let found = find_row(&mut operation, access, number).await?;
    let actor = author_or_writer(access, found.author_id)?.id;
    if found.auto_merge.is_some() {
        disable(&mut operation, &found, Some(actor), "cancelled").await?;
        operation.commit().await?;
    }
    Ok(())
}

/// Calls a waiting merge off, with the reason in its timeline: `cancelled`, `pushed`, `base-changed`, `not-allowed` or
/// `conflicts`.
pub(crate) async fn disable(
    operation: &mut Operation,
    pull_request: &PullRequest,
    actor: Option<UserId>,
    reason: &'static str,
) -> Result<()> {
    let now = operation.now();
    if row::set_auto_merge(operation, pull_request.id, None).await? {
        let (id, kind) = (pull_request.id, ThreadEventKind::AutoMergeDisabled);
        thread_event::insert(operation, id, actor, kind, json!({ "reason": reason }), now).await?;
    }
    Ok(())
}

/// Merges what waits, if nothing keeps it from that any more.
pub(crate) async fn attempt(app: &App, thread: ThreadId) -> Result<()> {
    let mut reader = app.store().read().await?;
    let found = row::find_by_id(&mut reader, thread).await?.filter(PullRequest::is_open);
    let Some(pull_request) = found else { return Ok(()) };
    let (Some(plan), Some(by)) = (&pull_request.auto_merge, pull_request.auto_merge_by) else {
        return Ok(());
    };
    let person = user::find(&mut reader, by).await?.filter(|person| !person.is_blocked);
    drop(reader);
    let outcome = match person {
        Some(person) => Box::pin(merge_as(app, &pull_request, &Actor::person(person), plan)).await,
        None => Err(Error::Forbidden(hearth_core::Action::Write)),
    };
    let reason = match outcome {
        // Else it waits: for approvals, checks, or whatever changes right now.
        Ok(_)
        | Err(Error::Conflict(
            Conflict::NotMergeable
            | Conflict::Blocked
            | Conflict::BaseGone
            | Conflict::HeadGone
            | Conflict::HeadMoved
            | Conflict::BaseMoved
            | Conflict::State,
        )) => return Ok(()),
        Err(Error::Conflict(_)) => "conflicts",
        Err(Error::Forbidden(_) | Error::NotFound(_) | Error::Invalid(_) | Error::TooLarge(_)) => {
            "not-allowed"
        }
        Err(error) => return Err(error),
    };
    let mut operation = app.begin().await?;
    let locked = row::lock(&mut operation, thread).await?;
    if let Some(locked) = locked.filter(|locked| locked.auto_merge == pull_request.auto_merge) {
        disable(&mut operation, &locked, None, reason).await?;
        operation.commit().await?;
    }
    Ok(())
}

async fn merge_as(app: &App, pull_request: &PullRequest, actor: &Actor, plan: &AutoMerge) -> Result<Merged> {
    let access = access::open_by_id(app, actor, Unit::Pulls, pull_request.repository_id).await?.write()?;
    let settings = merge_settings::find(&mut app.store().read().await?, pull_request.repository_id).await?;
    if !settings.allows_auto_merge {
        return Err(Error::Forbidden(hearth_core::Action::MergeMethod));
    }
    let head = object(&pull_request.head_id)?;
    merge(app, &access, pull_request.number, as_merge(plan, Some(head))).await
}

fn as_merge(plan: &AutoMerge, expected_head: Option<ObjectId>) -> NewMerge {
    NewMerge {
        method: plan.method,
        title: plan.title.clone(),
        message: plan.message.clone(),
        expected_head,
        deletes_branch: plan.deletes_branch,
        bypasses: false,
    }
}
