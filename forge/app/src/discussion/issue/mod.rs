//! Issues: opened and discussed by everybody who can read the repository, organised by those who can write.

mod change;
mod query;

use std::collections::HashMap;

use hearth_core::{
    Error, IssueState, Kind, LabelId, Page, PageRequest, Read, Result, SubscriptionReason, ThreadId,
    ThreadNumber,
    event::{IssueEvent, Subject},
};
use hearth_store::{
    Ask,
    assignee::{self, Assignee},
    attachment::Attachment,
    issue as row, label,
    label::Label,
};

pub(crate) use change::note_state;
pub use change::{Edit, close_or_reopen, edit, edit_labels, set_labels};
pub use hearth_store::issue::{Bodies, Issue, IssueFilter, IssueSort};
pub use query::{Query, QueryState};

use crate::{
    Access, App,
    thread::{Text, ThreadEdit, attachment, check_batch_size, checked_title},
};

/// An issue to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewIssue {
    pub title: String,
    pub body: String,
    /// For those with write access; labels of this repository.
    pub labels: Vec<LabelId>,
    /// For those with write access; user names.
    pub assignees: Vec<String>,
    /// Create it in the closed state.
    pub is_closed: bool,
}

/// An issue with its labels, assignees and files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueCard {
    pub issue: Issue,
    pub labels: Vec<Label>,
    pub assignees: Vec<Assignee>,
    /// The files attached to its own text.
    pub attachments: Vec<Attachment>,
}

/// Opens an issue under the next number.
pub async fn open(app: &App, access: &Access<Read>, new: NewIssue) -> Result<IssueCard> {
    let author = access.participant()?;
    let title = checked_title(&new.title)?;
    let text = Text::read(app, "body", &new.body).await?;
    check_batch_size(app, new.labels.len())?;
    check_batch_size(app, new.assignees.len())?;
    let repository_id = access.repository().id;
    let mut operation = app.begin().await?;
    let now = operation.now();
    let body = text.body.clone();
    let new_row = row::NewIssue { repository_id, author_id: author.id, title, body, created_at: now };
    let issue = row::insert(&mut operation, &new_row).await?;
    let opened = IssueEvent::Opened { number: issue.number, title: issue.title.clone() };
    operation.record_in(access, Subject::Issue(issue.id), opened).await?;
    let mut thread_edit = ThreadEdit { operation, thread: issue.thread.clone(), now };
    thread_edit.follow(author.id, SubscriptionReason::Author).await?;
    if !(new.labels.is_empty() && new.assignees.is_empty()) {
        let access = access.write()?;
        thread_edit.open_with(&access, &new.labels, &new.assignees).await?;
    }
    thread_edit.apply_text_effects(app, access, None, (&Text::default(), &text)).await?;
    if new.is_closed {
        note_state(&mut thread_edit.operation, access, &issue, author.id, IssueState::Closed).await?;
    }
    let issue = row::find(&mut thread_edit.operation, repository_id, issue.number).await?;
    let card = card(&mut thread_edit.operation, issue.ok_or(Error::NotFound(Kind::Issue))?).await?;
    thread_edit.operation.commit().await?;
    Ok(card)
}

pub async fn find(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<IssueCard> {
    let mut reader = app.store().read().await?;
    let issue = row::find(&mut reader, access.repository().id, number).await?;
    card(&mut reader, issue.ok_or(Error::NotFound(Kind::Issue))?).await
}

/// One page of a list, and the total length of the filtered list. Texts are only read if requested.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    filter: &IssueFilter,
    (sort, bodies): (IssueSort, Bodies),
    request: PageRequest,
) -> Result<Page<IssueCard>> {
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let issues = row::list(&mut reader, repository, filter, (sort, bodies), request).await?;
    let page = Page::of(issues, request, row::count(&mut reader, repository, filter)).await?;
    Ok(Page { items: cards(&mut reader, page.items).await?, total: page.total, request })
}

/// The number of issues that match, e.g. in the state that is not listed.
pub async fn count(app: &App, access: &Access<Read>, filter: &IssueFilter) -> Result<u64> {
    Ok(row::count(&mut app.store().read().await?, access.repository().id, filter).await?)
}

async fn card(ask: &mut impl Ask, issue: Issue) -> Result<IssueCard> {
    let mut cards = cards(ask, vec![issue]).await?;
    Ok(cards.pop().expect("one issue gives one card"))
}

async fn cards(ask: &mut impl Ask, issues: Vec<Issue>) -> Result<Vec<IssueCard>> {
    let ids: Vec<ThreadId> = issues.iter().map(|issue| issue.id).collect();
    let mut labels: HashMap<ThreadId, Vec<Label>> = HashMap::new();
    for found in label::list_of_threads(ask, &ids).await? {
        labels.entry(found.thread_id).or_default().push(found.label);
    }
    let mut assignees: HashMap<ThreadId, Vec<Assignee>> = HashMap::new();
    for found in assignee::list(ask, &ids).await? {
        assignees.entry(found.thread_id).or_default().push(found);
    }
    let mut attachments = attachment::of_threads(ask, &ids).await?;
    let card = |issue: Issue| IssueCard {
        attachments: attachments.remove(&issue.id).unwrap_or_default(),
        labels: labels.remove(&issue.id).unwrap_or_default(),
        assignees: assignees.remove(&issue.id).unwrap_or_default(),
        issue,
    };
    Ok(issues.into_iter().map(card).collect())
}
