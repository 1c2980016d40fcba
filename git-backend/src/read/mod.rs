//! Reading a repository.

mod blob;
mod commit;
mod history;
mod reference;
mod revision;
mod tree;

pub use blob::{Blob, BlobStream};
pub(crate) use commit::RawCommit;
pub use commit::{Commit, Signature};
pub use history::{AheadBehind, Log};
pub use reference::{Branch, Tag, TagRef};
pub use revision::{Resolved, RevisionKind};
pub use tree::{EntryKind, FileEntry, TreeEntry};

use crate::{Error, ObjectId, OpenRepository, Result};

impl OpenRepository {
    /// An object that something in the repository refers to; its absence is damage.
    pub(crate) fn object(&self, id: gix::ObjectId, kind: gix::objs::Kind) -> Result<gix::Object<'_>> {
        let object = self.gix.try_find_object(id)?;
        let object = object.ok_or_else(|| Error::Damaged(format!("{kind} {id} is missing")))?;
        if object.kind == kind {
            Ok(object)
        } else {
            Err(Error::WrongKind(match kind {
                gix::objs::Kind::Tree => "tree",
                gix::objs::Kind::Blob => "blob",
                gix::objs::Kind::Commit => "commit",
                gix::objs::Kind::Tag => "tag",
            }))
        }
    }

    /// Whether the repository has an object of this id.
    pub fn has_object(&self, id: ObjectId) -> bool {
        self.gix.has_object(id.gix())
    }
}
