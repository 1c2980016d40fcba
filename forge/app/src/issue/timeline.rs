use hearth_core::{Read, Result, Timestamp};
use hearth_store::{
    comment::{self, Comment, CommentFilter},
    issue::Issue,
    issue_event::{self, IssueEvent},
};

use crate::{Access, App};

/// One thing under an issue.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Comment(Comment),
    Event(IssueEvent),
}

impl Entry {
    fn time(&self) -> Timestamp {
        match self {
            Self::Comment(comment) => comment.created_at,
            Self::Event(event) => event.created_at,
        }
    }
}

/// Comments and what happened between them, oldest first.
pub async fn timeline(app: &App, access: &Access<Read>, issue: &Issue) -> Result<Vec<Entry>> {
    debug_assert_eq!(issue.repository_id, access.repository().id, "the proof is for this issue's repository");
    let mut reader = app.store().read().await?;
    let comments = comment::list(&mut reader, issue.id, CommentFilter::default()).await?;
    let events = issue_event::list(&mut reader, issue.id).await?;
    let comments = comments.into_iter().map(Entry::Comment);
    let mut entries: Vec<Entry> = comments.chain(events.into_iter().map(Entry::Event)).collect();
    entries.sort_by_key(Entry::time);
    Ok(entries)
}
