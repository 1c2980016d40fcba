use hearth_core::{CommentId, Read, Result, ReviewId};
use hearth_store::{
    Ask,
    comment::{self, Comment},
    repository::Viewer,
    review::{self, Review},
    thread_event::{self, ThreadEvent},
    thread_reference::{self, ThreadReference},
    timeline::{self as row, EntryKind},
};

use super::Thread;
use crate::{Access, App, repository};

/// An entry in a thread's timeline.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Comment(Comment),
    Event(ThreadEvent),
    /// It was referenced elsewhere, where the viewer may read.
    Reference(ThreadReference),
    /// A review of the pull request was submitted.
    Review(Review),
}

/// Which part of a timeline to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The first entries and the last.
    #[default]
    Ends,
    /// What comes after this many entries.
    After(u64),
    /// What starts with a comment.
    From(CommentId),
    /// What starts with a review.
    FromReview(ReviewId),
}

/// Consecutive entries, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineSlice {
    /// How many entries come before these.
    pub skipped: u64,
    pub entries: Vec<Entry>,
}

/// A part of a thread's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub total: u64,
    /// One, or the first and the last.
    pub slices: Vec<TimelineSlice>,
}

/// Entries that are shown at once.
pub const MOST_ENTRIES: u64 = 50;
/// How many of them come from the beginning if the middle is left out.
const FIRST_ENTRIES: u64 = 20;

/// Comments, the events between them, references to the thread, and reviews of a pull request.
pub async fn timeline(app: &App, access: &Access<Read>, thread: &Thread, part: Part) -> Result<Timeline> {
    debug_assert_eq!(
        thread.repository_id,
        access.repository().id,
        "the proof is for this thread's repository"
    );
    let viewer = repository::viewer(access.actor());
    let mut reader = app.store().read().await?;
    let total = row::count(&mut reader, thread.id, viewer).await?;
    if total == 0 {
        return Ok(Timeline { total, slices: Vec::new() });
    }
    let skipped = match part {
        Part::Ends => None,
        Part::After(skipped) => Some(skipped.min(total)),
        Part::From(comment) => row::place_of_comment(&mut reader, thread.id, viewer, comment).await?,
        Part::FromReview(review) => row::place_of_review(&mut reader, thread.id, viewer, review).await?,
    };
    let mut wanted = vec![(0, MOST_ENTRIES)];
    match skipped {
        Some(skipped) => wanted = vec![(skipped, MOST_ENTRIES)],
        None if total <= MOST_ENTRIES => {}
        None => {
            let last = MOST_ENTRIES - FIRST_ENTRIES;
            wanted = vec![(0, FIRST_ENTRIES), (total - last, last)];
        }
    }
    let mut slices = Vec::new();
    for (skipped, most) in wanted {
        slices.push(slice(&mut reader, thread, viewer, (skipped, most)).await?);
    }
    Ok(Timeline { total, slices })
}

async fn slice(
    ask: &mut impl Ask,
    thread: &Thread,
    viewer: Viewer,
    (skipped, most): (u64, u64),
) -> Result<TimelineSlice> {
    let order = row::list(ask, thread.id, viewer, skipped, most).await?;
    let ids = |kind: EntryKind| -> Vec<i64> {
        order.iter().filter(|entry| entry.kind == kind).map(|entry| entry.id).collect()
    };
    let mut comments = comment::find_all(ask, thread.id, &ids(EntryKind::Comment)).await?;
    let mut events = thread_event::find_all(ask, thread.id, &ids(EntryKind::Event)).await?;
    let mut references = thread_reference::find_all(ask, thread.id, &ids(EntryKind::Reference)).await?;
    let mut reviews = review::find_all(ask, thread.id, &ids(EntryKind::Review)).await?;
    let entries = order.iter().filter_map(|entry| match entry.kind {
        EntryKind::Comment => take(&mut comments, |said| said.id.0 == entry.id).map(Entry::Comment),
        EntryKind::Event => take(&mut events, |event| event.id == entry.id).map(Entry::Event),
        EntryKind::Reference => take(&mut references, |found| found.id == entry.id).map(Entry::Reference),
        EntryKind::Review => take(&mut reviews, |given| given.id.0 == entry.id).map(Entry::Review),
    });
    Ok(TimelineSlice { skipped, entries: entries.collect() })
}

fn take<T>(rows: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> Option<T> {
    let place = rows.iter().position(is_it)?;
    Some(rows.remove(place))
}
