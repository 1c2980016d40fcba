//! Where the lines of one version are in another: never a wrong line, and nothing where it is not certain.
//!
//! A line of the new side is first followed through the commits: down from the head of its version to the
//! commit that added it, or to the base. If the other version has a commit of the same patch identity, the
//! line is the one in the same place of that patch, however often its text stands in the file; from there it
//! goes up through the commits that come after. A pure rebase is exact for that reason. Steps that the other
//! version does not have in the same form are passed only by lines that certainly have one counterpart
//! (`align`). Only if commits were rewritten, the two contents of the file are compared with each other.
//! A line of the old side is followed through the history of the base in the same way.
//!
//! Steps are the truth: the smaller they are, the less is in doubt. So follow a comment from the version at
//! which it was last placed, and not from its first one: by [`OpenRepository::follow`] to the next version, and
//! if it is outdated there, by [`OpenRepository::find_again`] to every later one. The second takes nothing that
//! may have come in between: a blank line that was removed and another one that was added later look the same.

mod files;
mod trace;

use std::{collections::HashMap, rc::Rc};

use super::{Range, chain::Chains, step::Steps};
use crate::{ObjectId, OpenRepository, Result};
use files::Files;

/// A side of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineSide {
    /// Before.
    Old,
    /// After.
    New,
}

/// Lines of a file on one side of a version. On the old side the path is the one before; a path that only
/// exists after is understood too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct LinePlace {
    /// The path in the base on the old side, in the head on the new one.
    pub path: String,
    /// The side.
    pub side: LineSide,
    /// The first line, counted from 1.
    pub first_line: u32,
    /// The last line, itself included.
    pub last_line: u32,
}

/// Lines that one place may have; longer ones are not followed.
const MOST_LINES: u32 = 2_000;

impl OpenRepository {
    /// Where these places of one version are in the next. `None`: outdated, because a line is gone or changed,
    /// or because it could be one of several.
    pub fn follow(&self, from: &Range, to: &Range, places: &[LinePlace]) -> Result<Vec<Option<LinePlace>>> {
        self.follow_with(Trust::Certain, from, to, places)
    }

    /// The same for places that are outdated in a version between the two: found where the file is the same
    /// again, the same commits are there again, or each of the lines is the only one of its text.
    pub fn find_again(
        &self,
        from: &Range,
        to: &Range,
        places: &[LinePlace],
    ) -> Result<Vec<Option<LinePlace>>> {
        self.follow_with(Trust::OnlyUnique, from, to, places)
    }

    fn follow_with(
        &self,
        trust: Trust,
        from: &Range,
        to: &Range,
        places: &[LinePlace],
    ) -> Result<Vec<Option<LinePlace>>> {
        if from == to {
            return Ok(places.iter().cloned().map(Some).collect());
        }
        let chains = if places.iter().any(|place| place.side == LineSide::New) && from.head != to.head {
            Chains::of(self, from, to)?.map(Rc::new)
        } else {
            None
        };
        let mut follower = Follower {
            trust,
            from,
            to,
            chains,
            files: Files::new(self),
            steps: Steps::default(),
            base_steps: HashMap::new(),
            known: HashMap::new(),
        };
        places.iter().map(|place| follower.place(place)).collect()
    }
}

/// One line of a file, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Spot {
    path: String,
    line: u32,
}

/// Stretches of a base's history, each from a commit to another.
type BaseSteps = Rc<Vec<(ObjectId, ObjectId)>>;

struct Follower<'git> {
    trust: Trust,
    from: &'git Range,
    to: &'git Range,
    chains: Option<Rc<Chains>>,
    files: Files<'git>,
    steps: Steps,
    base_steps: HashMap<(ObjectId, ObjectId), BaseSteps>,
    /// Lines that were followed before: comments gather on the same ones.
    known: HashMap<(LineSide, Spot), Option<Spot>>,
}

impl Follower<'_> {
    /// All lines of a place, or nothing: they must still be one after the other.
    fn place(&mut self, place: &LinePlace) -> Result<Option<LinePlace>> {
        let Some(first) = place.first_line.checked_sub(1) else { return Ok(None) };
        let Some(count) = place.last_line.checked_sub(first).filter(|count| (1..=MOST_LINES).contains(count))
        else {
            return Ok(None);
        };
        let path = match place.side {
            LineSide::Old => self.path_in_base(&place.path)?,
            LineSide::New => place.path.clone(),
        };
        let mut start: Option<Spot> = None;
        for offset in 0..count {
            let spot = Spot { path: path.clone(), line: first + offset };
            let Some(found) = self.line(place.side, spot)? else { return Ok(None) };
            let start = start.get_or_insert_with(|| found.clone());
            if found.path != start.path || found.line != start.line + offset {
                return Ok(None);
            }
        }
        Ok(start.map(|start| LinePlace {
            path: start.path,
            side: place.side,
            first_line: start.line + 1,
            last_line: start.line + count,
        }))
    }

    /// The path of a file before this version, by either of its paths.
    fn path_in_base(&mut self, path: &str) -> Result<String> {
        if self.files.side(self.from.base, path)?.is_some() {
            return Ok(path.to_owned());
        }
        let changes = self.files.changes(Some(self.from.base), self.from.head)?;
        let renamed = changes.iter().find(|change| change.new.as_ref().is_some_and(|new| new.path == path));
        let before = renamed.and_then(|change| change.old.as_ref());
        Ok(before.map_or_else(|| path.to_owned(), |old| old.path.clone()))
    }

    fn line(&mut self, side: LineSide, spot: Spot) -> Result<Option<Spot>> {
        let key = (side, spot);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let spot = &key.1;
        let (from, to) = match side {
            LineSide::Old => (self.from.base, self.to.base),
            LineSide::New => (self.from.head, self.to.head),
        };
        let found = match side {
            LineSide::Old => self.through_base(Some(from), Some(to), spot.clone())?,
            LineSide::New => self.through_commits(spot.clone())?,
        };
        let found = match found {
            Followed::At(found) => Some(found),
            Followed::Gone => self.between(from, to, spot, Trust::OnlyUnique)?,
            Followed::Rewritten => self.between(from, to, spot, self.trust)?,
            Followed::Unclear => None,
        };
        // Whatever led here: another text is another line.
        let found = match found {
            Some(found) if self.text(from, spot)? == self.text(to, &found)? => Some(found),
            _ => None,
        };
        self.known.insert(key, found.clone());
        Ok(found)
    }

    /// The text of a line, without its line break.
    fn text(&mut self, commit: ObjectId, spot: &Spot) -> Result<Option<Vec<u8>>> {
        let side = self.files.side(commit, &spot.path)?;
        side.map_or(Ok(None), |side| self.files.line(&side, spot.line))
    }
}

/// What following a line through steps has shown.
#[derive(Debug)]
enum Followed {
    At(Spot),
    /// A step removed it.
    Gone,
    /// It came from, or passed, a commit that the other version does not have.
    Rewritten,
    /// It may be one of several.
    Unclear,
}

/// Which answers of a comparison over several steps are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Certain,
    /// Only lines whose text stands once on either side.
    OnlyUnique,
}
