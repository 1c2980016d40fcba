//! Lists of commits.

use std::{collections::HashMap, time::Duration};

use crate::{
    Commit, Error, ObjectId, OpenRepository, Repository, Result, TreePath,
    graph::{ByTime, History, Node},
    program::{Bounds, output},
};

/// Which part of a history to list.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// How many commits to leave out at the start.
    pub skip: usize,
    /// How many to give at most; ask for one more than a page shows to learn whether there is a next page.
    pub limit: usize,
    /// Follow only first parents, as a branch was seen by its own people.
    pub is_first_parent_only: bool,
    /// Leave out everything that is also in the history of this commit.
    pub without: Option<ObjectId>,
}

impl Log {
    /// Page `number` (from 0) of `size` commits, and one more.
    pub fn page(number: usize, size: usize) -> Self {
        Self { skip: number.saturating_mul(size), limit: size + 1, ..Self::default() }
    }
}

/// How two histories differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct AheadBehind {
    /// Commits only in the first.
    pub ahead: usize,
    /// Commits only in the second.
    pub behind: usize,
}

const PATH_LOG: Bounds = Bounds { time: Duration::from_secs(30), bytes: 4 << 20 };

impl OpenRepository {
    pub(crate) fn history(&self) -> History<'_> {
        History::new(&self.gix, self.repository.shared.graph.get(self.repository.path()))
    }

    /// Commits from `from` backwards, newest first.
    pub fn log(&self, from: ObjectId, log: &Log) -> Result<Vec<Commit>> {
        self.log_ids(from, log)?.into_iter().map(|id| self.commit(id)).collect()
    }

    /// The same, ids only.
    pub fn log_ids(&self, from: ObjectId, log: &Log) -> Result<Vec<ObjectId>> {
        let mut history = self.history();
        let start = history.enter(from.gix())?;
        if let Some(without) = log.without {
            let without = history.enter(without.gix())?;
            let only = difference(&mut history, start, without)?.0;
            let only = only.into_iter().skip(log.skip).take(log.limit);
            return Ok(only.map(|node| history.id(node).into()).collect());
        }
        let mut queue = ByTime::new();
        queue.push(&history, start);
        let mut ids = Vec::new();
        let mut passed = 0;
        while ids.len() < log.limit
            && let Some(node) = queue.pop()
        {
            passed += 1;
            if passed > log.skip {
                ids.push(history.id(node).into());
            }
            let parents = history.parents(node)?;
            let followed = if log.is_first_parent_only { parents.len().min(1) } else { parents.len() };
            for parent in &parents[..followed] {
                queue.push(&history, *parent);
            }
        }
        Ok(ids)
    }

    /// How many commits `from` has in its history, itself included. Remembered per commit,
    /// and for another commit counted from the one that was asked for last.
    pub fn count_commits(&self, from: ObjectId) -> Result<u64> {
        let counts = &self.repository.store.caches.commit_counts;
        if let Some(count) = counts.get(&from) {
            return Ok(count);
        }
        let latest = &self.repository.store.caches.latest_counts;
        let count = match latest.get(self.repository.id()) {
            Some((known, count)) if self.has_object(known) => {
                let AheadBehind { ahead, behind } = self.ahead_behind(from, known)?;
                count + ahead as u64 - behind as u64
            }
            _ => self.count_all(from)?,
        };
        counts.insert(from, count);
        latest.insert(self.repository.id().clone(), (from, count));
        Ok(count)
    }

    fn count_all(&self, from: ObjectId) -> Result<u64> {
        let mut history = self.history();
        let mut queue = ByTime::new();
        let start = history.enter(from.gix())?;
        queue.push(&history, start);
        let mut count = 0;
        while let Some(node) = queue.pop() {
            count += 1;
            for parent in history.parents(node)? {
                queue.push(&history, parent);
            }
        }
        Ok(count)
    }

    /// The best common ancestor; `None` for unrelated histories.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<Option<ObjectId>> {
        let bases = self.gix.merge_bases_many(one.gix(), &[other.gix()])?;
        Ok(bases.first().map(|id| ObjectId::from(id.detach())))
    }

    /// Whether `old` is in the history of `new`.
    pub fn is_ancestor(&self, old: ObjectId, new: ObjectId) -> Result<bool> {
        Ok(old == new || self.merge_base(old, new)? == Some(old))
    }

    /// How many commits each of two histories has that the other lacks.
    pub fn ahead_behind(&self, one: ObjectId, other: ObjectId) -> Result<AheadBehind> {
        let mut history = self.history();
        let (one, other) = (history.enter(one.gix())?, history.enter(other.gix())?);
        let (ahead, behind) = difference(&mut history, one, other)?;
        Ok(AheadBehind { ahead: ahead.len(), behind: behind.len() })
    }
}

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
/// How far a walk looks past the point where all open ends are shared, against commits with wrong clocks. The
/// generation numbers of the commit-graph would be exact, but one young commit of a young history that was merged
/// makes a walk by them visit nearly everything (measured: 250 ms instead of 20).
const SLOP: usize = 64;

/// The commits only in the history of `left` and those only in that of `right`, newest first.
fn difference(history: &mut History<'_>, left: Node, right: Node) -> Result<(Vec<Node>, Vec<Node>)> {
    let mut sides: HashMap<Node, u8> = HashMap::new();
    let mut queue = std::collections::BinaryHeap::new();
    let mut order = Vec::new();
    let mut open = 0_usize;
    let mut slop = 0;
    let mut changed = vec![(left, LEFT), (right, RIGHT)];
    loop {
        // A commit that is reached again from the other side hands that on to its parents once more.
        for (node, side) in changed.drain(..) {
            let sides = sides.entry(node).or_insert(0);
            if *sides | side != *sides {
                *sides |= side;
                queue.push((history.time(node), node, *sides));
                open += usize::from(*sides != LEFT | RIGHT);
            }
        }
        let Some((.., node, seen)) = queue.pop() else { break };
        if seen != LEFT | RIGHT {
            open -= 1;
            order.push(node);
        }
        slop = if open == 0 { slop + 1 } else { 0 };
        if slop > SLOP {
            break;
        }
        for parent in history.parents(node)? {
            changed.push((parent, sides[&node]));
        }
    }
    order.sort_by_key(|node| std::cmp::Reverse(history.time(*node)));
    let mut listed = std::collections::HashSet::new();
    let mut only = |side: u8| -> Vec<Node> {
        order.iter().copied().filter(|node| sides[node] == side && listed.insert(*node)).collect()
    };
    Ok((only(LEFT), only(RIGHT)))
}

impl Repository {
    /// The commits that changed what lies at `path`, newest first.
    pub async fn log_of_path(&self, from: ObjectId, path: &TreePath, log: &Log) -> Result<Vec<Commit>> {
        if path.is_root() {
            let log = log.clone();
            return self.run(move |git| git.log(from, &log)).await;
        }
        let _permit = self.store.command_permit().await?;
        let mut command = self.store.program.command(self.path(), "log");
        command.args(["--format=%H", &format!("--skip={}", log.skip), &format!("--max-count={}", log.limit)]);
        if log.is_first_parent_only {
            command.arg("--first-parent");
        }
        if let Some(without) = log.without {
            command.arg(format!("^{without}"));
        }
        command.args([&from.to_string(), "--", path.as_str()]);
        let text = output(command, "log", None, PATH_LOG).await?;
        let ids: Vec<ObjectId> = String::from_utf8_lossy(&text)
            .lines()
            .map(|line| line.parse().map_err(|_| Error::Damaged("git log printed no id".to_owned())))
            .collect::<Result<_>>()?;
        self.run(move |git| ids.into_iter().map(|id| git.commit(id)).collect()).await
    }
}
