//! Where comments stand: the lines they are written for, and these lines in later versions.

use std::collections::BTreeMap;

use hearth_core::{Error, LineCommentId, LineSide, Quoted, Result, ThreadId};
use hearth_git::{LinePlace, LineSide as GitSide, OpenRepository, Range, TreePath};
use hearth_store::{
    line_comment_place::{self as row, LineCommentPlace},
    pull_request_version,
    repository::Repository,
};

use super::{NewLineComment, line_number, suggestion::text};
use crate::{App, GitResult as _, Operation, repository::git, review::version::Prepared};

/// The most lines that one comment is about.
const MOST_LINES: u32 = 200;
/// Lines before them that are kept as well.
const LINES_BEFORE: u32 = 3;
/// Longer lines are kept up to here.
const MOST_LINE_BYTES: usize = 4_000;
/// A file above this has no lines to comment on.
const MOST_FILE_BYTES: u64 = 2 << 20;
/// The newest versions in which comments may have stood last.
const MOST_VERSIONS: u64 = 500;

/// What a comment keeps: the lines as they are, and where they are in the newest version.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) quoted: Quoted,
    pub(super) place: Option<LinePlace>,
}

/// Reads the lines that a comment is about, which must exist, and follows them into the newest version.
pub(super) async fn write_down(
    app: &App,
    repository: &Repository,
    new: &NewLineComment,
    version: &Prepared,
    newest: &Prepared,
) -> Result<Written> {
    let path = TreePath::file(new.path.clone()).map_err(|_| Error::field("path", "path"))?;
    let is_range = 1 <= new.first_line && new.first_line <= new.last_line;
    if !is_range || new.last_line - new.first_line >= MOST_LINES {
        return Err(Error::field("last_line", "no-such-line"));
    }
    let place = LinePlace {
        path: new.path.clone(),
        side: side(new.side),
        first_line: new.first_line,
        last_line: new.last_line,
    };
    let (from, to) = (version.clone(), newest.clone());
    let files = git(app, repository).await?;
    files
        .run_expensive(move |git| {
            let Some(quoted) = quote(git, &from.range, &path, &place)? else { return Ok(None) };
            let mut followed = follow(git, from.number, &from.range, &to, std::slice::from_ref(&place))?;
            Ok(Some(Written { quoted, place: followed.pop().flatten() }))
        })
        .await
        .map_git()?
        .ok_or(Error::field("first_line", "no-such-line"))
}

/// The lines of a place and a few before; none if there are none, or no text.
fn quote(
    git: &OpenRepository,
    range: &Range,
    path: &TreePath,
    place: &LinePlace,
) -> hearth_git::Result<Option<Quoted>> {
    let commit = match place.side {
        GitSide::Old => range.base,
        GitSide::New => range.head,
    };
    let Some(entry) = git.find_entry(commit, path)?.filter(|entry| entry.kind.is_blob()) else {
        return Ok(None);
    };
    let blob = git.blob(entry.id, MOST_FILE_BYTES)?;
    let Some(data) = blob.data.as_deref().filter(|_| !blob.is_binary()) else { return Ok(None) };
    let first_kept = place.first_line.saturating_sub(LINES_BEFORE).max(1);
    let wanted = place_of(first_kept)..place_of(place.last_line) + 1;
    let lines: Vec<&[u8]> = data.split_inclusive(|byte| *byte == b'\n').take(wanted.end).collect();
    let kept = lines.get(wanted).map(|lines| lines.iter().map(|line| shown(text(line))).collect());
    Ok(kept.map(|lines| Quoted { first_line: first_kept, lines }))
}

/// The index of a line that is counted from 1.
fn place_of(line: u32) -> usize {
    usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX)
}

/// A line as it is kept: as text, and not longer than is shown.
fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let end = (0..=MOST_LINE_BYTES.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    // Neither database stores a NUL.
    text[..end.unwrap_or_default()].replace('\0', "\u{fffd}")
}

/// Where places of the version `from` are in another one. Over a gap a line may have been removed and another one like it been
/// written, so that only what is beyond doubt is found there. Comments whose lines could not be followed within the bounds are
/// outdated, not lost.
fn follow(
    git: &OpenRepository,
    from: i64,
    range: &Range,
    to: &Prepared,
    places: &[LinePlace],
) -> hearth_git::Result<Vec<Option<LinePlace>>> {
    let followed = if from + 1 == to.number {
        git.follow(range, &to.range, places)
    } else {
        git.find_again(range, &to.range, places)
    };
    match followed {
        Err(hearth_git::Error::OverBudget { .. } | hearth_git::Error::TooLarge { .. }) => {
            Ok(vec![None; places.len()])
        }
        followed => followed,
    }
}

/// Where comments of earlier versions stand in one.
#[derive(Debug)]
pub(crate) struct FollowedComments {
    thread: ThreadId,
    version: i64,
    places: Vec<LineCommentPlace>,
}

/// A comment, and where it stood last.
#[derive(Clone)]
struct Stood {
    comment: LineCommentId,
    place: LinePlace,
}

impl FollowedComments {
    /// Follows all comments that have no place in the version yet, from where they stood last, and otherwise from where they were
    /// written.
    pub(crate) async fn find(
        app: &App,
        repository: &Repository,
        thread: ThreadId,
        version: &Prepared,
    ) -> Result<Self> {
        let most = app.limits().line_comments;
        let mut reader = app.store().read().await?;
        let unplaced = row::list_unplaced(&mut reader, thread, version.number, most).await?;
        if unplaced.is_empty() {
            return Ok(Self { thread, version: version.number, places: Vec::new() });
        }
        let last = row::list_last(&mut reader, thread, version.number, most).await?;
        let versions = pull_request_version::list(&mut reader, thread, MOST_VERSIONS).await?;
        drop(reader);
        let ranges: BTreeMap<i64, Range> =
            versions.into_iter().filter_map(Prepared::of).map(|known| (known.number, known.range)).collect();
        let mut places = Vec::with_capacity(unplaced.len());
        let last: BTreeMap<_, _> = last.iter().map(|place| (place.line_comment_id, place)).collect();
        let (mut from_last, mut from_written) = (Grouped::new(), Grouped::new());
        for comment in unplaced {
            let id = comment.line_comment_id;
            places.push(place_row(id, version.number, comment.side, None));
            if let Some(place) = last.get(&id) {
                from_last.entry(place.version).or_default().extend(stood(place));
            }
            let written = LinePlace {
                path: comment.path,
                side: side(comment.side),
                first_line: line_number(comment.first_line),
                last_line: line_number(comment.last_line),
            };
            from_written.entry(comment.version).or_default().push(Stood { comment: id, place: written });
        }
        let to = version.clone();
        let files = git(app, repository).await?;
        let found = files.run_in_background(move |git| {
            let mut found = BTreeMap::new();
            for grouped in [from_last, from_written] {
                follow_all(git, grouped, &ranges, &to, &mut found)?;
            }
            Ok(found)
        });
        let found = found.await.map_git()?;
        for place in &mut places {
            let found = found.get(&place.line_comment_id);
            *place = place_row(place.line_comment_id, place.version, place.side, found);
        }
        Ok(Self { thread, version: version.number, places })
    }

    /// Stores the places. `false`: meanwhile somebody commented on an earlier version, and that comment has to be followed as
    /// well.
    pub(crate) async fn write(self, operation: &mut Operation) -> Result<bool> {
        for place in &self.places {
            row::put(operation, place).await?;
        }
        Ok(row::list_unplaced(operation, self.thread, self.version, 1).await?.is_empty())
    }
}

/// Comments by the version in which they stood.
type Grouped = BTreeMap<i64, Vec<Stood>>;

/// Follows those comments that were not found yet, the ones of each version together.
fn follow_all(
    git: &OpenRepository,
    grouped: Grouped,
    ranges: &BTreeMap<i64, Range>,
    to: &Prepared,
    found: &mut BTreeMap<LineCommentId, LinePlace>,
) -> hearth_git::Result<()> {
    for (version, mut stood) in grouped {
        stood.retain(|stood| !found.contains_key(&stood.comment));
        let Some(range) = ranges.get(&version).filter(|_| !stood.is_empty()) else { continue };
        let places: Vec<LinePlace> = stood.iter().map(|stood| stood.place.clone()).collect();
        let followed = follow(git, version, range, to, &places)?;
        for (stood, place) in stood.into_iter().zip(followed) {
            found.extend(place.map(|place| (stood.comment, place)));
        }
    }
    Ok(())
}

/// None for a place where a comment is outdated.
fn stood(row: &LineCommentPlace) -> Option<Stood> {
    Some(Stood { comment: row.line_comment_id, place: place_in(row)? })
}

/// Where a comment is in a version; none: it is outdated there.
pub(super) fn place_in(row: &LineCommentPlace) -> Option<LinePlace> {
    Some(LinePlace {
        path: row.path.clone()?,
        side: side(row.side),
        first_line: line_number(row.first_line?),
        last_line: line_number(row.last_line?),
    })
}

/// The row of a place; none: outdated.
pub(super) fn place_row(
    comment: LineCommentId,
    version: i64,
    side: LineSide,
    place: Option<&LinePlace>,
) -> LineCommentPlace {
    LineCommentPlace {
        line_comment_id: comment,
        version,
        path: place.map(|place| place.path.clone()),
        side,
        first_line: place.map(|place| i64::from(place.first_line)),
        last_line: place.map(|place| i64::from(place.last_line)),
    }
}

pub(super) const fn side(side: LineSide) -> GitSide {
    match side {
        LineSide::Old => GitSide::Old,
        LineSide::New => GitSide::New,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_kept_up_to_a_whole_letter() {
        let line = "字".repeat(MOST_LINE_BYTES);
        let kept = shown(line.as_bytes());
        assert!(kept.len() <= MOST_LINE_BYTES && kept.len() > MOST_LINE_BYTES - 3);
        assert_eq!(shown(b"a\xffb\0"), "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = LinePlace { path: "a.py".into(), side: GitSide::Old, first_line: 2, last_line: 5 };
        let written = place_row(LineCommentId(1), 3, LineSide::Old, Some(&place));
        assert_eq!(place_in(&written), Some(place));
        assert_eq!(place_in(&place_row(LineCommentId(1), 3, LineSide::New, None)), None);
    }
}
