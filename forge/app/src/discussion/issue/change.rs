//! Changes to an existing issue. Each change adds an event to its timeline.

use hearth_core::{
    Error, IssueState, Kind, LabelId, MilestoneId, Permission, Read, Result, ThreadEventKind, ThreadNumber,
    Timestamp, UserId, Write,
    event::{IssueEvent, Subject},
};
use hearth_store::{
    comment::Comment,
    issue::{self as row, Issue},
    thread_event,
};
use serde_json::json;

use super::{IssueCard, card};
use crate::{
    Access, App, Operation,
    pull_request::branch,
    thread::{
        Act, Text, ThreadEdit, author_or_writer, check_batch_size, checked_title, dependency, participant,
    },
};

/// Changes to an issue, made all together or not at all; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub title: Option<String>,
    pub body: Option<String>,
    /// The version of title and body on which the edit is based; none: whatever is current.
    pub version: Option<i64>,
    /// For the author and everybody with write access.
    pub state: Option<IssueState>,
    /// Exactly these labels of the repository; for those with write access.
    pub labels: Option<Vec<LabelId>>,
    /// Exactly these people, by name; for those with write access.
    pub assignees: Option<Vec<String>>,
    /// A milestone of the repository, or none; for those with write access.
    pub milestone: Option<Option<MilestoneId>>,
    /// When it is to be done, or at no certain time; for those with write access.
    pub due_at: Option<Option<Timestamp>>,
    /// The branch that it is about, or none; for those with write access.
    pub branch: Option<Option<String>>,
}

/// Applies all given changes, unless somebody else has changed the texts since they were read.
pub async fn edit(app: &App, access: &Access<Read>, number: ThreadNumber, edit: Edit) -> Result<IssueCard> {
    access.participant()?;
    let title = edit.title.as_deref().map(checked_title).transpose()?;
    check_batch_size(app, edit.labels.as_ref().map_or(0, Vec::len))?;
    check_batch_size(app, edit.assignees.as_ref().map_or(0, Vec::len))?;
    let text = match &edit.body {
        Some(body) => {
            let text = Text::read(app, "body", body).await?;
            let known = super::find(app, access, number).await?.issue;
            Some((Text::read(app, "body", &known.body).await.unwrap_or_default(), text))
        }
        None => None,
    };
    let mut thread_edit = begin(app, access, number).await?;
    if title.is_some() || text.is_some() {
        thread_edit.set_text(app, access, title, text, edit.version).await?;
    }
    if let Some(labels) = &edit.labels {
        thread_edit.set_labels(&access.write()?, labels).await?;
    }
    if let Some(names) = &edit.assignees {
        thread_edit.set_assignees(&access.write()?, names).await?;
    }
    if let Some(milestone) = edit.milestone {
        thread_edit.set_milestone(&access.write()?, milestone).await?;
    }
    if let Some(due_at) = edit.due_at {
        thread_edit.set_due(&access.write()?, due_at).await?;
    }
    if let Some(branch) = &edit.branch {
        set_branch(&mut thread_edit, &access.write()?, branch.as_deref()).await?;
    }
    if let Some(state) = edit.state {
        set_state(&mut thread_edit, access, (state, Blockers::Respected)).await?;
    }
    end(thread_edit).await
}

/// Adds a comment and closes or reopens the issue. Without text, only the latter. Fails with [`hearth_core::Conflict::Blocked`] while it
/// waits for something that is open.
pub async fn close_or_reopen(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    state: IssueState,
    body: &str,
) -> Result<Option<Comment>> {
    say(app, access, number, (state, Blockers::Respected), body).await
}

/// Adds a comment and closes the issue, whatever it waits for.
pub async fn close_anyway(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    body: &str,
) -> Result<Option<Comment>> {
    say(app, access, number, (IssueState::Closed, Blockers::Ignored), body).await
}

/// Whether something that is open keeps an issue from being closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blockers {
    Respected,
    /// By choice of whoever closes it.
    Ignored,
}

async fn say(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    wanted: (IssueState, Blockers),
    body: &str,
) -> Result<Option<Comment>> {
    access.participant()?;
    let text = Text::read(app, "body", body).await?;
    let mut thread_edit = begin(app, access, number).await?;
    let mut comment = None;
    if !text.body.trim().is_empty() {
        let author = participant(access, &thread_edit.thread)?;
        comment = Some(thread_edit.add_comment(app, access, author, &text).await?);
    }
    set_state(&mut thread_edit, access, wanted).await?;
    thread_edit.operation.commit().await?;
    Ok(comment)
}

/// Fails for threads that are not issues.
async fn begin<Level>(app: &App, access: &Access<Level>, number: ThreadNumber) -> Result<ThreadEdit> {
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    find(&mut thread_edit).await?;
    Ok(thread_edit)
}

/// The current state of the issue.
async fn find(thread_edit: &mut ThreadEdit) -> Result<Issue> {
    let (repository, number) = (thread_edit.thread.repository_id, thread_edit.thread.number);
    let found = row::find(&mut thread_edit.operation, repository, number).await?;
    found.ok_or(Error::NotFound(Kind::Issue))
}

/// Commits the changes and returns the resulting issue.
async fn end(mut thread_edit: ThreadEdit) -> Result<IssueCard> {
    let issue = find(&mut thread_edit).await?;
    let card = card(&mut thread_edit.operation, issue).await?;
    thread_edit.operation.commit().await?;
    Ok(card)
}

/// Names the branch that the issue is about. It need not be there yet.
pub(super) async fn set_branch(
    thread_edit: &mut ThreadEdit,
    access: &Access<Write>,
    wanted: Option<&str>,
) -> Result<()> {
    let named = wanted.map(|name| name.strip_prefix("refs/heads/").unwrap_or(name));
    let name = named.map(|name| branch("ref", name)).transpose()?.map(|name| name.to_string());
    let issue = find(thread_edit).await?;
    if issue.branch == name {
        return Ok(());
    }
    row::set_branch(&mut thread_edit.operation, &issue, name.as_deref()).await?;
    thread_edit.touch().await?;
    thread_edit.record(access, Act::Edited).await
}

async fn set_state(
    thread_edit: &mut ThreadEdit,
    access: &Access<Read>,
    (state, blockers): (IssueState, Blockers),
) -> Result<()> {
    let actor = author_or_writer(access, thread_edit.thread.author_id)?.id;
    let issue = find(thread_edit).await?;
    if issue.is_open() && state == IssueState::Closed && blockers == Blockers::Respected {
        dependency::check_unblocked(&mut thread_edit.operation, access, &issue).await?;
    }
    note_state(&mut thread_edit.operation, access, &issue, actor, state).await
}

/// Closes or reopens the issue; idempotent.
pub(crate) async fn note_state(
    operation: &mut Operation,
    access: &Access<Read>,
    issue: &Issue,
    actor: UserId,
    state: IssueState,
) -> Result<()> {
    let now = operation.now();
    if row::set_state(operation, issue, state, now).await? {
        let (number, title) = (issue.number, issue.title.clone());
        let (kind, event) = match state {
            IssueState::Open => (ThreadEventKind::Reopened, IssueEvent::Reopened { number, title }),
            IssueState::Closed => (ThreadEventKind::Closed, IssueEvent::Closed { number, title }),
        };
        thread_event::insert(operation, issue.id, actor, kind, json!({}), now).await?;
        operation.record_in(access, Subject::Issue(issue.id), event).await?;
        if state == IssueState::Closed {
            dependency::release(operation, issue.id).await?;
        }
    }
    Ok(())
}

/// Closes an issue that a commit or a merged pull request says it closes, if whoever brought that here may write to the issue's
/// repository. One that waits for something open stays open, and its timeline says why.
pub(crate) async fn close_by_keyword(
    operation: &mut Operation,
    access: &Access<Read>,
    number: ThreadNumber,
) -> Result<()> {
    let closer = access.actor().user_id().filter(|_| access.can(Permission::Write));
    let Some(closer) = closer else { return Ok(()) };
    let Some(issue) = row::find(operation, access.repository().id, number).await? else { return Ok(()) };
    if !issue.is_open() || dependency::open_blockers(operation, access, &issue).await?.is_empty() {
        return note_state(operation, access, &issue, closer, IssueState::Closed).await;
    }
    let now = operation.now();
    thread_event::insert(operation, issue.id, closer, ThreadEventKind::ClosingHeldBack, json!({}), now)
        .await?;
    Ok(())
}
