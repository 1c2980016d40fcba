//! Which files a commit changed and how many lines, without the lines: what lists of commits say of each.

use std::sync::Arc;

use super::{Diff, DiffLimits, DiffRequest};
use crate::{Commit, OpenRepository, Result};

impl OpenRepository {
    /// What a commit of this repository changed against its first parent, as far as a page would list it, without hunks. Found
    /// once: a commit never changes.
    pub fn diff_counts(&self, commit: &Commit) -> Result<Arc<Diff>> {
        let known = &self.repository.store.caches.diff_counts;
        if let Some(counts) = known.get(&commit.id) {
            return Ok(counts);
        }
        let limits = DiffLimits { lines: 0, ..DiffLimits::PAGE };
        let request = DiffRequest { limits, ..DiffRequest::default() };
        let counts = Arc::new(self.diff(commit.parents.first().copied(), commit.id, &request)?);
        // A file that this query could not afford to read counts as too large in it, and not in the next one.
        let is_afforded = self.budget.charge(0, 0).and_then(|()| self.budget.look()).is_ok();
        if counts.left_out.is_none() && is_afforded {
            known.insert(commit.id, Arc::clone(&counts));
        }
        Ok(counts)
    }
}
