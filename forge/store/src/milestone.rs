//! Milestones of a repository, with how many threads belong to them.

use hearth_core::{MilestoneId, MilestoneState, PageRequest, RepositoryId, ThreadId, Timestamp};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Milestone {
    pub id: MilestoneId,
    pub repository_id: RepositoryId,
    pub title: String,
    pub description: String,
    pub state: MilestoneState,
    pub due_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// Open issues and pull requests.
    pub open_threads: i64,
    /// Closed issues, and closed or merged pull requests.
    pub closed_threads: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Milestone {
    pub fn is_open(&self) -> bool {
        self.state == MilestoneState::Open
    }

    /// How much of it is done, in whole percent; none if nothing belongs to it.
    pub fn percent_done(&self) -> Option<u8> {
        let total = self.open_threads.saturating_add(self.closed_threads);
        let percent = self.closed_threads.saturating_mul(100).checked_div(total)?;
        u8::try_from(percent).ok()
    }
}

const SELECT: &str = "SELECT s.id, s.repository_id, s.title, s.description, s.state, s.due_at, s.closed_at, s.open_threads, \
    s.closed_threads, s.created_at, s.updated_at FROM milestones s";

#[derive(Clone, Debug)]
pub struct NewMilestone {
    pub repository_id: RepositoryId,
    pub title: String,
    pub description: String,
    pub due_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// Stores an open milestone.
pub async fn insert(writer: &mut Writer, new: &NewMilestone) -> Result<Milestone> {
    writer
        .query(
            "INSERT INTO milestones (repository_id, title, description, state, due_at, open_threads, closed_threads, created_at, \
             updated_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $6) RETURNING id, repository_id, title, description, state, due_at, \
             closed_at, open_threads, closed_threads, created_at, updated_at",
        )
        .bind(new.repository_id)
        .bind(new.title.clone())
        .bind(new.description.clone())
        .bind(MilestoneState::Open)
        .bind(new.due_at)
        .bind(new.created_at)
        .fetch_one()
        .await
}

/// Stores title, description, due date and state. The time of closing is kept while it stays closed.
pub async fn update(writer: &mut Writer, milestone: &Milestone, now: Timestamp) -> Result<()> {
    let closed_at = (!milestone.is_open()).then_some(now);
    writer
        .query(
            "UPDATE milestones SET title = $2, description = $3, due_at = $4, \
             closed_at = CASE WHEN state = $5 THEN closed_at ELSE $6 END, state = $5, updated_at = $7 WHERE id = $1",
        )
        .bind(milestone.id)
        .bind(milestone.title.clone())
        .bind(milestone.description.clone())
        .bind(milestone.due_at)
        .bind(milestone.state)
        .bind(closed_at)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Its threads stay, without a milestone. `false` if it was already gone.
pub async fn delete(writer: &mut Writer, id: MilestoneId) -> Result<bool> {
    writer.query("DELETE FROM milestones WHERE id = $1").bind(id).execute_on_one().await
}

/// Only finds milestones of this repository: an id alone gives no access.
pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    id: MilestoneId,
) -> Result<Option<Milestone>> {
    ask.query(SELECT)
        .push(" WHERE s.repository_id = $1 AND s.id = $2")
        .bind(repository)
        .bind(id)
        .fetch_optional()
        .await
}

/// Like [`find`], and locks the row until the transaction ends.
pub async fn lock(
    writer: &mut Writer,
    repository: RepositoryId,
    id: MilestoneId,
) -> Result<Option<Milestone>> {
    writer.lock_row("milestones", id.0).await?;
    find(writer, repository, id).await
}

/// The oldest milestone of this title, ignoring case: several may have it.
pub async fn find_by_title(
    ask: &mut impl Ask,
    repository: RepositoryId,
    title: &str,
) -> Result<Option<Milestone>> {
    ask.query(SELECT)
        .push(" WHERE s.repository_id = $1 AND lower(s.title) = lower($2) ORDER BY s.id LIMIT 1")
        .bind(repository)
        .bind(title)
        .fetch_optional()
        .await
}

/// Which milestones of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MilestoneFilter {
    pub state: Option<MilestoneState>,
    /// Part of the title, ignoring case.
    pub title: Option<String>,
}

hearth_core::text_enum! {
    /// The order of a list of milestones.
    pub enum MilestoneSort {
        /// What is due first; without a date last.
        DueFirst = "due-first",
        DueLast = "due-last",
        /// The most complete first.
        MostComplete = "most-complete",
        LeastComplete = "least-complete",
        Title = "title",
    }
}

impl MilestoneSort {
    const fn sql(self) -> &'static str {
        match self {
            Self::DueFirst => " ORDER BY CASE WHEN s.due_at IS NULL THEN 1 ELSE 0 END, s.due_at, s.id",
            Self::DueLast => " ORDER BY CASE WHEN s.due_at IS NULL THEN 1 ELSE 0 END, s.due_at DESC, s.id",
            Self::MostComplete => {
                " ORDER BY s.closed_threads * 1000 / (CASE WHEN s.open_threads + s.closed_threads = 0 THEN 1 \
                 ELSE s.open_threads + s.closed_threads END) DESC, s.id"
            }
            Self::LeastComplete => {
                " ORDER BY s.closed_threads * 1000 / (CASE WHEN s.open_threads + s.closed_threads = 0 THEN 1 \
                 ELSE s.open_threads + s.closed_threads END), s.id"
            }
            Self::Title => " ORDER BY lower(s.title), s.id",
        }
    }
}

pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    filter: &MilestoneFilter,
    sort: MilestoneSort,
    request: PageRequest,
) -> Result<Vec<Milestone>> {
    let query = ask.query(SELECT).push(" WHERE s.repository_id = $1").bind(repository);
    narrow(query, filter).push(sort.sql()).page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId, filter: &MilestoneFilter) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM milestones s WHERE s.repository_id = $1").bind(repository);
    narrow(query, filter).fetch_count().await
}

fn narrow<'c>(query: Query<'c>, filter: &MilestoneFilter) -> Query<'c> {
    let query = query.and("s.state =", filter.state);
    match &filter.title {
        Some(title) => query.push(" AND ").contains("lower(s.title)", title),
        None => query,
    }
}

/// The milestones of several threads.
pub async fn list_of_threads(ask: &mut impl Ask, threads: &[ThreadId]) -> Result<Vec<(ThreadId, Milestone)>> {
    #[derive(FromRow)]
    struct Line {
        thread_id: ThreadId,
        #[sqlx(flatten)]
        milestone: Milestone,
    }
    let lines: Vec<Line> = ask
        .query(
            "SELECT t.id AS thread_id, s.id, s.repository_id, s.title, s.description, s.state, s.due_at, s.closed_at, \
             s.open_threads, s.closed_threads, s.created_at, s.updated_at FROM threads t JOIN milestones s ON s.id = t.milestone_id \
             WHERE t.id",
        )
        .is_any_of(threads)
        .push(" ORDER BY t.id")
        .fetch_all()
        .await?;
    Ok(lines.into_iter().map(|line| (line.thread_id, line.milestone)).collect())
}

/// Gives a thread a milestone of its repository, or takes it out of the one it has, and counts both anew. `false` if that
/// changes nothing.
pub async fn set_of_thread(
    writer: &mut Writer,
    thread: ThreadId,
    milestone: Option<MilestoneId>,
    now: Timestamp,
) -> Result<bool> {
    let before: Option<(Option<MilestoneId>,)> =
        writer.query("SELECT milestone_id FROM threads WHERE id = $1").bind(thread).fetch_optional().await?;
    let before = before.and_then(|(before,)| before);
    if before == milestone {
        return Ok(false);
    }
    writer
        .query("UPDATE threads SET milestone_id = $2, updated_at = $3 WHERE id = $1")
        .bind(thread)
        .bind(milestone)
        .bind(now)
        .execute()
        .await?;
    for id in [before, milestone].into_iter().flatten() {
        recount(writer, id).await?;
    }
    Ok(true)
}

/// Counts the threads of the milestone that a thread belongs to, if any, because the thread was opened or closed.
pub(crate) async fn recount_of_thread(writer: &mut Writer, thread: ThreadId) -> Result<()> {
    let found: Option<(Option<MilestoneId>,)> =
        writer.query("SELECT milestone_id FROM threads WHERE id = $1").bind(thread).fetch_optional().await?;
    match found {
        Some((Some(id),)) => recount(writer, id).await,
        Some((None,)) | None => Ok(()),
    }
}

/// Counts the threads of a milestone, which is locked first, so that what others count at the same time is not missed.
async fn recount(writer: &mut Writer, id: MilestoneId) -> Result<()> {
    writer.lock_row("milestones", id.0).await?;
    writer
        .query(
            "UPDATE milestones SET open_threads = (SELECT COUNT(*) FROM threads t LEFT JOIN issues i ON i.thread_id = t.id \
             LEFT JOIN pull_requests p ON p.thread_id = t.id WHERE t.milestone_id = $1 AND (i.state = 'open' OR p.state = 'open')), \
             closed_threads = (SELECT COUNT(*) FROM threads t LEFT JOIN issues i ON i.thread_id = t.id \
             LEFT JOIN pull_requests p ON p.thread_id = t.id WHERE t.milestone_id = $1 \
             AND (i.state = 'closed' OR p.state IN ('closed', 'merged'))) WHERE id = $1",
        )
        .bind(id)
        .execute()
        .await?;
    Ok(())
}
