//! Lists of commits.

use std::{collections::HashMap, time::Duration};

use crate::{
    Answer, Bound, Class, Commit, Error, ObjectId, OpenRepository, Repository, Result, TreePath,
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
    /// Follow only first parents: the history of the branch itself, without merged commits.
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

const PATH_LOG: Bounds = Bounds { time: Duration::from_secs(20), bytes: 4 << 20 };

impl OpenRepository {
    pub(crate) fn history(&self) -> History<'_> {
        History::new(self, self.graph())
    }

    /// Commits from `from` backwards, newest first.
    pub fn log(&self, from: ObjectId, log: &Log) -> Result<Answer<Vec<Commit>>> {
        let Answer { value: ids, mut left_out } = self.log_ids(from, log)?;
        let mut commits = Vec::with_capacity(ids.len());
        let read = ids.into_iter().try_for_each(|id| {
            commits.push(self.commit(id)?);
            Ok(())
        });
        let commits = self.budget.answer(read, commits)?;
        left_out = left_out.or(commits.left_out);
        Ok(Answer { left_out, ..commits })
    }

    /// The same as [`OpenRepository::log`], ids only.
    pub fn log_ids(&self, from: ObjectId, log: &Log) -> Result<Answer<Vec<ObjectId>>> {
        let mut history = self.history();
        let start = history.enter(from.gix())?;
        if let Some(without) = log.without {
            let without = history.enter(without.gix())?;
            let mut walk = Difference::default();
            let walked = walk.run(&mut history, start, without);
            let only = walk.only(&history).0.into_iter().skip(log.skip).take(log.limit);
            return self.budget.answer(walked, only.map(|node| history.id(node).into()).collect());
        }
        let mut ids = Vec::new();
        let walked = log_from(&mut history, start, log, &mut ids);
        self.budget.answer(walked, ids)
    }

    /// The number of commits in the history of `from`, itself included; if there are too many, as many as
    /// were counted. Cached per commit, and computed from the most recently cached count where possible.
    pub fn count_commits(&self, from: ObjectId) -> Result<Answer<u64>> {
        if let Some(count) = self.known_count(from) {
            return Ok(Answer::whole(count));
        }
        let counts = &self.repository.store.caches.commit_counts;
        let latest = &self.repository.store.caches.latest_counts;
        let count = match latest.get(self.repository.id()) {
            Some((known, count)) if self.has_object(known) => self
                .ahead_behind(from, known)?
                .map(|AheadBehind { ahead, behind }| (count + ahead as u64).saturating_sub(behind as u64)),
            _ => {
                let mut count = 0;
                let counted = self.count_all(from, &mut count);
                self.budget.answer(counted, count)?
            }
        };
        if count.is_whole() {
            counts.insert(from, count.value);
            latest.insert(self.repository.id().clone(), (from, count.value));
        }
        Ok(count)
    }

    /// The answer of [`OpenRepository::count_commits`] if it is cached.
    pub fn known_count(&self, from: ObjectId) -> Option<u64> {
        self.repository.store.caches.commit_counts.get(&from)
    }

    fn count_all(&self, from: ObjectId, count: &mut u64) -> Result<()> {
        let mut history = self.history();
        let mut queue = ByTime::new();
        let start = history.enter(from.gix())?;
        queue.push(&history, start);
        while let Some(node) = queue.pop() {
            *count += 1;
            for parent in history.parents(node)? {
                queue.push(&history, parent);
            }
        }
        Ok(())
    }

    /// How many commits each of two histories has that the other lacks. Counted once for two commits: a list of branches
    /// asks for all of them at every view.
    pub fn ahead_behind(&self, one: ObjectId, other: ObjectId) -> Result<Answer<AheadBehind>> {
        let mut history = self.history();
        // Entered first: of commits that are not here, nothing is said.
        let (left, right) = (history.enter(one.gix())?, history.enter(other.gix())?);
        let known = &self.repository.store.caches.distances;
        if let Some(counted) = known.get(&(one, other)) {
            return Ok(Answer::whole(counted));
        }
        let mut walk = Difference::default();
        let walked = walk.run(&mut history, left, right);
        let (ahead, behind) = walk.only(&history);
        let counted = self.budget.answer(walked, AheadBehind { ahead: ahead.len(), behind: behind.len() })?;
        if counted.is_whole() {
            known.insert((one, other), counted.value);
        }
        Ok(counted)
    }
}

fn log_from(history: &mut History<'_>, start: Node, log: &Log, ids: &mut Vec<ObjectId>) -> Result<()> {
    let mut queue = ByTime::new();
    queue.push(history, start);
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
            queue.push(history, *parent);
        }
    }
    Ok(())
}

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
/// How far a walk looks past the point where all open ends are shared, to allow for commits with wrong
/// clocks. The generation numbers of the commit-graph would be exact, but one recent commit of a short merged
/// history makes a walk by them visit nearly everything (measured: 250 ms instead of 20).
const SLOP: usize = 64;

/// A walk from two commits at once that finds which commits are in the history of only one of them.
#[derive(Default)]
struct Difference {
    sides: HashMap<Node, u8>,
    order: Vec<Node>,
}

impl Difference {
    fn run(&mut self, history: &mut History<'_>, left: Node, right: Node) -> Result<()> {
        let mut queue = std::collections::BinaryHeap::new();
        let mut open = 0_usize;
        let mut slop = 0;
        let mut changed = vec![(left, LEFT), (right, RIGHT)];
        loop {
            // A commit reached again from the other side passes that on to its parents once more.
            for (node, side) in changed.drain(..) {
                let sides = self.sides.entry(node).or_insert(0);
                if *sides | side != *sides {
                    *sides |= side;
                    queue.push((history.time(node), node, *sides));
                    open += usize::from(*sides != LEFT | RIGHT);
                }
            }
            let Some((.., node, seen)) = queue.pop() else { return Ok(()) };
            if seen != LEFT | RIGHT {
                open -= 1;
                self.order.push(node);
            }
            slop = if open == 0 { slop + 1 } else { 0 };
            if slop > SLOP {
                return Ok(());
            }
            for parent in history.parents(node)? {
                changed.push((parent, self.sides[&node]));
            }
        }
    }

    /// The commits only in the left history and those only in the right one, newest first.
    fn only(mut self, history: &History<'_>) -> (Vec<Node>, Vec<Node>) {
        self.order.sort_by_key(|node| std::cmp::Reverse(history.time(*node)));
        let mut listed = std::collections::HashSet::new();
        let mut only = |side: u8| -> Vec<Node> {
            let nodes = self.order.iter().copied();
            nodes.filter(|node| self.sides[node] == side && listed.insert(*node)).collect()
        };
        (only(LEFT), only(RIGHT))
    }
}

impl Repository {
    /// The commits that changed what lies at `path`, newest first; a file is not followed under another name. Cached,
    /// unless only a part of the history is looked at.
    pub async fn log_of_path(
        &self,
        from: ObjectId,
        path: &TreePath,
        log: &Log,
    ) -> Result<Answer<Vec<Commit>>> {
        let log = log.clone();
        if path.is_root() {
            return self.run_expensive(move |git| git.log(from, &log)).await;
        }
        if log.without.is_some() || log.is_first_parent_only {
            return self.log_of_path_by_git(from, path, &log).await;
        }
        let path = path.clone();
        self.run_expensive(move |git| {
            let Answer { value, left_out } = git.path_history(from, &path, false, log.skip, log.limit)?;
            let commits = value.into_iter().map(|change| git.commit(change.commit)).collect::<Result<_>>()?;
            Ok(Answer { value: commits, left_out })
        })
        .await
    }

    async fn log_of_path_by_git(
        &self,
        from: ObjectId,
        path: &TreePath,
        log: &Log,
    ) -> Result<Answer<Vec<Commit>>> {
        let permit = self.store.permits.enter(Class::Expensive, self.id()).await?;
        let mut command = self.store.program.command(self.path(), "log");
        command.args(["--format=%H", &format!("--skip={}", log.skip), &format!("--max-count={}", log.limit)]);
        if log.is_first_parent_only {
            command.arg("--first-parent");
        }
        if let Some(without) = log.without {
            command.arg(format!("^{without}"));
        }
        command.args([&from.to_string(), "--", path.as_str()]);
        let text = match output(command, "log", None, PATH_LOG).await {
            // Anything too far back to be found in time is left out.
            Err(Error::Timeout { .. }) => {
                return Ok(Answer { value: Vec::new(), left_out: Some(Bound::Time) });
            }
            text => text?,
        };
        drop(permit);
        let ids: Vec<ObjectId> = String::from_utf8_lossy(&text)
            .lines()
            .map(|line| line.parse().map_err(|_| Error::Damaged("git log printed no id".to_owned())))
            .collect::<Result<_>>()?;
        self.run(move |git| {
            ids.into_iter().map(|id| git.commit(id)).collect::<Result<_>>().map(Answer::whole)
        })
        .await
    }
}
