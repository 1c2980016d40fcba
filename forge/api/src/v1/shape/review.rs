use hearth_app::review::{LineComment, Review as Row};
use hearth_core::{LineSide, ReviewState, ReviewVerdict, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{People, User};

/// A review of a pull request, or the request for one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Review {
    /// 0 for a request.
    id: i64,
    user: Option<User>,
    /// The team that is asked for a review, as `organization/team`.
    team: Option<String>,
    /// `APPROVED`, `REQUEST_CHANGES`, `COMMENT`, `PENDING` or `REQUEST_REVIEW`.
    state: &'static str,
    body: String,
    /// The head of the version that it is about.
    commit_id: String,
    /// Whether the pull request has another version since.
    stale: bool,
    /// Whether it counts.
    official: bool,
    dismissed: bool,
    comments_count: usize,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    html_url: String,
    pull_request_url: String,
}

impl Review {
    /// `head`: that of the version that it is about; `comments`: how many belong to it.
    pub(crate) fn new(people: &People<'_>, row: &Row, page: &str, head: &str, comments: usize) -> Self {
        Self {
            id: row.id.0,
            user: people.user(row.author_id),
            team: None,
            state: match (row.state, row.verdict) {
                (ReviewState::Pending, _) | (_, None) => "PENDING",
                (_, Some(ReviewVerdict::Approve)) => "APPROVED",
                (_, Some(ReviewVerdict::RequestChanges)) => "REQUEST_CHANGES",
                (_, Some(ReviewVerdict::Comment)) => "COMMENT",
            },
            body: row.body.clone(),
            commit_id: head.to_owned(),
            stale: row.lapsed_at.is_some(),
            official: row.counts() && row.verdict.is_some_and(ReviewVerdict::decides),
            dismissed: row.state == ReviewState::Dismissed,
            comments_count: comments,
            submitted_at: row.submitted_at.unwrap_or(row.updated_at),
            updated_at: row.updated_at,
            html_url: page.to_owned(),
            pull_request_url: page.to_owned(),
        }
    }

    /// That somebody's review is asked for.
    pub(crate) fn request(user: Option<User>, team: Option<String>, page: &str, since: Timestamp) -> Self {
        Self {
            id: 0,
            user,
            team,
            state: "REQUEST_REVIEW",
            body: String::new(),
            commit_id: String::new(),
            stale: false,
            official: false,
            dismissed: false,
            comments_count: 0,
            submitted_at: since,
            updated_at: since,
            html_url: page.to_owned(),
            pull_request_url: page.to_owned(),
        }
    }

    pub(crate) fn is_request(&self) -> bool {
        self.id == 0
    }
}

/// A comment on lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LineNote {
    id: i64,
    body: String,
    user: Option<User>,
    resolver: Option<User>,
    /// The review that its line thread began with.
    pull_request_review_id: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    path: String,
    /// The head of the version that it was written for.
    commit_id: String,
    original_commit_id: String,
    /// The lines that it is about, and some before them.
    diff_hunk: String,
    /// Its last line in the new file; 0 if it is about the old one.
    position: i64,
    original_position: i64,
    html_url: String,
    pull_request_url: String,
}

impl LineNote {
    /// `first`: the first comment of its line thread.
    pub(crate) fn new(
        people: &People<'_>,
        (row, first): (&LineComment, &LineComment),
        page: &str,
        head: &str,
    ) -> Self {
        let on = |side| if row.side == side { row.last_line } else { 0 };
        let quoted: Vec<String> = row.quoted.lines.iter().map(|line| format!(" {line}")).collect();
        Self {
            id: row.id.0,
            body: row.body.clone(),
            user: people.user(row.author_id),
            resolver: first.resolved_by.and_then(|id| people.user(id)),
            pull_request_review_id: first.review_id.0,
            created_at: row.created_at,
            updated_at: row.updated_at,
            path: row.path.clone(),
            commit_id: head.to_owned(),
            original_commit_id: head.to_owned(),
            diff_hunk: quoted.join("\n"),
            position: on(LineSide::New),
            original_position: on(LineSide::Old),
            html_url: page.to_owned(),
            pull_request_url: page.to_owned(),
        }
    }
}
