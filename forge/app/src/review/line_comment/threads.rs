//! Line threads as a page shows them.

use std::collections::HashMap;

use hearth_core::{Error, Kind, LineCommentId, Quoted, Read, Result, ThreadId, ThreadNumber, UserName};
use hearth_git::LinePlace;
use hearth_store::{Ask, line_comment as row, line_comment_place as place_row};

use super::{LineComment, line_number, place};
use crate::{Access, App, pull_request::find_row, review::version::Prepared};

/// A comment on lines with its replies, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineThread {
    /// Never empty; the first one is what the others reply to.
    pub comments: Vec<LineComment>,
    /// Where it stands in the version that was asked for; none: its lines are gone there.
    pub place: Option<LinePlace>,
    /// The lines as they were.
    pub quoted: Quoted,
    pub is_resolved: bool,
    /// The current name of who resolved it.
    pub resolved_by: Option<UserName>,
    /// The version that it was written for.
    pub version: i64,
}

impl LineThread {
    /// The id of its first comment.
    pub fn id(&self) -> LineCommentId {
        self.comments[0].id
    }

    /// Nobody but its author sees it yet.
    pub fn is_pending(&self) -> bool {
        self.comments[0].is_pending()
    }

    /// Its lines are gone.
    pub const fn is_outdated(&self) -> bool {
        self.place.is_none()
    }
}

/// A comment that the reader may see.
pub async fn find(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    id: LineCommentId,
) -> Result<LineComment> {
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    let found = row::find(&mut reader, thread, id).await?;
    let viewer = access.actor().user_id();
    let found = found.filter(|comment| !comment.is_pending() || Some(comment.author_id) == viewer);
    found.ok_or(Error::NotFound(Kind::LineComment))
}

/// The pull request that a comment belongs to, for programs that name only the comment.
pub async fn number(app: &App, access: &Access<Read>, id: LineCommentId) -> Result<ThreadNumber> {
    let found = row::find_number(&mut app.store().read().await?, access.repository().id, id).await?;
    found.ok_or(Error::NotFound(Kind::LineComment))
}

/// All line threads, placed in the newest version, with the reader's own pending comments.
pub async fn line_threads(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<LineThread>> {
    threads_in(app, access, number, None).await
}

/// The line threads that were there when this version was the newest, placed in it.
pub async fn line_threads_at(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    version: i64,
) -> Result<Vec<LineThread>> {
    let threads = threads_in(app, access, number, Some(version)).await?;
    Ok(threads.into_iter().filter(|thread| thread.version <= version).collect())
}

async fn threads_in(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    version: Option<i64>,
) -> Result<Vec<LineThread>> {
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    let version = match version {
        Some(version) => Some(version),
        None => Prepared::newest(&mut reader, thread).await?.map(|newest| newest.number),
    };
    let viewer = access.actor().user_id();
    let comments = row::list(&mut reader, thread, viewer, app.limits().line_comments).await?;
    let places = places(&mut reader, thread, version).await?;
    Ok(group(comments, &places, version))
}

/// Where comments of earlier versions stand in this one.
async fn places(
    ask: &mut impl Ask,
    thread: ThreadId,
    version: Option<i64>,
) -> Result<HashMap<LineCommentId, LinePlace>> {
    let Some(version) = version else { return Ok(HashMap::new()) };
    let rows = place_row::list(ask, thread, version).await?;
    Ok(rows.iter().filter_map(|row| Some((row.line_comment_id, place::place_in(row)?))).collect())
}

fn group(
    comments: Vec<LineComment>,
    places: &HashMap<LineCommentId, LinePlace>,
    version: Option<i64>,
) -> Vec<LineThread> {
    let mut threads: Vec<LineThread> = Vec::new();
    let mut index: HashMap<LineCommentId, usize> = HashMap::new();
    let (firsts, replies): (Vec<_>, Vec<_>) =
        comments.into_iter().partition(|comment| comment.reply_to.is_none());
    for first in firsts {
        index.insert(first.id, threads.len());
        let place = if version == Some(first.version) {
            Some(own_place(&first))
        } else {
            places.get(&first.id).cloned()
        };
        threads.push(LineThread {
            place,
            quoted: first.quoted.0.clone(),
            is_resolved: first.resolved_at.is_some(),
            resolved_by: first.resolved_by_name.clone(),
            version: first.version,
            comments: vec![first],
        });
    }
    for reply in replies {
        // Without its first comment, which others do not see yet, a reply has no place to be shown.
        if let Some(place) = reply.reply_to.and_then(|first| index.get(&first)) {
            threads[*place].comments.push(reply);
        }
    }
    threads
}

/// Where a comment was written.
fn own_place(comment: &LineComment) -> LinePlace {
    LinePlace {
        path: comment.path.clone(),
        side: place::side(comment.side),
        first_line: line_number(comment.first_line),
        last_line: line_number(comment.last_line),
    }
}
