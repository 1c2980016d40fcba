//! The history of several branches as lanes: which commit stands in which, and which lines run between two rows.

use std::collections::{HashMap, HashSet};

use crate::{
    Answer, Commit, MOST_PARENTS, ObjectId, OpenRepository, Result,
    graph::{ByTime, History, Node},
};

/// A part of the picture of a history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lanes {
    /// One row a commit; none is above one of its children.
    pub rows: Vec<LaneRow>,
    /// Whether older commits follow.
    pub has_more: bool,
}

/// One commit, and the lines from its row to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneRow {
    /// The commit.
    pub commit: Commit,
    /// The lane that it stands in, from 0.
    pub lane: usize,
    /// Lines from a lane of this row to a lane of the next.
    pub lines: Vec<(usize, usize)>,
    /// Whether a line comes to it from above.
    pub has_child: bool,
}

/// More lanes are drawn as the last of these.
pub const MOST_LANES: usize = 24;
/// Lanes that lead somewhere at once. Commits with very many parents would otherwise open more and more, each of which is
/// looked at in every row.
const MOST_OPEN: usize = 256;
/// So many commits are looked at beyond the wanted ones, so that a commit with a wrong clock still stands below its
/// children.
const SLACK: usize = 64;

impl OpenRepository {
    /// The commits from several tips backwards, in lanes. Rows before `skip` are laid out, but not returned.
    pub fn lanes(&self, tips: &[ObjectId], skip: usize, limit: usize) -> Result<Answer<Lanes>> {
        let mut history = self.history();
        let mut nodes = Vec::new();
        let end = skip.saturating_add(limit);
        let walked = collect(&mut history, tips, end.saturating_add(SLACK), &mut nodes);
        let walked = self.budget.answer(walked, ())?;
        let order = children_first(&mut history, &nodes)?;
        let has_more = order.len() > end;
        let mut layout = Layout::default();
        let mut lanes = Lanes { rows: Vec::new(), has_more };
        for (index, node) in order.into_iter().take(end).enumerate() {
            let parents = history.parents(node)?;
            let (lane, has_child, lines) = layout.place(node, &parents);
            if index >= skip {
                let commit = self.commit(history.id(node).into())?;
                lanes.rows.push(LaneRow { commit, lane, lines, has_child });
            }
        }
        Ok(walked.map(|()| lanes))
    }
}

fn collect(history: &mut History<'_>, tips: &[ObjectId], most: usize, nodes: &mut Vec<Node>) -> Result<()> {
    let mut queue = ByTime::new();
    for tip in tips {
        let node = history.enter(tip.gix())?;
        queue.push(history, node);
    }
    while nodes.len() < most
        && let Some(node) = queue.pop()
    {
        nodes.push(node);
        for parent in history.parents(node)? {
            queue.push(history, parent);
        }
    }
    Ok(())
}

/// The same commits, by time as far as that puts none above its children.
fn children_first(history: &mut History<'_>, nodes: &[Node]) -> Result<Vec<Node>> {
    let known: HashSet<Node> = nodes.iter().copied().collect();
    let mut children: HashMap<Node, usize> = HashMap::new();
    for node in nodes {
        for parent in history.parents(*node)? {
            *children.entry(parent).or_default() += 1;
        }
    }
    let mut queue = ByTime::new();
    for node in nodes.iter().filter(|node| !children.contains_key(node)) {
        queue.push(history, *node);
    }
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(node) = queue.pop() {
        order.push(node);
        for parent in history.parents(node)? {
            let left = children.get_mut(&parent).expect("each parent was counted above");
            *left -= 1;
            if *left == 0 && known.contains(&parent) {
                queue.push(history, parent);
            }
        }
    }
    Ok(order)
}

/// The lanes between two rows: which commit each leads to.
#[derive(Default)]
struct Layout(Vec<Option<Node>>);

impl Layout {
    /// Places a commit; gives its lane, whether a line led there, and the lines to the next row.
    fn place(&mut self, node: Node, parents: &[Node]) -> (usize, bool, Vec<(usize, usize)>) {
        let waiting = self.0.iter().position(|next| *next == Some(node));
        let lane = waiting.or_else(|| self.free()).unwrap_or(MOST_OPEN - 1);
        let mut lines = Vec::new();
        for (at, next) in self.0.iter_mut().enumerate() {
            if *next == Some(node) {
                *next = None;
            } else if next.is_some() {
                // What passes by goes straight down.
                lines.push((at, at));
            }
        }
        for (number, parent) in parents.iter().take(MOST_PARENTS).enumerate() {
            let known = self.0.iter().position(|next| *next == Some(*parent));
            let own = (number == 0 && self.0.get(lane) == Some(&None)).then_some(lane);
            // Where no lane is left, the line is not drawn.
            let Some(to) = known.or(own).or_else(|| self.free()) else { continue };
            self.0[to] = Some(*parent);
            lines.push((lane, to));
        }
        while self.0.last() == Some(&None) {
            self.0.pop();
        }
        let drawn = |lane: usize| lane.min(MOST_LANES - 1);
        let mut lines: Vec<_> = lines.into_iter().map(|(from, to)| (drawn(from), drawn(to))).collect();
        lines.sort_unstable();
        lines.dedup();
        (drawn(lane), waiting.is_some(), lines)
    }

    /// A lane that leads nowhere, a new one if there is none. None if there are too many already.
    fn free(&mut self) -> Option<usize> {
        let free = self.0.iter().position(Option::is_none);
        if free.is_none() && self.0.len() < MOST_OPEN {
            self.0.push(None);
            return Some(self.0.len() - 1);
        }
        free
    }
}
