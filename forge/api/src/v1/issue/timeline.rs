use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    thread::{self, Entry, Part},
};
use hearth_core::{Page, ReviewVerdict, ThreadEventKind, Timestamp, urls};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::card::number;
use crate::{
    at::InIssues,
    error::ApiResult,
    pagination::Paging,
    v1::shape::{People, User},
};

/// Something that happened to an issue, or that somebody said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimelineEntry {
    /// Counted for each kind of entry by itself.
    id: i64,
    /// `comment`, `close`, `reopen`, `label`, …; for what Gitea does not know, a word of its own.
    r#type: &'static str,
    /// None: the server itself, or the account is gone.
    user: Option<User>,
    body: String,
    /// What happened in detail; its fields depend on the type.
    data: Value,
    html_url: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// Gitea's word for what happened, or ours where it has none.
const fn word(kind: ThreadEventKind) -> &'static str {
    match kind {
        ThreadEventKind::Closed => "close",
        ThreadEventKind::Reopened => "reopen",
        ThreadEventKind::Renamed => "change_title",
        ThreadEventKind::Labeled | ThreadEventKind::Unlabeled => "label",
        ThreadEventKind::Assigned | ThreadEventKind::Unassigned => "assignees",
        ThreadEventKind::Locked => "lock",
        ThreadEventKind::Unlocked => "unlock",
        ThreadEventKind::Milestoned | ThreadEventKind::Demilestoned => "milestone",
        ThreadEventKind::DueChanged => "modified_deadline",
        ThreadEventKind::Pinned => "pin",
        ThreadEventKind::Unpinned => "unpin",
        ThreadEventKind::BlockerAdded | ThreadEventKind::BlockedAdded => "add_dependency",
        ThreadEventKind::BlockerRemoved | ThreadEventKind::BlockedRemoved => "remove_dependency",
        ThreadEventKind::Referenced
        | ThreadEventKind::CommentDeleted
        | ThreadEventKind::ClosingHeldBack
        | ThreadEventKind::Merged
        | ThreadEventKind::Pushed
        | ThreadEventKind::BaseChanged
        | ThreadEventKind::ReadyForReview
        | ThreadEventKind::ConvertedToDraft
        | ThreadEventKind::ReviewRequested
        | ThreadEventKind::ReviewRequestRemoved
        | ThreadEventKind::ReviewDismissed
        | ThreadEventKind::HeadDeleted
        | ThreadEventKind::HeadRestored
        | ThreadEventKind::AutoMergeEnabled
        | ThreadEventKind::AutoMergeDisabled => kind.as_str(),
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    InIssues(access): InIssues,
    paging: Paging,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    let found = thread::of_number(&app, &access, number(&index)?).await?;
    let request = paging.request();
    let skipped = u64::try_from(request.offset()).unwrap_or(u64::MAX);
    let timeline = thread::timeline(&app, &access, &found, Part::After(skipped)).await?;
    let entries = timeline.slices.into_iter().flat_map(|slice| slice.entries);
    let entries: Vec<Entry> = entries.take(request.size() as usize).collect();
    let people = People::find(&app, &access, entries.iter().filter_map(author)).await?;
    let items = entries.into_iter().map(|entry| show(&app, &people, entry)).collect();
    Ok(paging.answer(&app, &Page { items, total: timeline.total, request }))
}

const fn author(entry: &Entry) -> Option<hearth_core::UserId> {
    match entry {
        Entry::Comment(comment) => Some(comment.author_id),
        Entry::Event(event) => event.actor_id,
        Entry::Reference(_) => None,
        Entry::Review(review) => Some(review.author_id),
    }
}

fn show(app: &App, people: &People<'_>, entry: Entry) -> TimelineEntry {
    let user = author(&entry).and_then(|id| people.user(id));
    match entry {
        Entry::Comment(comment) => TimelineEntry {
            id: comment.id.0,
            r#type: "comment",
            user,
            html_url: people.comment_address(&comment),
            body: comment.body,
            data: Value::Null,
            created_at: comment.created_at,
            updated_at: comment.updated_at,
        },
        Entry::Event(event) => TimelineEntry {
            id: event.id,
            r#type: word(event.kind),
            user,
            html_url: String::new(),
            body: String::new(),
            data: event.data.0,
            created_at: event.created_at,
            updated_at: event.created_at,
        },
        Entry::Reference(reference) => {
            let (owner, name) = (reference.owner.as_str(), reference.repository.as_str());
            let page = urls::RepositoryUrls::new(reference.repository_kind, owner, name);
            let place = match (reference.thread_number, &reference.commit) {
                (Some(number), _) => page.issue(number),
                (None, Some(commit)) => page.commit(commit),
                (None, None) => page.home().to_owned(),
            };
            TimelineEntry {
                id: reference.id,
                r#type: if reference.commit.is_some() { "commit_ref" } else { "issue_ref" },
                user,
                html_url: app.urls().absolute(&place),
                body: reference.thread_title.or(reference.commit_title).unwrap_or_default(),
                data: Value::Null,
                created_at: reference.created_at,
                updated_at: reference.created_at,
            }
        }
        Entry::Review(review) => TimelineEntry {
            id: review.id.0,
            r#type: "review",
            user,
            html_url: String::new(),
            body: review.body,
            data: Value::from(review.verdict.map(ReviewVerdict::as_str)),
            created_at: review.submitted_at.unwrap_or(review.created_at),
            updated_at: review.updated_at,
        },
    }
}
