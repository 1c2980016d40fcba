//! LFS objects of repositories: bytes in the shared content-addressed store, and a row for each repository
//! that received them. Knowing a hash gives no access to the bytes: only the row does, and only sending the
//! bytes creates a row.

use std::collections::HashMap;

use hearth_core::{Conflict, Dependency, Error, Kind, MayPush, Read, RepositoryId, Result};
use hearth_store::{
    blob,
    lfs_object::{self, LfsObject},
};
use tokio::io::AsyncRead;

use super::{lfs_room::Room, lfs_upload};
use crate::{
    Access, App,
    blobs::{BlobId, Object, Promise},
    storage,
};

/// What git stores in place of a large file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    pub oid: BlobId,
    pub size_bytes: u64,
}

const VERSION: &str = "version https://git-lfs.github.com/spec/v1";
/// Pointers are shorter than this.
pub const MAX_POINTER_BYTES: u64 = 1024;

impl Pointer {
    /// Parses a pointer; none if the bytes are an ordinary file.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() as u64 > MAX_POINTER_BYTES {
            return None;
        }
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        if lines.next()? != VERSION {
            return None;
        }
        let (mut oid, mut size_bytes) = (None, None);
        for line in lines {
            match line.split_once(' ')? {
                ("oid", value) => oid = BlobId::parse(value.strip_prefix("sha256:")?),
                ("size", value) => size_bytes = value.parse().ok(),
                _ => {}
            }
        }
        Some(Self { oid: oid?, size_bytes: size_bytes? })
    }

    /// The pointer as git stores it.
    pub fn to_text(&self) -> String {
        format!("{VERSION}\noid sha256:{}\nsize {}\n", self.oid.as_str(), self.size_bytes)
    }
}

/// An object that a repository has received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub size_bytes: u64,
    /// Whether its bytes are on the disk. If not, they may be uploaded again.
    pub is_here: bool,
}

/// Which of these objects the repository has. The row says that it received them, the disk whether they are
/// still there.
pub async fn held(app: &App, access: &Access<Read>, oids: &[BlobId]) -> Result<HashMap<String, Held>> {
    held_by(app, access.repository().id, oids).await
}

pub(super) async fn held_by(
    app: &App,
    repository: RepositoryId,
    oids: &[BlobId],
) -> Result<HashMap<String, Held>> {
    let oids: Vec<_> = oids.iter().map(|oid| oid.as_str().to_owned()).collect();
    let mut reader = app.store().read().await?;
    let mut rows = lfs_object::find_all(&mut reader, repository, &oids).await?;
    drop(reader);
    rows.retain(|row| BlobId::parse(&row.oid).is_some());
    let ids = rows.iter().filter_map(|row| BlobId::parse(&row.oid)).collect();
    let found = app.blobs().sizes(ids).await?;
    let held = rows.into_iter().zip(found).map(|(row, found)| {
        let size_bytes = size(row.size_bytes);
        (row.oid, Held { size_bytes, is_here: found == Some(size_bytes) })
    });
    Ok(held.collect())
}

/// Where the bytes of a pointer's object are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Here,
    /// The repository received them, but they are lost.
    Lost,
    /// The repository never received them.
    NeverUploaded,
}

/// Where the bytes of an object are. While the blob store is unavailable, they count as present.
pub async fn presence(app: &App, access: &Access<Read>, oid: &BlobId) -> Result<Presence> {
    match held(app, access, std::slice::from_ref(oid)).await {
        Ok(held) => Ok(match held.get(oid.as_str()) {
            Some(held) if held.is_here => Presence::Here,
            Some(_) => Presence::Lost,
            None => Presence::NeverUploaded,
        }),
        Err(Error::Unavailable(Dependency::BlobStore)) => Ok(Presence::Here),
        Err(error) => Err(error),
    }
}

fn size(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or(0)
}

/// Stores the bytes of an object. They are complete on disk before the row is written.
pub async fn store(
    app: &App,
    access: &Access<impl MayPush>,
    oid: &BlobId,
    size_bytes: Option<u64>,
    source: impl AsyncRead + Unpin,
) -> Result<LfsObject> {
    let limit = app.limits().lfs_object();
    if size_bytes.is_some_and(|size| size > limit.most) {
        return Err(Error::TooLarge(limit));
    }
    let promise = Promise { id: Some(oid.clone()), size_bytes };
    let _claim = app.blobs().claim(oid).await;
    let stored = app.blobs().put(source, &promise, limit).await?;
    record(app, access.repository().id, oid, stored.size_bytes).await
}

/// Writes down that a repository received an object, whose bytes are stored and claimed, if its owner has room for it.
pub(super) async fn record(
    app: &App,
    repository_id: RepositoryId,
    oid: &BlobId,
    size_bytes: u64,
) -> Result<LfsObject> {
    let object = LfsObject {
        repository_id,
        oid: oid.as_str().to_owned(),
        size_bytes: i64::try_from(size_bytes).unwrap_or(i64::MAX),
        created_at: app.now(),
    };
    let mut operation = app.begin().await?;
    let room = Room::of_repository(&mut operation, repository_id).await?;
    lfs_object::insert(&mut operation, &object, object.created_at).await?;
    lfs_upload::forget(&mut operation, repository_id, oid).await?;
    room.check(app, &mut operation).await?;
    if blob::clear_fault(&mut operation, &object.oid).await? {
        tracing::info!(object = object.oid, "a lost object was uploaded again");
    }
    operation.commit().await?;
    Ok(object)
}

/// Opens an object of the repository for reading.
pub async fn open(app: &App, access: &Access<Read>, oid: &BlobId) -> Result<Object> {
    let mut reader = app.store().read().await?;
    let row = lfs_object::find(&mut reader, access.repository().id, oid.as_str()).await?;
    drop(reader);
    let row = row.ok_or(Error::NotFound(Kind::Object))?;
    storage::open_sound(app, oid, size(row.size_bytes)).await
}

/// Checks that the repository has the object with this size, for somebody who is about to refer to it: it is kept for as long as
/// that takes.
pub async fn verify(app: &App, access: &Access<Read>, oid: &BlobId, size_bytes: u64) -> Result<()> {
    if access.push().is_ok() {
        return need(app, access.repository().id, oid, size_bytes).await;
    }
    let mut reader = app.store().read().await?;
    let row = lfs_object::find(&mut reader, access.repository().id, oid.as_str()).await?;
    drop(reader);
    check_size(app, row, oid, size_bytes).await
}

/// The same for whoever may push.
pub(super) async fn need(app: &App, repository: RepositoryId, oid: &BlobId, size_bytes: u64) -> Result<()> {
    let mut operation = app.begin().await?;
    let (oids, now) = ([oid.as_str().to_owned()], operation.now());
    lfs_object::need(&mut operation, repository, &oids, now).await?;
    let row = lfs_object::find(&mut operation, repository, oid.as_str()).await?;
    operation.commit().await?;
    check_size(app, row, oid, size_bytes).await
}

async fn check_size(app: &App, row: Option<LfsObject>, oid: &BlobId, size_bytes: u64) -> Result<()> {
    match row {
        None => Err(Error::NotFound(Kind::Object)),
        Some(row) if size(row.size_bytes) == size_bytes => {
            storage::open_sound(app, oid, size_bytes).await.map(drop)
        }
        Some(_) => Err(Error::Conflict(Conflict::HashMismatch)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_read_as_it_was_written() {
        let pointer = Pointer { oid: BlobId::parse(&"a1".repeat(32)).expect("an id"), size_bytes: 7 };
        assert_eq!(Pointer::parse(pointer.to_text().as_bytes()), Some(pointer));
    }

    #[test]
    fn ordinary_files_are_no_pointers() {
        let wrong = format!("{VERSION}\noid sha256:../../etc/passwd\nsize 7\n");
        for text in ["", "hello", VERSION, wrong.as_str(), "\u{0}"] {
            assert_eq!(Pointer::parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_can_be_looked_at(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..2_000)) {
            let _ = Pointer::parse(&bytes);
        }

        #[test]
        fn what_is_read_can_be_written_and_read_again(hex in "[0-9a-f]{64}", size_bytes: u64, more in "[a-z0-9 :\n]{0,80}") {
            let text = format!("{VERSION}\noid sha256:{hex}\nsize {size_bytes}\n{more}");
            if let Some(pointer) = Pointer::parse(text.as_bytes()) {
                proptest::prop_assert_eq!(Pointer::parse(pointer.to_text().as_bytes()), Some(pointer));
            }
        }
    }
}
