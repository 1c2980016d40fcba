//! Issues: opened and discussed by everybody who can read the repository, sorted by those who can write.

mod change;
mod query;
mod timeline;

use std::collections::HashMap;

use hearth_core::{
    Action, Error, IssueId, IssueNumber, IssueState, Kind, LabelId, Page, PageRequest, Permission, Read,
    Result,
    event::{IssueEvent, Subject},
};
use hearth_store::{
    Ask,
    assignee::{self, Assignee},
    issue as row, issue_event, label,
    label::Label,
    user::{self, User},
};
use serde_json::json;

pub(crate) use change::note_state;
pub use change::{Edit, edit, edit_labels, set_labels};
pub use hearth_store::issue::{Bodies, Issue, IssueFilter, IssueSort};
pub use query::{Query, QueryState};
pub use timeline::{Entry, MOST_ENTRIES, Part, Stretch, Timeline, timeline};

use crate::{Access, Actor, App, Area, Operation, access, markdown::References};

/// The most characters of a title.
pub const LONGEST_TITLE: usize = 255;
/// How many issues one text can leave a trace in.
const MOST_TRACES: usize = 20;

/// What somebody wants to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewIssue {
    pub title: String,
    pub body: String,
    /// For people who can write; of this repository.
    pub labels: Vec<LabelId>,
    /// For people who can write; names.
    pub assignees: Vec<String>,
    /// Open it closed.
    pub is_closed: bool,
}

/// An issue with what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueCard {
    pub issue: Issue,
    pub labels: Vec<Label>,
    pub assignees: Vec<Assignee>,
}

/// Opens an issue under the next number.
pub async fn open(app: &App, access: &Access<Read>, new: NewIssue) -> Result<IssueCard> {
    let author = access.participant()?;
    let title = checked_title(&new.title)?;
    let body = checked_text(app, "body", &new.body)?;
    if !(new.labels.is_empty() && new.assignees.is_empty()) {
        access.write()?;
    }
    bounded(app, new.labels.len())?;
    bounded(app, new.assignees.len())?;
    let repository = access.repository();
    let now = app.now();
    let mut operation = app.begin().await?;
    let mut issue = row::insert(
        &mut operation,
        &row::NewIssue { repository_id: repository.id, author_id: author.id, title, body, created_at: now },
    )
    .await?;
    for id in &new.labels {
        let label =
            label::find(&mut operation, repository.id, *id).await?.ok_or(Error::NotFound(Kind::Label))?;
        label::attach(&mut operation, issue.id, label.id).await?;
    }
    for person in readers(&mut operation, access, &new.assignees).await? {
        assignee::insert(&mut operation, issue.id, person.id).await?;
    }
    trace(&mut operation, access, &issue, author, "", &issue.body).await?;
    let opened = IssueEvent::Opened { number: issue.number, title: issue.title.clone() };
    operation.record_in(access, Subject::Issue(issue.id), opened).await?;
    if new.is_closed {
        note_state(&mut operation, access, &issue, author, IssueState::Closed, now).await?;
        (issue.state, issue.closed_at) = (IssueState::Closed, Some(now));
    }
    let card = card(&mut operation, issue).await?;
    operation.commit().await?;
    Ok(card)
}

pub async fn find(app: &App, access: &Access<Read>, number: IssueNumber) -> Result<IssueCard> {
    let mut reader = app.store().read().await?;
    let issue = row::find(&mut reader, access.repository().id, number).await?;
    card(&mut reader, issue.ok_or(Error::NotFound(Kind::Issue))?).await
}

/// One part of a list, and how long the narrowed list is. The texts are read where they are wanted.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    filter: &IssueFilter,
    (sort, bodies): (IssueSort, Bodies),
    request: PageRequest,
) -> Result<Page<IssueCard>> {
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let total = row::count(&mut reader, repository, filter).await?;
    let issues = row::list(&mut reader, repository, filter, (sort, bodies), request).await?;
    Ok(Page { items: cards(&mut reader, issues).await?, total, request })
}

/// How many there are, e.g. of another state than the one that is listed.
pub async fn count(app: &App, access: &Access<Read>, filter: &IssueFilter) -> Result<u64> {
    Ok(row::count(&mut app.store().read().await?, access.repository().id, filter).await?)
}

async fn card(ask: &mut impl Ask, issue: Issue) -> Result<IssueCard> {
    let mut cards = cards(ask, vec![issue]).await?;
    Ok(cards.pop().expect("one issue gives one card"))
}

async fn cards(ask: &mut impl Ask, issues: Vec<Issue>) -> Result<Vec<IssueCard>> {
    let ids: Vec<IssueId> = issues.iter().map(|issue| issue.id).collect();
    let mut labels: HashMap<IssueId, Vec<Label>> = HashMap::new();
    for found in label::list_of_issues(ask, &ids).await? {
        labels.entry(found.issue_id).or_default().push(found.label);
    }
    let mut assignees: HashMap<IssueId, Vec<Assignee>> = HashMap::new();
    for found in assignee::list(ask, &ids).await? {
        assignees.entry(found.issue_id).or_default().push(found);
    }
    let card = |issue: Issue| IssueCard {
        labels: labels.remove(&issue.id).unwrap_or_default(),
        assignees: assignees.remove(&issue.id).unwrap_or_default(),
        issue,
    };
    Ok(issues.into_iter().map(card).collect())
}

/// One line, not empty, not too long.
pub(crate) fn checked_title(title: &str) -> Result<String> {
    let title = title.split(char::is_control).collect::<Vec<_>>().join(" ");
    let title = title.trim();
    if title.is_empty() {
        return Err(Error::field("title", "required"));
    }
    if title.chars().count() > LONGEST_TITLE {
        return Err(Error::field("title", "too-long"));
    }
    Ok(title.to_owned())
}

/// A text that both databases can keep: line ends as `\n`, no NUL, within the limit.
pub(crate) fn checked_text(app: &App, field: &'static str, text: &str) -> Result<String> {
    if text.len() as u64 > app.limits().text_bytes {
        return Err(Error::TooLarge(app.limits().text()));
    }
    if text.contains('\0') {
        return Err(Error::field(field, "characters"));
    }
    Ok(text.replace("\r\n", "\n"))
}

/// One request names so many labels or people: each is looked up while others wait to write.
fn bounded(app: &App, count: usize) -> Result<()> {
    if count as u64 > app.limits().batch_items {
        return Err(Error::TooLarge(app.limits().batch()));
    }
    Ok(())
}

/// The author of a text may change it, and so may everybody who can write.
pub(crate) fn author_or_writer(access: &Access<Read>, author: hearth_core::UserId) -> Result<&User> {
    let user = access.participant()?;
    if user.id == author || access.can(Permission::Write) {
        Ok(user)
    } else {
        Err(Error::Forbidden(Action::Write))
    }
}

/// The accounts of these names, each of which has to be able to read the repository: others would learn of it.
async fn readers<Level>(
    operation: &mut Operation,
    access: &Access<Level>,
    names: &[String],
) -> Result<Vec<User>> {
    let mut people = Vec::new();
    for name in names {
        let found = user::find_by_name(operation, name.trim().trim_start_matches('@')).await?;
        let person = found.ok_or(Error::field("assignees", "unknown-person"))?;
        let actor = Actor::person(person.clone());
        let may_read = access::enter(operation, &actor, Area::Issue, access.repository().clone()).await;
        if may_read.is_err() || person.is_blocked {
            return Err(Error::field("assignees", "unknown-person"));
        }
        people.push(person);
    }
    Ok(people)
}

/// Leaves a line in the issues that a text newly names.
pub(crate) async fn trace(
    operation: &mut Operation,
    access: &Access<Read>,
    issue: &Issue,
    actor: &User,
    before: &str,
    after: &str,
) -> Result<()> {
    let known = References::of(before).issues;
    let new = References::of(after).issues;
    let numbers = new.difference(&known).filter(|&&number| number != issue.number.0).take(MOST_TRACES);
    for &number in numbers {
        let named = row::find(operation, access.repository().id, IssueNumber(number)).await?;
        if let Some(named) = named {
            let data = json!({ "number": issue.number, "title": issue.title });
            let kind = hearth_core::IssueEventKind::Referenced;
            issue_event::insert(operation, named.id, actor.id, kind, data, issue.updated_at).await?;
        }
    }
    Ok(())
}
