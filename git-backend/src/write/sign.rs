//! Commits that the server makes, with its signature.

use std::sync::Arc;

use git2::{Commit, Repository as Libgit2, Signature, Tree};

use crate::{Error, ObjectId, OpenRepository, RepositoryStore, Result};

/// Signs the commits that the server makes.
pub trait CommitSigner: Send + Sync + 'static {
    /// The armoured signature of a commit as it is without one.
    fn sign(&self, commit: &[u8]) -> String;
}

impl RepositoryStore {
    /// From now on, every commit that is made here is signed. Called once at start; a second signer is not taken.
    pub fn sign_with(&self, signer: Arc<dyn CommitSigner>) {
        // Whoever was first stays.
        let _ = self.0.signer.set(signer);
    }
}

impl OpenRepository {
    /// Writes a commit that nothing refers to yet, and does not wait until it is on disk.
    pub(crate) fn write_commit_object(
        &self,
        git2: &Libgit2,
        people: [&Signature<'_>; 2],
        message: &str,
        tree: &Tree<'_>,
        parents: &[&Commit<'_>],
    ) -> Result<ObjectId> {
        let [author, committer] = people;
        let made = match self.repository.store.signer.get() {
            None => git2.commit(None, author, committer, message, tree, parents),
            Some(signer) => {
                let commit = git2.commit_create_buffer(author, committer, message, tree, parents)?;
                let signature = signer.sign(&commit);
                let commit = std::str::from_utf8(&commit)
                    .map_err(|error| Error::Damaged(format!("a new commit is no text: {error}")))?;
                git2.commit_signed(commit, signature.trim_end(), None)
            }
        };
        Ok(made.map_err(Error::of_writing)?.into())
    }
}
