//! Following one line, step by step.

use std::{collections::HashMap, rc::Rc};

use super::{Followed, Follower, Spot, Trust};
use crate::{
    ObjectId, Result,
    diff::{Change, Side},
    review::{
        chain::{Chains, Link},
        step::Went,
    },
};

/// Commits of the base that are passed one by one; over more than these, its contents are compared once.
const MOST_BASE_STEPS: usize = 500;

/// The links of the older version that a line has passed downwards, with the number of changes that lie before
/// it there; none for a commit that does not touch the file.
type Passed = HashMap<usize, Option<usize>>;

/// Where the way down ends and the way up begins.
enum Landing {
    /// The line is here before the link of this number of the newer version.
    Before(usize, Spot),
    Nowhere(Followed),
}

/// One step down.
enum Down {
    To(Spot, Option<usize>),
    /// The commit added it: this is its place among the lines that the commit added to the file.
    AddedAs(u32),
    Unknown,
}

impl Follower<'_> {
    /// Down through the commits of one version, and up through those of the other.
    pub(super) fn through_commits(&mut self, spot: Spot) -> Result<Followed> {
        if self.is_same_file(self.from.head, self.to.head, &spot.path)? {
            return Ok(Followed::At(spot));
        }
        let Some(chains) = self.chains.clone() else { return Ok(Followed::Rewritten) };
        let mut passed = Passed::new();
        match self.descend(&chains, spot, &mut passed)? {
            Landing::Before(link, spot) => self.ascend(&chains, link, spot, &passed),
            Landing::Nowhere(followed) => Ok(followed),
        }
    }

    fn descend(&mut self, chains: &Chains, mut spot: Spot, passed: &mut Passed) -> Result<Landing> {
        for (number, link) in chains.from.links.iter().enumerate().rev() {
            if let Some(same) = chains.to.place_of(link.id) {
                return Ok(Landing::Before(same + 1, spot));
            }
            match self.down(link, &spot)? {
                Down::To(before, changes_before) => {
                    passed.insert(number, changes_before);
                    spot = before;
                }
                Down::AddedAs(place) => {
                    let landed = match link.partner {
                        Some(partner) => self.added(&chains.to.links[partner], spot.path, place)?,
                        None => None,
                    };
                    return Ok(match (landed, link.partner) {
                        (Some(spot), Some(partner)) => Landing::Before(partner + 1, spot),
                        _ => Landing::Nowhere(Followed::Rewritten),
                    });
                }
                Down::Unknown => return Ok(Landing::Nowhere(Followed::Rewritten)),
            }
        }
        Ok(match self.through_base(chains.from.bottom, chains.to.bottom, spot)? {
            Followed::At(spot) => Landing::Before(0, spot),
            other => Landing::Nowhere(other),
        })
    }

    /// Where a line of this commit was before it.
    fn down(&mut self, link: &Link, spot: &Spot) -> Result<Down> {
        let changes = self.files.changes(link.parent, link.id)?;
        let is_here = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.path == spot.path);
        let Some(change) = changes.iter().find(|change| is_here(&change.new)) else {
            return Ok(Down::To(spot.clone(), None));
        };
        let Some(step) = self.steps.of(self.files.git, change)? else { return Ok(Down::Unknown) };
        let before =
            |line| Spot { path: change.old.as_ref().map_or_else(String::new, |old| old.path.clone()), line };
        if link.partner.is_some() {
            return Ok(match step.patch_backward(spot.line) {
                Some((line, changes_before)) => Down::To(before(line), Some(changes_before)),
                None => Down::AddedAs(step.place_among_added(spot.line)),
            });
        }
        Ok(match step.backward(spot.line) {
            Went::To(line) => Down::To(before(line), None),
            Went::Away | Went::Unclear => Down::Unknown,
        })
    }

    /// The line that a commit added to a file as the `place`th.
    fn added(&mut self, link: &Link, path: String, place: u32) -> Result<Option<Spot>> {
        let changes = self.files.changes(link.parent, link.id)?;
        let is_here = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.path == path);
        let Some(change) = changes.iter().find(|change| is_here(&change.new)) else { return Ok(None) };
        let step = self.steps.of(self.files.git, change)?;
        Ok(step.and_then(|step| step.added_at(place)).map(|line| Spot { path, line }))
    }

    fn ascend(&mut self, chains: &Chains, first: usize, mut spot: Spot, passed: &Passed) -> Result<Followed> {
        for link in &chains.to.links[first..] {
            let changes = self.files.changes(link.parent, link.id)?;
            let is_here = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.path == spot.path);
            let Some(change) = changes.iter().find(|change| is_here(&change.old)) else { continue };
            let Some(new) = &change.new else { return Ok(Followed::Gone) };
            let Some(step) = self.steps.of(self.files.git, change)? else { return Ok(Followed::Rewritten) };
            // The same change that was passed on the way down, on the same side of its parts.
            let known = link.partner.and_then(|partner| passed.get(&partner).copied().flatten());
            let by_patch = step.patch_forward(spot.line).filter(|(_, before)| Some(*before) == known);
            let went = by_patch.map_or_else(|| step.forward(spot.line), |(line, _)| Went::To(line));
            match went {
                Went::To(line) => spot = Spot { path: new.path.clone(), line },
                Went::Away => return Ok(Followed::Gone),
                // Where nothing was rewritten, the steps say all that there is to know.
                Went::Unclear if chains.from.is_kept() => return Ok(Followed::Unclear),
                Went::Unclear => return Ok(Followed::Rewritten),
            }
        }
        Ok(Followed::At(spot))
    }

    /// From one commit of the base branch to another.
    pub(super) fn through_base(
        &mut self,
        from: Option<ObjectId>,
        to: Option<ObjectId>,
        mut spot: Spot,
    ) -> Result<Followed> {
        let (Some(from), Some(to)) = (from, to) else {
            return Ok(if from == to { Followed::At(spot) } else { Followed::Gone });
        };
        if self.is_same_file(from, to, &spot.path)? {
            return Ok(Followed::At(spot));
        }
        for (parent, commit) in self.base_steps(from, to)?.iter().copied() {
            if self.is_same_file(parent, commit, &spot.path)? {
                continue;
            }
            match self.base_step(parent, commit, &spot)? {
                Followed::At(next) => spot = next,
                other => return Ok(other),
            }
        }
        Ok(Followed::At(spot))
    }

    /// The way from an older to a newer commit of the base along first parents, oldest first; a single step if
    /// there is none, or it is long.
    fn base_steps(&mut self, from: ObjectId, to: ObjectId) -> Result<Rc<Vec<(ObjectId, ObjectId)>>> {
        if let Some(known) = self.base_steps.get(&(from, to)) {
            return Ok(Rc::clone(known));
        }
        let git = self.files.git;
        let (mut steps, mut at) = (Vec::new(), to);
        while at != from && steps.len() < MOST_BASE_STEPS {
            let Some(parent) = git.first_parent(at)? else { break };
            steps.push((parent, at));
            at = parent;
        }
        if at == from {
            steps.reverse();
        } else {
            steps = vec![(from, to)];
        }
        let steps = Rc::new(steps);
        self.base_steps.insert((from, to), Rc::clone(&steps));
        Ok(steps)
    }

    fn base_step(&mut self, from: ObjectId, to: ObjectId, spot: &Spot) -> Result<Followed> {
        let Some(change) = self.change_between(from, to, &spot.path)? else { return Ok(Followed::Gone) };
        let Some(step) = self.steps.of(self.files.git, &change)? else { return Ok(Followed::Unclear) };
        let Some(new) = change.new else { return Ok(Followed::Gone) };
        Ok(match step.forward(spot.line) {
            Went::To(line) => Followed::At(Spot { path: new.path, line }),
            Went::Away => Followed::Gone,
            Went::Unclear => Followed::Unclear,
        })
    }

    /// Compares the contents of a file at two commits with each other, whatever lies between.
    pub(super) fn between(
        &mut self,
        from: ObjectId,
        to: ObjectId,
        spot: &Spot,
        trust: Trust,
    ) -> Result<Option<Spot>> {
        let Some(change) = self.change_between(from, to, &spot.path)? else { return Ok(None) };
        let Some(step) = self.steps.of(self.files.git, &change)? else { return Ok(None) };
        let is_trusted = trust == Trust::Certain || step.is_only(spot.line);
        Ok(match (change.new, step.forward(spot.line)) {
            (Some(new), Went::To(line)) if is_trusted => Some(Spot { path: new.path, line }),
            _ => None,
        })
    }

    fn is_same_file(&mut self, one: ObjectId, other: ObjectId, path: &str) -> Result<bool> {
        let id = |side: Option<Side>| side.map(|side| side.id);
        let (one, other) = (id(self.files.side(one, path)?), id(self.files.side(other, path)?));
        Ok(one.is_some() && one == other)
    }

    /// The file at a path, and what it is at another commit: at the same path, or where it was moved to.
    fn change_between(&mut self, from: ObjectId, to: ObjectId, path: &str) -> Result<Option<Change>> {
        let Some(old) = self.files.side(from, path)? else { return Ok(None) };
        if let Some(new) = self.files.side(to, path)? {
            return Ok(Some(Change { old: Some(old), new: Some(new) }));
        }
        let changes = self.files.changes(Some(from), to)?;
        let is_here = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.path == path);
        Ok(changes.iter().find(|change| is_here(&change.old) && change.new.is_some()).cloned())
    }
}
