//! Resolves user input to a commit.

use crate::{BranchName, Error, ObjectId, OpenRepository, Result, TagName, TreePath};

/// What a revision resolved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevisionKind {
    /// A branch.
    Branch(BranchName),
    /// A tag.
    Tag(TagName),
    /// A commit by its full or shortened id.
    Commit,
}

/// A revision and the commit it currently resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// What it is.
    pub kind: RevisionKind,
    /// The commit.
    pub commit: ObjectId,
}

/// The minimum length of a short object id.
const MIN_SHORT_ID: usize = 4;

impl OpenRepository {
    /// A branch, else a tag, else a commit by its full or short id. Nothing else of git's revision syntax.
    pub fn resolve(&self, revision: &str) -> Result<Resolved> {
        if let Ok(name) = BranchName::new(revision)
            && let Some(commit) = self.branch(&name)?
        {
            return Ok(Resolved { kind: RevisionKind::Branch(name), commit });
        }
        if let Ok(name) = TagName::new(revision)
            && let Some(id) = self.reference(&name.full())?
        {
            return Ok(Resolved { kind: RevisionKind::Tag(name), commit: self.peel(id)? });
        }
        Ok(Resolved { kind: RevisionKind::Commit, commit: self.resolve_commit(revision)? })
    }

    /// The tip of a branch, or [`Error::RevisionNotFound`].
    pub fn resolve_branch(&self, name: &BranchName) -> Result<ObjectId> {
        self.branch(name)?.ok_or(Error::RevisionNotFound)
    }

    /// The commit of a tag, or [`Error::RevisionNotFound`].
    pub fn resolve_tag(&self, name: &TagName) -> Result<ObjectId> {
        self.peel(self.reference(&name.full())?.ok_or(Error::RevisionNotFound)?)
    }

    /// A commit by its full id or an unambiguous prefix of it.
    pub fn resolve_commit(&self, id: &str) -> Result<ObjectId> {
        let is_hex = id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex || !(MIN_SHORT_ID..=40).contains(&id.len()) {
            return Err(Error::RevisionNotFound);
        }
        let found = match id.parse::<ObjectId>() {
            Ok(id) => id,
            Err(_) => match self.git2()?.find_object_by_prefix(id, None) {
                Ok(object) => object.id().into(),
                Err(error) if error.code() == git2::ErrorCode::Ambiguous => {
                    return Err(Error::AmbiguousRevision);
                }
                Err(error) if error.code() == git2::ErrorCode::NotFound => {
                    return Err(Error::RevisionNotFound);
                }
                Err(error) => return Err(error.into()),
            },
        };
        if !self.has_object(found) {
            return Err(Error::RevisionNotFound);
        }
        self.peel(found).map_err(|_| Error::RevisionNotFound)
    }

    /// Splits `feature/login/src/main.rs` into the branch `feature/login` and the path `src/main.rs`. The
    /// shortest branch that exists wins: git does not allow one branch to be a folder of another.
    pub fn split_branch(&self, text: &str) -> Result<(BranchName, ObjectId, TreePath)> {
        for (name, path) in splits(text) {
            if let Ok(name) = BranchName::new(name)
                && let Some(commit) = self.branch(&name)?
            {
                return Ok((name, commit, TreePath::new(path)?));
            }
        }
        Err(Error::RevisionNotFound)
    }

    /// The same for tags.
    pub fn split_tag(&self, text: &str) -> Result<(TagName, ObjectId, TreePath)> {
        for (name, path) in splits(text) {
            if let Ok(name) = TagName::new(name)
                && let Some(id) = self.reference(&name.full())?
            {
                return Ok((name, self.peel(id)?, TreePath::new(path)?));
            }
        }
        Err(Error::RevisionNotFound)
    }
}

/// Every way to cut a text at a slash, the shortest prefix first.
fn splits(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let cuts = text.match_indices('/').map(|(at, _)| (&text[..at], &text[at + 1..]));
    cuts.chain(std::iter::once((text, "")))
}
