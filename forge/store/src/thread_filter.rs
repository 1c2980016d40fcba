//! Which threads a list shows, and in which order: the conditions that all kinds of thread share.

use hearth_core::{LabelId, MilestoneId, ThreadKind, Timestamp, UserId, UserName};

use crate::Query;

/// Which threads of a repository; all conditions must hold.
#[expect(clippy::struct_excessive_bools, reason = "each is a condition of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadFilter {
    pub author: Option<UserId>,
    pub assignee: Option<UserId>,
    pub is_unassigned: bool,
    /// The thread must have all of these.
    pub labels: Vec<LabelId>,
    pub is_unlabeled: bool,
    pub milestone: Option<MilestoneId>,
    pub has_no_milestone: bool,
    /// The title, the body or a comment mentions this person as `@name`.
    pub mentions: Option<UserName>,
    /// The title or the body contains each of these, ignoring case.
    pub words: Vec<String>,
    /// Changed at this time or later.
    pub since: Option<Timestamp>,
    /// Changed at this time or earlier.
    pub before: Option<Timestamp>,
    /// Due at this time or earlier; without a date it is not.
    pub due_before: Option<Timestamp>,
    /// Waits for something of its own repository that is open: not everybody may know what it waits for elsewhere.
    pub is_blocked: bool,
    /// Matches nothing, e.g. because it names a label that does not exist.
    pub is_empty: bool,
}

hearth_core::text_enum! {
    /// The order of a list of threads.
    pub enum ThreadSort {
        Newest = "newest",
        Oldest = "oldest",
        RecentlyUpdated = "recently-updated",
        LeastRecentlyUpdated = "least-recently-updated",
        MostCommented = "most-commented",
        LeastCommented = "least-commented",
    }
}

impl ThreadSort {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Newest => " ORDER BY t.created_at DESC, t.id DESC",
            Self::Oldest => " ORDER BY t.created_at, t.id",
            Self::RecentlyUpdated => " ORDER BY t.updated_at DESC, t.id DESC",
            Self::LeastRecentlyUpdated => " ORDER BY t.updated_at, t.id",
            Self::MostCommented => " ORDER BY t.comments DESC, t.id DESC",
            Self::LeastCommented => " ORDER BY t.comments, t.id DESC",
        }
    }
}

/// Whether a list includes the texts: fifty may be megabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    Whole,
    /// The text of every thread is left empty.
    LeftOut,
}

/// Appends the condition that the thread `t` is of this kind. The word is part of the text, so that both databases can
/// plan for it.
pub(crate) fn of_kind(query: Query<'_>, kind: ThreadKind) -> Query<'_> {
    query.push(match kind {
        ThreadKind::Issue => " AND t.kind = 'issue'",
        ThreadKind::PullRequest => " AND t.kind = 'pull-request'",
    })
}

impl ThreadFilter {
    /// Appends the conditions on the thread `t`.
    pub(crate) fn narrow<'c>(&self, query: Query<'c>) -> Query<'c> {
        let mut query = query
            .and("t.author_id =", self.author)
            .and("t.milestone_id =", self.milestone)
            .and("t.updated_at >=", self.since)
            .and("t.updated_at <=", self.before)
            .and("t.due_at <=", self.due_before);
        if self.has_no_milestone {
            query = query.push(" AND t.milestone_id IS NULL");
        }
        if let Some(user) = self.assignee {
            query = query
                .push(
                    " AND EXISTS (SELECT 1 FROM thread_assignees a WHERE a.thread_id = t.id AND a.user_id = ",
                )
                .push_bind(user)
                .push(")");
        }
        if self.is_unassigned {
            query = query.push(" AND NOT EXISTS (SELECT 1 FROM thread_assignees a WHERE a.thread_id = t.id)");
        }
        for &label in &self.labels {
            query = query
                .push(" AND EXISTS (SELECT 1 FROM thread_labels l WHERE l.thread_id = t.id AND l.label_id = ")
                .push_bind(label)
                .push(")");
        }
        if self.is_unlabeled {
            query = query.push(" AND NOT EXISTS (SELECT 1 FROM thread_labels l WHERE l.thread_id = t.id)");
        }
        if self.is_blocked {
            query = query.push(
                " AND EXISTS (SELECT 1 FROM thread_dependencies d JOIN threads b ON b.id = d.blocker_id \
                 LEFT JOIN issues bi ON bi.thread_id = b.id LEFT JOIN pull_requests bp ON bp.thread_id = b.id \
                 WHERE d.blocked_id = t.id AND b.repository_id = t.repository_id \
                 AND (bi.state = 'open' OR bp.state = 'open'))",
            );
        }
        query = self.narrow_by_text(query);
        if self.is_empty { query.push(" AND 1 = 0") } else { query }
    }

    fn narrow_by_text<'c>(&self, mut query: Query<'c>) -> Query<'c> {
        for word in &self.words {
            query = query
                .push(" AND (")
                .contains("lower(t.title)", word)
                .push(" OR ")
                .contains("lower(t.body)", word)
                .push(")");
        }
        if let Some(name) = &self.mentions {
            let mention = format!("@{name}");
            query = query
                .push(" AND (")
                .contains("lower(t.body)", &mention)
                .push(" OR EXISTS (SELECT 1 FROM comments c WHERE c.thread_id = t.id AND ")
                .contains("lower(c.body)", &mention)
                .push("))");
        }
        query
    }
}
