//! Reading a repository.

mod blob;
mod commit;
mod contributors;
mod history;
mod lanes;
mod path_history;
mod reference;
mod reference_cache;
mod revision;
mod signed;
mod small_blobs;
mod tag_object;
mod tree;

pub use blob::{Blob, BlobReader, BlobStream};
pub(crate) use commit::RawCommit;
pub use commit::{Commit, MOST_PARENTS, Signature};
pub use contributors::{Contributor, Contributors};
pub use history::{AheadBehind, Log};
pub use lanes::{LaneRow, Lanes, MOST_LANES};
pub use path_history::{PathChange, PathHistory};
pub use reference::{Branch, Tag, TagRef, TagTarget};
pub(crate) use reference_cache::ReferenceCache;
pub use revision::{Resolved, RevisionKind};
pub use signed::Signed;
pub use small_blobs::MOST_MORE_TIPS;
pub use tag_object::TagObject;
pub use tree::{EntryKind, FileEntry, Listing, TreeEntry, TreePart};

use std::sync::PoisonError;

use gix::objs::Kind;

use crate::{
    Error, ObjectId, OpenRepository, Result,
    repository::{LARGE_OBJECT_BYTES, OBJECT_BYTES, open},
};

impl OpenRepository {
    /// Passes the bytes of a referenced object to `read`; a missing object is damage.
    pub(crate) fn with_object<T>(
        &self,
        id: gix::ObjectId,
        kind: Kind,
        read: impl FnOnce(&[u8]) -> Result<T>,
    ) -> Result<T> {
        let found =
            self.find_object(
                id,
                |found, data| {
                    if found == kind { read(data) } else { Err(Error::WrongKind(name(kind))) }
                },
            )?;
        found.ok_or_else(|| Error::Damaged(format!("{kind} {id} is missing")))
    }

    /// Passes kind and bytes of an object to `read`, if the repository has it. Every object that is loaded
    /// into memory comes through here, and is charged to the budget.
    pub(crate) fn find_object<T>(
        &self,
        id: gix::ObjectId,
        read: impl FnOnce(Kind, &[u8]) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.gix.try_find_object(id) {
            Ok(None) => Ok(None),
            Ok(Some(object)) => {
                self.budget.charge(0, object.data.len() as u64)?;
                read(object.kind, &object.data).map(Some)
            }
            Err(error) => match self.gix.try_find_header(id) {
                Ok(Some(header)) if header.size() > OBJECT_BYTES as u64 => {
                    self.find_large_object(id, header.size(), read)
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Large objects are read one at a time across all repositories, to bound the memory they take together.
    fn find_large_object<T>(
        &self,
        id: gix::ObjectId,
        size: u64,
        read: impl FnOnce(Kind, &[u8]) -> Result<T>,
    ) -> Result<Option<T>> {
        // A nested read would deadlock.
        if size > LARGE_OBJECT_BYTES as u64 || self.is_reading_large.get() {
            return Err(Error::TooLarge { limit: LARGE_OBJECT_BYTES as u64 });
        }
        self.budget.charge(0, size)?;
        let _only = self.repository.store.large_object.lock().unwrap_or_else(PoisonError::into_inner);
        let large = open(self.repository.path(), LARGE_OBJECT_BYTES)?.to_thread_local();
        let Some(object) = large.try_find_object(id)? else { return Ok(None) };
        self.is_reading_large.set(true);
        let read = read(object.kind, &object.data);
        self.is_reading_large.set(false);
        read.map(Some)
    }

    /// Whether the repository has an object of this id.
    pub fn has_object(&self, id: ObjectId) -> bool {
        self.gix.has_object(id.gix())
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Tree => "tree",
        Kind::Blob => "blob",
        Kind::Commit => "commit",
        Kind::Tag => "tag",
    }
}
