use hearth_core::{CommentId, Read, Result};
use hearth_store::{
    Ask,
    comment::{self, Comment},
    issue::Issue,
    issue_event::{self, IssueEvent},
    timeline as row,
};

use crate::{Access, App};

/// One thing under an issue.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Comment(Comment),
    Event(IssueEvent),
}

/// What of a timeline is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// How it began and how it stands.
    #[default]
    Ends,
    /// What comes after so many entries.
    After(u64),
    /// What begins with a comment.
    From(CommentId),
}

/// Entries that follow each other, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// How many lie before them.
    pub skipped: u64,
    pub entries: Vec<Entry>,
}

/// A part of what is under an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub total: u64,
    /// One, or the first and the last.
    pub stretches: Vec<Stretch>,
}

/// Entries that are shown at once.
pub const MOST_ENTRIES: u64 = 50;
/// Of them, those from the beginning when what lies between is left out.
const FIRST_ENTRIES: u64 = 20;

/// Comments and what happened between them.
pub async fn timeline(app: &App, access: &Access<Read>, issue: &Issue, part: Part) -> Result<Timeline> {
    debug_assert_eq!(issue.repository_id, access.repository().id, "the proof is for this issue's repository");
    let mut reader = app.store().read().await?;
    let total = row::count(&mut reader, issue.id).await?;
    let skipped = match part {
        Part::Ends => None,
        Part::After(skipped) => Some(skipped.min(total)),
        Part::From(comment) => row::place_of_comment(&mut reader, issue.id, comment).await?,
    };
    let mut stretches = Vec::new();
    match skipped {
        Some(skipped) => stretches.push(stretch(&mut reader, issue, skipped, MOST_ENTRIES).await?),
        None if total <= MOST_ENTRIES => stretches.push(stretch(&mut reader, issue, 0, MOST_ENTRIES).await?),
        None => {
            let last = MOST_ENTRIES - FIRST_ENTRIES;
            stretches.push(stretch(&mut reader, issue, 0, FIRST_ENTRIES).await?);
            stretches.push(stretch(&mut reader, issue, total - last, last).await?);
        }
    }
    Ok(Timeline { total, stretches })
}

async fn stretch(ask: &mut impl Ask, issue: &Issue, skipped: u64, most: u64) -> Result<Stretch> {
    let order = row::list(ask, issue.id, skipped, most).await?;
    let ids = |is_event: bool| -> Vec<i64> {
        order.iter().filter(|entry| entry.is_event == is_event).map(|entry| entry.id).collect()
    };
    let mut comments = comment::find_all(ask, issue.id, &ids(false)).await?;
    let mut events = issue_event::find_all(ask, issue.id, &ids(true)).await?;
    let entries = order.iter().filter_map(|entry| {
        if entry.is_event {
            let place = events.iter().position(|event| event.id == entry.id)?;
            Some(Entry::Event(events.remove(place)))
        } else {
            let place = comments.iter().position(|comment| comment.id.0 == entry.id)?;
            Some(Entry::Comment(comments.remove(place)))
        }
    });
    Ok(Stretch { skipped, entries: entries.collect() })
}
