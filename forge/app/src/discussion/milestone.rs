//! Milestones of a repository: what issues and pull requests are to be done for, and by when.

use hearth_core::{
    Conflict, Error, FieldErrors, Kind, MilestoneId, MilestoneState, Page, PageRequest, Read, Result,
    ThreadId, Timestamp, Write,
    event::{MilestoneEvent, Subject},
};
use hearth_store::milestone as row;
pub use hearth_store::milestone::{Milestone, MilestoneFilter, MilestoneSort};

use crate::{Access, App};

const LONGEST_TITLE: usize = 100;

/// A milestone to create.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewMilestone {
    pub title: String,
    pub description: String,
    pub due_at: Option<Timestamp>,
    /// Create it in the closed state.
    pub is_closed: bool,
}

/// Changes to a milestone; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub title: Option<String>,
    pub description: Option<String>,
    /// The inner none: no longer due at any time.
    pub due_at: Option<Option<Timestamp>>,
    pub state: Option<MilestoneState>,
}

fn check(app: &App, title: &str, description: &str) -> Result<(String, String)> {
    let mut errors = FieldErrors::default();
    let title = title.trim().to_owned();
    if title.is_empty() {
        errors.add("title", "required");
    } else if title.chars().count() > LONGEST_TITLE {
        errors.add("title", "too-long");
    } else if title.contains(char::is_control) {
        errors.add("title", "characters");
    }
    let description = description.trim().replace("\r\n", "\n");
    if description.len() as u64 > app.limits().text_bytes {
        errors.add("description", "too-long");
    } else if description.contains('\0') {
        errors.add("description", "characters");
    }
    errors.into_result()?;
    Ok((title, description))
}

pub async fn create(app: &App, access: &Access<Write>, new: &NewMilestone) -> Result<Milestone> {
    let (title, description) = check(app, &new.title, &new.description)?;
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    if row::count(&mut operation, repository, &MilestoneFilter::default()).await? >= app.limits().milestones {
        return Err(Error::TooLarge(app.limits().milestones_of_repository()));
    }
    let now = operation.now();
    let new_row = row::NewMilestone {
        repository_id: repository,
        title,
        description,
        due_at: new.due_at,
        created_at: now,
    };
    let mut made = row::insert(&mut operation, &new_row).await?;
    if new.is_closed {
        made.state = MilestoneState::Closed;
        row::update(&mut operation, &made, now).await?;
    }
    let event = MilestoneEvent::Created { milestone: made.id, title: made.title.clone() };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    let made = row::find(&mut operation, repository, made.id).await?;
    operation.commit().await?;
    made.ok_or(Error::NotFound(Kind::Milestone))
}

pub async fn edit(app: &App, access: &Access<Write>, id: MilestoneId, edit: Edit) -> Result<Milestone> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let old = row::lock(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Milestone))?;
    let title = edit.title.as_ref().unwrap_or(&old.title);
    let description = edit.description.as_ref().unwrap_or(&old.description);
    let (title, description) = check(app, title, description)?;
    let due_at = edit.due_at.unwrap_or(old.due_at);
    let new = Milestone { title, description, due_at, state: edit.state.unwrap_or(old.state), ..old.clone() };
    if new == old {
        return Ok(old);
    }
    let now = operation.now();
    row::update(&mut operation, &new, now).await?;
    let (milestone, title) = (id, new.title.clone());
    let event = match (old.state, new.state) {
        (MilestoneState::Open, MilestoneState::Closed) => MilestoneEvent::Closed { milestone, title },
        (MilestoneState::Closed, MilestoneState::Open) => MilestoneEvent::Reopened { milestone, title },
        _ => MilestoneEvent::Edited { milestone, title },
    };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    let new = row::find(&mut operation, repository, id).await?;
    operation.commit().await?;
    new.ok_or(Error::NotFound(Kind::Milestone))
}

/// Deletes a milestone. What belonged to it stays, without one.
pub async fn delete(app: &App, access: &Access<Write>, id: MilestoneId) -> Result<()> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let old = row::lock(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Milestone))?;
    if !row::delete(&mut operation, id).await? {
        return Err(Error::Conflict(Conflict::State));
    }
    let event = MilestoneEvent::Deleted { milestone: id, title: old.title };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    operation.commit().await
}

pub async fn find(app: &App, access: &Access<Read>, id: MilestoneId) -> Result<Milestone> {
    let found = row::find(&mut app.store().read().await?, access.repository().id, id).await?;
    found.ok_or(Error::NotFound(Kind::Milestone))
}

/// By title, ignoring case; of several, the oldest.
pub async fn find_by_title(app: &App, access: &Access<Read>, title: &str) -> Result<Milestone> {
    let found = row::find_by_title(&mut app.store().read().await?, access.repository().id, title).await?;
    found.ok_or(Error::NotFound(Kind::Milestone))
}

pub async fn list(
    app: &App,
    access: &Access<Read>,
    filter: &MilestoneFilter,
    sort: MilestoneSort,
    request: PageRequest,
) -> Result<Page<Milestone>> {
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let items = row::list(&mut reader, repository, filter, sort, request).await?;
    Ok(Page::of(items, request, row::count(&mut reader, repository, filter)).await?)
}

/// The milestones of several threads of this repository; those without one are left out.
pub async fn of_threads(
    app: &App,
    _access: &Access<Read>,
    threads: &[ThreadId],
) -> Result<Vec<(ThreadId, Milestone)>> {
    if threads.is_empty() {
        return Ok(Vec::new());
    }
    Ok(row::list_of_threads(&mut app.store().read().await?, threads).await?)
}
