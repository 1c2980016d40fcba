//! The paths of what changed, without its contents.

use crate::{Answer, ObjectId, OpenRepository, Result, diff::change};

impl OpenRepository {
    /// The paths of the files that differ between two commits, of a moved file both; at most `most` files are
    /// looked at. Contents are not read.
    pub fn changed_paths(&self, from: ObjectId, to: ObjectId, most: usize) -> Result<Answer<Vec<String>>> {
        let (from, to) = (self.root_tree(from)?, self.root_tree(to)?);
        let changes = change::between(self, Some(from), to, most)?;
        let mut paths: Vec<String> =
            changes.value.iter().flat_map(change::Change::sides).map(|side| side.path.clone()).collect();
        paths.dedup();
        Ok(Answer { value: paths, left_out: changes.left_out })
    }
}
