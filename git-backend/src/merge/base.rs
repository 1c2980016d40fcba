//! Common ancestors.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use crate::{
    ObjectId, OpenRepository, Result,
    graph::{History, Node},
};

const ONE: u8 = 1;
const OTHER: u8 = 2;
const BOTH: u8 = ONE | OTHER;
/// An ancestor of a common ancestor.
const STALE: u8 = 4;
/// To look through so many waiting commits costs about as much as to visit one.
const WAITING_AN_ENTRY: u64 = 256;

impl OpenRepository {
    /// The best common ancestor of two commits: the newest if there are several, none for unrelated histories.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<Option<ObjectId>> {
        Ok(self.merge_bases(&[one], &[other])?.first().copied())
    }

    /// Whether the history of `of` contains `ancestor`; a commit is an ancestor of itself.
    pub fn is_ancestor(&self, ancestor: ObjectId, of: ObjectId) -> Result<bool> {
        if ancestor == of {
            return Ok(true);
        }
        Ok(self.merge_bases(&[ancestor], &[of])? == [ancestor])
    }

    /// All common ancestors that are not ancestors of another one, newest first. Several commits on one side stand
    /// for a merge of them.
    pub(super) fn merge_bases(&self, ones: &[ObjectId], others: &[ObjectId]) -> Result<Vec<ObjectId>> {
        let mut history = History::new(self, self.graph());
        let candidates = common(self, &mut history, ones, others)?;
        let ids: Vec<ObjectId> = candidates.iter().map(|node| history.id(*node).into()).collect();
        if ids.len() < 2 {
            return Ok(ids);
        }
        // Clocks may be wrong, so one of several may have been met before its descendant.
        let mut best = Vec::new();
        for id in &ids {
            let mut is_redundant = false;
            for other in ids.iter().filter(|other| *other != id) {
                let met = common(self, &mut history, &[*id], &[*other])?;
                is_redundant |= met.iter().any(|node| ObjectId::from(history.id(*node)) == *id);
            }
            if !is_redundant {
                best.push(*id);
            }
        }
        Ok(best)
    }
}

/// Walks both histories, newest first, until only ancestors of common ancestors are left; returns the common ones,
/// newest first.
fn common(
    git: &OpenRepository,
    history: &mut History<'_>,
    ones: &[ObjectId],
    others: &[ObjectId],
) -> Result<Vec<Node>> {
    let mut flags: HashMap<Node, u8> = HashMap::new();
    let mut queue = BinaryHeap::new();
    for (ids, flag) in [(ones, ONE), (others, OTHER)] {
        for id in ids {
            let node = history.enter(id.gix())?;
            *flags.entry(node).or_default() |= flag;
            queue.push((history.time(node), Reverse(node)));
        }
    }
    // How many entries of the queue are not stale; an entry whose node became stale meanwhile is counted late.
    let mut found = Vec::new();
    while queue.iter().any(|(_, Reverse(node))| flags[node] & STALE == 0) {
        let Some((_, Reverse(node))) = queue.pop() else { break };
        // Reading a commit is charged once, but crafted merges with many parents have many pairs of bases, whose
        // histories are walked again for each.
        git.budget.charge(1 + queue.len() as u64 / WAITING_AN_ENTRY, 0)?;
        let mut seen = flags[&node];
        if seen & BOTH == BOTH {
            if seen & STALE == 0 && !found.contains(&node) {
                found.push(node);
            }
            seen |= STALE;
        }
        for parent in history.parents(node)? {
            let known = flags.entry(parent).or_default();
            if *known & seen != seen {
                *known |= seen;
                queue.push((history.time(parent), Reverse(parent)));
            }
        }
    }
    found.retain(|node| flags[node] & STALE == 0);
    found.sort_by_key(|node| Reverse(history.time(*node)));
    Ok(found)
}
