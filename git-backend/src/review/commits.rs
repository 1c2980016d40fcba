//! The commits of one side that the other lacks, and everything a page says about two commits.

use std::collections::HashSet;

use super::Range;
use crate::{
    AheadBehind, Answer, Bound, Commit, Diff, DiffRequest, Log, ObjectId, OpenRepository, PatchId, Result,
};

/// How two commits differ, seen from where their histories part.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Where the histories part; `None` if they share nothing.
    pub merge_base: Option<ObjectId>,
    /// How many commits the head has more (`ahead`) and less (`behind`) than the base.
    pub counts: Answer<AheadBehind>,
    /// The commits that only the head has, oldest first.
    pub commits: Answer<Vec<Commit>>,
    /// What they changed, from where the histories part.
    pub diff: Diff,
}

impl OpenRepository {
    /// Compares `head` with `base`; of the commits, at most the newest `most_commits` are read.
    pub fn compare(
        &self,
        base: ObjectId,
        head: ObjectId,
        most_commits: usize,
        request: &DiffRequest,
    ) -> Result<Comparison> {
        let merge_base = self.merge_base(base, head)?;
        Ok(Comparison {
            merge_base,
            counts: self.ahead_behind(head, base)?,
            commits: self.commits_between(&Range { base, head }, most_commits)?,
            diff: self.diff(merge_base, head, request)?,
        })
    }

    /// The commits of a range, parents before children, merged commits among them; of more than `most`, the
    /// newest.
    pub fn commits_between(&self, range: &Range, most: usize) -> Result<Answer<Vec<Commit>>> {
        let Answer { value: ids, mut left_out } = self.ids_between(range)?;
        if ids.len() > most {
            left_out = left_out.or(Some(Bound::Entries));
        }
        let mut commits = Vec::new();
        let read = ids[ids.len().saturating_sub(most)..].iter().try_for_each(|id| {
            commits.push(self.commit(*id)?);
            Ok(())
        });
        let read = self.budget.answer(read, commits)?;
        Ok(Answer { left_out: left_out.or(read.left_out), ..read })
    }

    /// The ids of the commits of a range, parents before children.
    pub(super) fn ids_between(&self, range: &Range) -> Result<Answer<Vec<ObjectId>>> {
        let log = Log { limit: usize::MAX, without: Some(range.base), ..Log::default() };
        let listed = self.log_ids(range.head, &log)?;
        let inside: HashSet<ObjectId> = listed.value.iter().copied().collect();
        let mut history = self.history();
        let (mut ordered, mut seen) = (Vec::new(), HashSet::new());
        let mut open = vec![(range.head, false)];
        while let Some((id, parents_are_listed)) = open.pop() {
            if parents_are_listed {
                ordered.push(id);
            } else if inside.contains(&id) && seen.insert(id) {
                open.push((id, true));
                let node = history.enter(id.gix())?;
                let parents = history.parents(node)?;
                // The first parent is listed first, and so lies on top.
                open.extend(parents.iter().rev().map(|parent| (history.id(*parent).into(), false)));
            }
        }
        Ok(Answer { value: ordered, left_out: listed.left_out })
    }

    /// The first parent of a commit.
    pub(super) fn first_parent(&self, commit: ObjectId) -> Result<Option<ObjectId>> {
        let mut history = self.history();
        let node = history.enter(commit.gix())?;
        Ok(history.parents(node)?.first().map(|parent| history.id(*parent).into()))
    }

    /// The identity of what a commit changed against its first parent.
    pub(super) fn commit_patch_id(&self, commit: ObjectId) -> Result<PatchId> {
        let known = &self.repository.store.caches.patch_ids;
        if let Some(id) = known.get(&commit) {
            return Ok(id);
        }
        let id = self.patch_id(self.first_parent(commit)?, commit)?;
        known.insert(commit, id);
        Ok(id)
    }
}
