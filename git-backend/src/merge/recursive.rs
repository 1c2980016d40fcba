//! Merging commits. Several best common ancestors are merged with each other first, as git does: the result is the
//! base, with conflict markers where they did not fit together.

use super::{
    BASE, Merge, OURS, ResolvedFile, THEIRS,
    bench::Bench,
    build::build,
    folder, rename,
    report::report,
    settle::{INNER_LABELS, Manner, OUTER_LABELS, Settled, settle},
    walk::{Path, walk},
};
use crate::{Bound, ObjectId, OpenRepository, Result};

/// Histories that cross more often than this inside each other are not merged.
const MOST_LEVELS: usize = 20;

/// A commit, or a merge of commits that exists only in memory.
struct Tip {
    tree: ObjectId,
    commits: Vec<ObjectId>,
}

impl OpenRepository {
    /// Merges the commit `theirs` into the commit `ours`. Nothing is written when there are conflicts. Unrelated
    /// histories are merged as if they had an empty commit in common. What costs more than the budget is
    /// [`crate::Error::OverBudget`].
    pub fn merge(&self, ours: ObjectId, theirs: ObjectId) -> Result<Merge> {
        self.merge_resolved(ours, theirs, &[])
    }

    /// Merges with the given contents for conflicted paths. If a conflict is left, or one that no content can decide
    /// (between names, folders or kinds of files), the answer is all of them again, and nothing is written.
    pub fn merge_resolved(
        &self,
        ours: ObjectId,
        theirs: ObjectId,
        resolved: &[ResolvedFile],
    ) -> Result<Merge> {
        let bench = Bench::new(self);
        let [ours, theirs] = [self.tip(ours)?, self.tip(theirs)?];
        let trees = [base(&bench, &ours, &theirs, 0)?, ours.tree, theirs.tree];
        finish(&bench, trees, resolved)
    }

    /// Merges trees against a base that is given.
    pub(super) fn merge_trees(&self, trees: [ObjectId; 3]) -> Result<Merge> {
        finish(&Bench::new(self), trees, &[])
    }

    fn tip(&self, commit: ObjectId) -> Result<Tip> {
        Ok(Tip { tree: self.commit(commit)?.tree, commits: vec![commit] })
    }
}

fn finish(bench: &Bench<'_>, trees: [ObjectId; 3], resolved: &[ResolvedFile]) -> Result<Merge> {
    let mut settled = merged(bench, trees, &Manner { depth: 0, labels: OUTER_LABELS })?;
    let before = settled.open.clone();
    resolve(bench, &mut settled, resolved)?;
    if !settled.open.is_empty() {
        return Ok(Merge::Conflicts(report(bench, &before)?));
    }
    let tree = build(bench, trees[OURS], &settled.leaves)?;
    bench.keep(tree)?;
    Ok(Merge::Clean { tree })
}

/// Takes what a person decided.
fn resolve(bench: &Bench<'_>, settled: &mut Settled, resolved: &[ResolvedFile]) -> Result<()> {
    for file in resolved {
        let path: Path = file.path.as_bytes().into();
        let Some(open) = settled.open.get(&path).filter(|open| open.is_decided_by_content()) else {
            continue;
        };
        let leaf = settled.leaves.get(&path).copied().flatten().or(open.item.leaves[OURS]);
        let Some(leaf) = leaf.or(open.item.leaves[THEIRS]) else { continue };
        crate::gitmodules::check_content(&file.path, &file.content)?;
        let id = bench.make_blob(file.content.clone())?;
        settled.leaves.insert(std::rc::Rc::clone(&path), Some(super::Leaf { id, ..leaf }));
        settled.open.remove(&path);
    }
    Ok(())
}

fn merged(bench: &Bench<'_>, trees: [ObjectId; 3], manner: &Manner) -> Result<Settled> {
    let mut found = walk(bench, trees)?;
    let mut renames = [rename::find(bench, &found, OURS)?, rename::find(bench, &found, THEIRS)?];
    // Git does not look for renamed folders in an inner merge either.
    if manner.depth == 0 {
        folder::follow(bench, trees, &mut found, &mut renames)?;
    }
    settle(bench, found, &renames, manner)
}

/// The tree of the merge base of two tips.
fn base(bench: &Bench<'_>, ours: &Tip, theirs: &Tip, depth: usize) -> Result<ObjectId> {
    if depth > MOST_LEVELS {
        return Err(bench.git.budget.over(Bound::Depth));
    }
    let mut bases = bench.git.merge_bases(&ours.commits, &theirs.commits)?;
    // The newest comes first, and the oldest are merged first.
    let Some(first) = bases.pop() else { return Ok(ObjectId::EMPTY_TREE) };
    let mut tip = bench.git.tip(first)?;
    for next in bases.into_iter().rev() {
        let next = bench.git.tip(next)?;
        let mut trees = [ObjectId::EMPTY_TREE, tip.tree, next.tree];
        trees[BASE] = base(bench, &tip, &next, depth + 1)?;
        let settled = merged(bench, trees, &Manner { depth: depth + 1, labels: INNER_LABELS })?;
        tip.tree = build(bench, tip.tree, &settled.leaves)?;
        tip.commits.extend(next.commits);
    }
    Ok(tip.tree)
}
