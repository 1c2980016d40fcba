//! Issues: opened and discussed by everybody who can read the repository, organised by those who can write.

mod change;
mod delete;
mod query;
mod similar;
pub mod template;

use std::collections::HashMap;

use hearth_core::{
    Error, IssueState, Kind, LabelId, MilestoneId, Page, PageRequest, Read, Result, SubscriptionReason,
    ThreadId, ThreadNumber, Timestamp,
    event::{IssueEvent, Subject},
};
use hearth_store::{
    Ask,
    assignee::{self, Assignee},
    attachment::Attachment,
    issue as row, label,
    label::Label,
};

pub(crate) use change::close_by_keyword;
pub use change::{Edit, close_anyway, close_or_reopen, edit};
pub use delete::delete;
pub use hearth_store::{
    issue::{Bodies, Issue, IssueFilter, IssueSort},
    thread_filter::ThreadFilter,
};
pub use query::{Query, QueryState};
pub use similar::{SimilarIssue, similar};

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
    /// For those with write access; of this repository.
    pub milestone: Option<MilestoneId>,
    /// When it is to be done; for those with write access.
    pub due_at: Option<Timestamp>,
    /// The file of a template that it was written from: it gets the labels and people that the template names, which those who may
    /// write to the repository have decided.
    pub template: Option<String>,
    /// The branch that it is about; for those with write access.
    pub branch: Option<String>,
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
    let template = match &new.template {
        Some(file) => Some(template::templates(app, access).await?.find(file)?.clone()),
        None => None,
    };
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
    if let Some(template) = &template {
        open_from(&mut thread_edit, access, template).await?;
    }
    if new.milestone.is_some() {
        thread_edit.set_milestone(&access.write()?, new.milestone).await?;
    }
    if new.due_at.is_some() {
        thread_edit.set_due(&access.write()?, new.due_at).await?;
    }
    if let Some(branch) = &new.branch {
        change::set_branch(&mut thread_edit, &access.write()?, Some(branch)).await?;
    }
    thread_edit.apply_text_effects(app, access, None, (&Text::default(), &text)).await?;
    if new.is_closed {
        change::note_state(&mut thread_edit.operation, access, &issue, author.id, IssueState::Closed).await?;
    }
    let issue = row::find(&mut thread_edit.operation, repository_id, issue.number).await?;
    let card = card(&mut thread_edit.operation, issue.ok_or(Error::NotFound(Kind::Issue))?).await?;
    thread_edit.operation.commit().await?;
    Ok(card)
}

/// Gives a new issue the labels and assignees of its template. Those that do not exist are left out.
async fn open_from(
    thread_edit: &mut ThreadEdit,
    access: &Access<Read>,
    template: &template::IssueTemplate,
) -> Result<()> {
    let repository = access.repository().id;
    let mut labels = Vec::new();
    for name in &template.labels {
        let found = label::find_by_name(&mut thread_edit.operation, repository, name).await?;
        labels.extend(found.map(|label| label.id));
    }
    thread_edit.open_with(access, &labels, &[]).await?;
    for name in &template.assignees {
        match thread_edit.open_with(access, &[], std::slice::from_ref(name)).await {
            Ok(()) | Err(Error::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
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

/// One page of a list, and how many issues match in each state.
#[derive(Clone, Debug)]
pub struct IssueList {
    pub page: Page<IssueCard>,
    pub open: u64,
    pub closed: u64,
}

/// What [`list`] gives, with the counts of both states, in one search.
pub async fn search(
    app: &App,
    access: &Access<Read>,
    filter: &IssueFilter,
    (sort, bodies): (IssueSort, Bodies),
    request: PageRequest,
) -> Result<IssueList> {
    let mut reader = app.store().read().await?;
    let found = row::search(&mut reader, access.repository().id, filter, (sort, bodies), request).await?;
    let (open, closed) = (found.open, found.closed);
    let total = match filter.state {
        Some(IssueState::Open) => open,
        Some(IssueState::Closed) => closed,
        None => open.saturating_add(closed),
    };
    let items = cards(&mut reader, found.issues).await?;
    Ok(IssueList { page: Page { items, total, request }, open, closed })
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
