//! Changes to an existing issue. Each change adds an event to its timeline.

use hearth_core::{
    Error, IssueState, Kind, LabelId, Read, Result, ThreadEventKind, ThreadNumber, UserId, Write,
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
    thread::{Text, ThreadEdit, author_or_writer, check_batch_size, checked_title, participant},
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
    if let Some(state) = edit.state {
        set_state(&mut thread_edit, access, state).await?;
    }
    end(thread_edit).await
}

/// Adds a comment and closes or reopens the issue. Without text, only the latter.
pub async fn close_or_reopen(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    state: IssueState,
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
    set_state(&mut thread_edit, access, state).await?;
    thread_edit.operation.commit().await?;
    Ok(comment)
}

/// Adds and removes labels, all of this repository.
pub async fn edit_labels(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    add: &[LabelId],
    remove: &[LabelId],
) -> Result<IssueCard> {
    check_batch_size(app, add.len())?;
    check_batch_size(app, remove.len())?;
    let mut thread_edit = begin(app, access, number).await?;
    thread_edit.change_labels(access, add, remove).await?;
    end(thread_edit).await
}

/// Sets an issue's labels to exactly these.
pub async fn set_labels(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    wanted: &[LabelId],
) -> Result<IssueCard> {
    check_batch_size(app, wanted.len())?;
    let mut thread_edit = begin(app, access, number).await?;
    thread_edit.set_labels(access, wanted).await?;
    end(thread_edit).await
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

async fn set_state(thread_edit: &mut ThreadEdit, access: &Access<Read>, state: IssueState) -> Result<()> {
    let actor = author_or_writer(access, thread_edit.thread.author_id)?.id;
    let issue = find(thread_edit).await?;
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
    }
    Ok(())
}
