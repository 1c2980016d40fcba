//! Issues and pull requests over all repositories, by what a person has to do with them; and the titles that resemble one.

use hearth_core::{
    PageRequest, RepositoryId, RepositoryKind, RepositoryName, ThreadId, ThreadKind, ThreadNumber, Timestamp,
    Unit, UserId, UserName,
};
use sqlx::FromRow;

use crate::{
    Ask, Query, Result,
    grant::{self, Part, Viewer},
    thread_filter::{ThreadFilter, of_kind},
};

hearth_core::text_enum! {
    /// What a person has to do with a thread.
    pub enum Relation {
        Created = "created",
        Assigned = "assigned",
        Mentioned = "mentioned",
        /// Their review is asked for, or that of a team of theirs.
        ReviewRequested = "review-requested",
    }
}

/// Which threads; all conditions must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverviewFilter {
    pub kind: ThreadKind,
    pub person: UserId,
    pub person_name: UserName,
    /// None: any thread that the viewer may read.
    pub relation: Option<Relation>,
    /// None: open or not.
    pub is_open: Option<bool>,
    /// The title or the text contains each of these, ignoring case.
    pub words: Vec<String>,
}

/// A thread, with where it is.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OverviewRow {
    pub id: ThreadId,
    pub kind: ThreadKind,
    pub number: ThreadNumber,
    pub title: String,
    pub author: UserName,
    /// The word of its kind's states: `open`, `closed`, `merged`.
    pub state: String,
    /// Whether it is a pull request that is not ready for review yet.
    pub is_draft: bool,
    pub comments: i64,
    pub due_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub repository_id: RepositoryId,
    pub repository_kind: RepositoryKind,
    pub owner: UserName,
    pub repository: RepositoryName,
}

const COLUMNS: &str = "SELECT t.id, t.kind, t.number, t.title, u.name AS author, x.state, t.comments, t.due_at, t.created_at, \
    t.updated_at, t.repository_id, r.kind AS repository_kind, o.name AS owner, r.name AS repository, ";

/// Only pull requests can be drafts.
const fn draft(kind: ThreadKind) -> &'static str {
    match kind {
        ThreadKind::Issue => "FALSE AS is_draft FROM threads t",
        ThreadKind::PullRequest => "x.is_draft FROM threads t",
    }
}

/// The table that has the states of a kind.
const fn states(kind: ThreadKind) -> &'static str {
    match kind {
        ThreadKind::Issue => " JOIN issues x ON x.thread_id = t.id",
        ThreadKind::PullRequest => " JOIN pull_requests x ON x.thread_id = t.id",
    }
}

const fn unit(kind: ThreadKind) -> Unit {
    match kind {
        ThreadKind::Issue => Unit::Issues,
        ThreadKind::PullRequest => Unit::Pulls,
    }
}

const PLACES: &str = " JOIN repositories r ON r.id = t.repository_id JOIN owners o ON o.id = r.owner_id \
    JOIN owners u ON u.id = t.author_id WHERE r.is_pending = ";

/// What the viewer may read of it, the last changed first.
pub async fn list(
    ask: &mut impl Ask,
    filter: &OverviewFilter,
    viewer: Viewer,
    request: PageRequest,
) -> Result<Vec<OverviewRow>> {
    let query =
        ask.query(COLUMNS).push(draft(filter.kind)).push(states(filter.kind)).push(PLACES).push_bind(false);
    narrow(query, filter, viewer)
        .push(" ORDER BY t.updated_at DESC, t.id DESC")
        .page(request)
        .fetch_all()
        .await
}

pub async fn count(ask: &mut impl Ask, filter: &OverviewFilter, viewer: Viewer) -> Result<u64> {
    let query = ask.query("SELECT COUNT(*) FROM threads t").push(states(filter.kind));
    narrow(query.push(PLACES).push_bind(false), filter, viewer).fetch_count().await
}

fn narrow<'c>(query: Query<'c>, filter: &OverviewFilter, viewer: Viewer) -> Query<'c> {
    let mut query = of_kind(query, filter.kind);
    query = match filter.is_open {
        Some(true) => query.push(" AND x.state = 'open'"),
        Some(false) => query.push(" AND x.state <> 'open'"),
        None => query,
    };
    let person = filter.person;
    query = match filter.relation {
        None => query,
        Some(Relation::Created) => query.push(" AND t.author_id = ").push_bind(person),
        Some(Relation::Assigned) => query
            .push(" AND t.id IN (SELECT a.thread_id FROM thread_assignees a WHERE a.user_id = ")
            .push_bind(person)
            .push(")"),
        // Whoever is mentioned is subscribed, so only those texts have to be read.
        Some(Relation::Mentioned) => query
            .push(" AND t.id IN (SELECT s.thread_id FROM thread_subscriptions s WHERE s.user_id = ")
            .push_bind(person)
            .push(")"),
        Some(Relation::ReviewRequested) => query
            .push(" AND t.id IN (SELECT q.thread_id FROM review_requests q WHERE q.user_id = ")
            .push_bind(person)
            .push(
                " UNION SELECT q.thread_id FROM team_members m JOIN review_requests q ON q.team_id = m.team_id \
                 WHERE m.user_id = ",
            )
            .push_bind(person)
            .push(")"),
    };
    let is_mentioned = filter.relation == Some(Relation::Mentioned);
    let thread = ThreadFilter {
        words: filter.words.clone(),
        mentions: is_mentioned.then(|| filter.person_name.clone()),
        ..ThreadFilter::default()
    };
    grant::visible_to(thread.narrow(query), viewer, Part::Unit(unit(filter.kind)))
}

/// An issue whose title resembles one that is being written.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SimilarIssue {
    pub number: ThreadNumber,
    pub title: String,
    /// The word of its state: `open` or `closed`.
    pub state: String,
    /// How many of the words its title contains.
    pub hits: i64,
}

/// The issues of a repository whose titles contain the most of these words, the open and the last changed first. Only the newest
/// `read` titles are looked at.
pub async fn similar(
    ask: &mut impl Ask,
    repository: RepositoryId,
    words: &[String],
    (read, most): (u64, u64),
) -> Result<Vec<SimilarIssue>> {
    let mut query = ask.query("SELECT h.number, h.title, h.state, h.hits FROM (SELECT n.number, n.title, n.state, n.updated_at, CAST(");
    let mut separator = "";
    for word in words {
        query = query
            .push(separator)
            .push("CASE WHEN ")
            .contains("lower(n.title)", word)
            .push(" THEN 1 ELSE 0 END");
        separator = " + ";
    }
    if words.is_empty() {
        query = query.push("0");
    }
    query = query
        .push(
            " AS BIGINT) AS hits FROM (SELECT t.number, t.title, i.state, t.updated_at FROM threads t \
             JOIN issues i ON i.thread_id = t.id WHERE t.kind = 'issue' AND t.repository_id = ",
        )
        .push_bind(repository)
        .push(" ORDER BY t.created_at DESC, t.id DESC")
        .limit(read)
        .push(
            ") n) h WHERE h.hits > 0 ORDER BY h.hits DESC, CASE WHEN h.state = 'open' THEN 0 ELSE 1 END, \
             h.updated_at DESC, h.number DESC",
        );
    query.limit(most).fetch_all().await
}
