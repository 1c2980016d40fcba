//! What is done to an issue after it was opened. Every change leaves a line in its timeline.

use hearth_core::{
    Conflict, Error, IssueEventKind, IssueNumber, IssueState, Kind, LabelId, Read, Result, Timestamp, Write,
    event::{IssueEvent, Subject},
};
use hearth_store::{assignee, issue as row, issue::Issue, issue_event, label, user::User};
use serde_json::json;

use super::{IssueCard, author_or_writer, bounded, card, checked_text, checked_title, readers, trace};
use crate::{Access, App, Operation};

/// What is to be changed, all of it or nothing; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub title: Option<String>,
    pub body: Option<String>,
    /// The version of title and body that was read before editing; none: whatever is there now.
    pub version: Option<i64>,
    /// The author may close the issue and open it again, and everybody who can write.
    pub state: Option<IssueState>,
    /// Exactly these people, by name; for those who can write.
    pub assignees: Option<Vec<String>>,
}

/// An issue inside the transaction that changes it.
struct Changing {
    operation: Operation,
    issue: Issue,
    now: Timestamp,
}

impl Changing {
    async fn begin<Level>(app: &App, access: &Access<Level>, number: IssueNumber) -> Result<Self> {
        let now = app.now();
        let mut operation = app.begin().await?;
        let found = row::find(&mut operation, access.repository().id, number).await?;
        Ok(Self { operation, issue: found.ok_or(Error::NotFound(Kind::Issue))?, now })
    }

    /// Keeps what was changed, and gives the issue as it is now.
    async fn end(mut self) -> Result<IssueCard> {
        let Issue { repository_id, number, .. } = self.issue;
        let issue = row::find(&mut self.operation, repository_id, number).await?;
        let card = card(&mut self.operation, issue.ok_or(Error::NotFound(Kind::Issue))?).await?;
        self.operation.commit().await?;
        Ok(card)
    }

    /// A line in the timeline.
    async fn note(&mut self, actor: &User, kind: IssueEventKind, data: serde_json::Value) -> Result<()> {
        Ok(issue_event::insert(&mut self.operation, self.issue.id, actor.id, kind, data, self.now).await?)
    }

    async fn set_text(
        &mut self,
        access: &Access<Read>,
        title: Option<String>,
        body: Option<String>,
        version: Option<i64>,
    ) -> Result<()> {
        let actor = author_or_writer(access, self.issue.author_id)?;
        let mut new = self.issue.clone();
        new.title = title.unwrap_or(new.title);
        new.body = body.unwrap_or(new.body);
        new.updated_at = self.now;
        let version = version.unwrap_or(new.version);
        if !row::update_text(&mut self.operation, new.id, version, &new.title, &new.body, self.now).await? {
            return Err(Error::Conflict(Conflict::StaleEdit));
        }
        if new.title != self.issue.title {
            let data = json!({ "from": self.issue.title, "to": new.title });
            self.note(actor, IssueEventKind::Renamed, data).await?;
        }
        trace(&mut self.operation, access, &new, actor, &self.issue.body, &new.body).await?;
        self.issue = new;
        Ok(())
    }

    async fn change_labels(
        &mut self,
        access: &Access<Write>,
        add: &[LabelId],
        remove: &[LabelId],
    ) -> Result<()> {
        let changes = add.iter().map(|id| (*id, true)).chain(remove.iter().map(|id| (*id, false)));
        let mut is_changed = false;
        for (id, is_added) in changes {
            let found = label::find(&mut self.operation, access.repository().id, id).await?;
            let label = found.ok_or(Error::NotFound(Kind::Label))?;
            let (kind, is_new) = if is_added {
                (IssueEventKind::Labeled, label::attach(&mut self.operation, self.issue.id, id).await?)
            } else {
                (IssueEventKind::Unlabeled, label::detach(&mut self.operation, self.issue.id, id).await?)
            };
            if is_new {
                let data = json!({ "name": label.name, "color": label.color });
                self.note(access.writer(), kind, data).await?;
                is_changed = true;
            }
        }
        self.touch_if(is_changed).await
    }

    async fn set_assignees(&mut self, access: &Access<Write>, names: &[String]) -> Result<()> {
        let wanted = readers(&mut self.operation, access, names).await?;
        let mut is_changed = false;
        for assigned in assignee::list(&mut self.operation, &[self.issue.id]).await? {
            if !wanted.iter().any(|person| person.id == assigned.user_id) {
                assignee::delete(&mut self.operation, self.issue.id, assigned.user_id).await?;
                let data = json!({ "name": assigned.name });
                self.note(access.writer(), IssueEventKind::Unassigned, data).await?;
                is_changed = true;
            }
        }
        for person in wanted {
            if assignee::insert(&mut self.operation, self.issue.id, person.id).await? {
                let data = json!({ "name": person.name });
                self.note(access.writer(), IssueEventKind::Assigned, data).await?;
                is_changed = true;
            }
        }
        self.touch_if(is_changed).await
    }

    async fn touch_if(&mut self, is_changed: bool) -> Result<()> {
        if is_changed {
            row::touch(&mut self.operation, self.issue.id, 0, self.now).await?;
        }
        Ok(())
    }
}

/// Changes all that is named, unless somebody else has changed the texts since they were read.
pub async fn edit(app: &App, access: &Access<Read>, number: IssueNumber, edit: Edit) -> Result<IssueCard> {
    let title = edit.title.as_deref().map(checked_title).transpose()?;
    let body = edit.body.as_deref().map(|body| checked_text(app, "body", body)).transpose()?;
    bounded(app, edit.assignees.as_ref().map_or(0, Vec::len))?;
    let mut changing = Changing::begin(app, access, number).await?;
    if title.is_some() || body.is_some() {
        changing.set_text(access, title, body, edit.version).await?;
    }
    if let Some(names) = edit.assignees {
        changing.set_assignees(&access.write()?, &names).await?;
    }
    if let Some(state) = edit.state {
        let actor = author_or_writer(access, changing.issue.author_id)?;
        note_state(&mut changing.operation, access, &changing.issue, actor, state, changing.now).await?;
    }
    changing.end().await
}

/// Closes or opens again; doing it twice changes nothing.
pub(crate) async fn note_state(
    operation: &mut Operation,
    access: &Access<Read>,
    issue: &Issue,
    actor: &User,
    state: IssueState,
    now: Timestamp,
) -> Result<()> {
    if row::set_state(operation, issue, state, now).await? {
        let (number, title) = (issue.number, issue.title.clone());
        let (kind, event) = match state {
            IssueState::Open => (IssueEventKind::Reopened, IssueEvent::Reopened { number, title }),
            IssueState::Closed => (IssueEventKind::Closed, IssueEvent::Closed { number, title }),
        };
        issue_event::insert(operation, issue.id, actor.id, kind, json!({}), now).await?;
        operation.record_in(access, Subject::Issue(issue.id), event).await?;
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
    let mut changing = Changing::begin(app, access, number).await?;
    changing.change_labels(access, add, remove).await?;
    changing.end().await
}

/// Lets an issue have exactly these labels.
pub async fn set_labels(
    app: &App,
    access: &Access<Write>,
    number: IssueNumber,
    wanted: &[LabelId],
) -> Result<IssueCard> {
    bounded(app, wanted.len())?;
    let mut changing = Changing::begin(app, access, number).await?;
    let held = label::list_of_issues(&mut changing.operation, &[changing.issue.id]).await?;
    let gone: Vec<LabelId> =
        held.iter().map(|held| held.label.id).filter(|id| !wanted.contains(id)).collect();
    changing.change_labels(access, wanted, &gone).await?;
    changing.end().await
}
