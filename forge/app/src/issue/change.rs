//! What is done to an issue after it was opened. Every change leaves a line in its timeline.

use hearth_core::{
    Conflict, Error, IssueEventKind, IssueNumber, IssueState, Kind, LabelId, Read, Result, Timestamp, Write,
};
use hearth_store::{Writer, assignee, issue as row, issue::Issue, issue_event, label, user::User};
use serde_json::json;

use super::{
    IssueCard, author_or_writer, bounded, card, checked_text, checked_title, readers, record, trace,
};
use crate::{Access, App};

/// New texts of an issue; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub title: Option<String>,
    pub body: Option<String>,
    /// The version that was read before editing; none: whatever is there now.
    pub version: Option<i64>,
}

/// Changes title and body, unless somebody else did since they were read.
pub async fn edit(app: &App, access: &Access<Read>, number: IssueNumber, edit: Edit) -> Result<IssueCard> {
    let title = edit.title.as_deref().map(checked_title).transpose()?;
    let body = edit.body.as_deref().map(|body| checked_text(app, "body", body)).transpose()?;
    let now = app.now();
    let mut writer = app.store().write().await?;
    let old = get(&mut writer, access, number).await?;
    let actor = author_or_writer(access, old.author_id)?;
    let title = title.unwrap_or_else(|| old.title.clone());
    let body = body.unwrap_or_else(|| old.body.clone());
    let version = edit.version.unwrap_or(old.version);
    if !row::update_text(&mut writer, old.id, version, &title, &body, now).await? {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    if title != old.title {
        let data = json!({ "from": old.title, "to": title });
        issue_event::insert(&mut writer, old.id, actor.id, IssueEventKind::Renamed, data, now).await?;
    }
    let new = get(&mut writer, access, number).await?;
    trace(&mut writer, access, &new, actor, &old.body, &new.body).await?;
    keep(writer, new).await
}

/// Closes an issue: its author may, and everybody who can write.
pub async fn close(app: &App, access: &Access<Read>, number: IssueNumber) -> Result<IssueCard> {
    set_state(app, access, number, IssueState::Closed).await
}

/// Opens it again, by the same people.
pub async fn reopen(app: &App, access: &Access<Read>, number: IssueNumber) -> Result<IssueCard> {
    set_state(app, access, number, IssueState::Open).await
}

/// Doing it twice changes nothing.
async fn set_state(
    app: &App,
    access: &Access<Read>,
    number: IssueNumber,
    state: IssueState,
) -> Result<IssueCard> {
    let now = app.now();
    let mut writer = app.store().write().await?;
    let issue = get(&mut writer, access, number).await?;
    let actor = author_or_writer(access, issue.author_id)?;
    note_state(&mut writer, access, &issue, actor, state, now).await?;
    let issue = get(&mut writer, access, number).await?;
    keep(writer, issue).await
}

pub(crate) async fn note_state(
    writer: &mut Writer,
    access: &Access<Read>,
    issue: &Issue,
    actor: &User,
    state: IssueState,
    now: Timestamp,
) -> Result<()> {
    if row::set_state(writer, issue, state, now).await? {
        let (kind, event) = match state {
            IssueState::Open => (IssueEventKind::Reopened, "issue.reopened"),
            IssueState::Closed => (IssueEventKind::Closed, "issue.closed"),
        };
        issue_event::insert(writer, issue.id, actor.id, kind, json!({}), now).await?;
        let data = json!({ "number": issue.number, "title": issue.title });
        record(writer, access, actor, event, data, now).await?;
    }
    Ok(())
}

/// Puts labels on and takes labels off, all of them of this repository.
pub async fn edit_labels(
    app: &App,
    access: &Access<Write>,
    number: IssueNumber,
    add: &[LabelId],
    remove: &[LabelId],
) -> Result<IssueCard> {
    bounded(app, add.len())?;
    bounded(app, remove.len())?;
    let mut writer = app.store().write().await?;
    let issue = get(&mut writer, access, number).await?;
    change_labels(&mut writer, access, &issue, add, remove, app.now()).await?;
    let issue = get(&mut writer, access, number).await?;
    keep(writer, issue).await
}

/// Lets an issue have exactly these labels.
pub async fn set_labels(
    app: &App,
    access: &Access<Write>,
    number: IssueNumber,
    wanted: &[LabelId],
) -> Result<IssueCard> {
    bounded(app, wanted.len())?;
    let mut writer = app.store().write().await?;
    let issue = get(&mut writer, access, number).await?;
    let held = label::list_of_issues(&mut writer, &[issue.id]).await?;
    let gone: Vec<LabelId> =
        held.iter().map(|held| held.label.id).filter(|id| !wanted.contains(id)).collect();
    change_labels(&mut writer, access, &issue, wanted, &gone, app.now()).await?;
    let issue = get(&mut writer, access, number).await?;
    keep(writer, issue).await
}

async fn change_labels(
    writer: &mut Writer,
    access: &Access<Write>,
    issue: &Issue,
    add: &[LabelId],
    remove: &[LabelId],
    now: Timestamp,
) -> Result<()> {
    let changes = add.iter().map(|id| (*id, true)).chain(remove.iter().map(|id| (*id, false)));
    let mut is_changed = false;
    for (id, is_added) in changes {
        let found = label::find(writer, access.repository().id, id).await?;
        let label = found.ok_or(Error::NotFound(Kind::Label))?;
        let (kind, is_new) = if is_added {
            (IssueEventKind::Labeled, label::attach(writer, issue.id, id).await?)
        } else {
            (IssueEventKind::Unlabeled, label::detach(writer, issue.id, id).await?)
        };
        if is_new {
            let data = json!({ "name": label.name, "color": label.color });
            issue_event::insert(writer, issue.id, access.writer().id, kind, data, now).await?;
            is_changed = true;
        }
    }
    if is_changed {
        row::touch(writer, issue.id, 0, now).await?;
    }
    Ok(())
}

/// Assigns people who can read the repository.
pub async fn add_assignees(
    app: &App,
    access: &Access<Write>,
    number: IssueNumber,
    names: &[String],
) -> Result<IssueCard> {
    change_assignees(app, access, number, names, &[], false).await
}

pub async fn remove_assignees(
    app: &App,
    access: &Access<Write>,
    number: IssueNumber,
    names: &[String],
) -> Result<IssueCard> {
    change_assignees(app, access, number, &[], names, false).await
}

/// Assigns exactly these people.
pub async fn set_assignees(
    app: &App,
    access: &Access<Write>,
    number: IssueNumber,
    names: &[String],
) -> Result<IssueCard> {
    change_assignees(app, access, number, names, &[], true).await
}

async fn change_assignees(
    app: &App,
    access: &Access<Write>,
    number: IssueNumber,
    add: &[String],
    remove: &[String],
    is_whole: bool,
) -> Result<IssueCard> {
    bounded(app, add.len())?;
    bounded(app, remove.len())?;
    let now = app.now();
    let mut writer = app.store().write().await?;
    let issue = get(&mut writer, access, number).await?;
    let added = readers(&mut writer, access, add).await?;
    let mut is_changed = false;
    for assigned in assignee::list(&mut writer, &[issue.id]).await? {
        let is_named = |name: &String| name.eq_ignore_ascii_case(assigned.name.as_str());
        let stays = added.iter().any(|person| person.id == assigned.user_id);
        if (is_whole && !stays) || remove.iter().any(is_named) {
            assignee::delete(&mut writer, issue.id, assigned.user_id).await?;
            let (kind, data) = (IssueEventKind::Unassigned, json!({ "name": assigned.name }));
            issue_event::insert(&mut writer, issue.id, access.writer().id, kind, data, now).await?;
            is_changed = true;
        }
    }
    for person in added {
        if assignee::insert(&mut writer, issue.id, person.id).await? {
            let (kind, data) = (IssueEventKind::Assigned, json!({ "name": person.name }));
            issue_event::insert(&mut writer, issue.id, access.writer().id, kind, data, now).await?;
            is_changed = true;
        }
    }
    if is_changed {
        row::touch(&mut writer, issue.id, 0, now).await?;
    }
    let issue = get(&mut writer, access, number).await?;
    keep(writer, issue).await
}

async fn get<Level>(writer: &mut Writer, access: &Access<Level>, number: IssueNumber) -> Result<Issue> {
    row::find(writer, access.repository().id, number).await?.ok_or(Error::NotFound(Kind::Issue))
}

async fn keep(mut writer: Writer, issue: Issue) -> Result<IssueCard> {
    let card = card(&mut writer, issue).await?;
    writer.commit().await?;
    Ok(card)
}
