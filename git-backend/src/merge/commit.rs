//! Writing a commit of a tree that exists.

use crate::{Invalid, ObjectId, OpenRepository, Result, Signature};

/// A commit to write.
#[derive(Debug, Clone)]
pub struct CommitParts {
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents, in order.
    pub parents: Vec<ObjectId>,
    /// Who wrote the change.
    pub author: Signature,
    /// Who creates the commit.
    pub committer: Signature,
    /// Title, blank line, body.
    pub message: String,
}

impl OpenRepository {
    /// Writes a commit and waits until it is on disk. Nothing refers to it until then, so a reference has to name it
    /// within the two hours that [`crate::Repository::maintain`] grants.
    pub fn write_commit(&self, new: &CommitParts) -> Result<ObjectId> {
        if new.message.contains('\0') {
            return Err(Invalid::Message.into());
        }
        let git2 = self.git2()?;
        let (author, committer) = (new.author.git2()?, new.committer.git2()?);
        let tree = git2.find_tree(new.tree.git2())?;
        let parents: Vec<_> =
            new.parents.iter().map(|parent| git2.find_commit(parent.git2())).collect::<Result<_, _>>()?;
        let message = git2::message_prettify(&new.message, None)?;
        let parents: Vec<_> = parents.iter().collect();
        let id = self.write_commit_object(git2, [&author, &committer], &message, &tree, &parents)?;
        self.sync(&[id])?;
        Ok(id)
    }
}
