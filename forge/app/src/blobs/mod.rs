//! The one content-addressed store: LFS objects and outputs, by SHA-256.
//!
//! `{root}/ab/cd/{hash}`. An object is written to a temporary file, hashed on the way, synced, and then renamed, so
//! what has a name is complete and survives a power cut.

mod claim;
mod incoming;
mod stock;

use std::{io, path::PathBuf};

use data_encoding::HEXLOWER;
use hearth_core::{Conflict, Dependency, Error, Kind, Limit, Result};
use rustix::{
    fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, utimensat},
    io::Errno,
};
use sha2::{Digest as _, Sha256};
use tokio::{
    fs::{self, File},
    io::{AsyncRead, AsyncReadExt as _},
    task::spawn_blocking,
};

use crate::{DataDisk, record};
pub use claim::Claim;
use claim::Claims;
use incoming::Incoming;
pub use stock::Condition;

/// The SHA-256 of an object: 64 lowercase hex characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId(String);

impl BlobId {
    /// `None` unless it is exactly 64 lowercase hex characters.
    pub fn parse(text: &str) -> Option<Self> {
        let is_good = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_good.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: BlobId,
    pub size_bytes: u64,
}

/// What the sender promised; anything else is refused and leaves nothing.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    pub id: Option<BlobId>,
    pub size_bytes: Option<u64>,
}

/// Objects by content, in a folder.
#[derive(Clone, Debug)]
pub struct Blobs {
    root: PathBuf,
    disk: DataDisk,
    claims: Claims,
}

const BUFFER_BYTES: usize = 256 << 10;
/// After so many bytes the disk is looked at again.
const LOOK_EVERY_BYTES: u64 = 32 << 20;

impl Blobs {
    /// Opens the folder, making it when it is not there.
    pub async fn open(root: PathBuf, disk: DataDisk) -> io::Result<Self> {
        let blobs = Self { root, disk, claims: Claims::default() };
        fs::create_dir_all(blobs.incoming()).await?;
        Ok(blobs)
    }

    /// Removes what a stop left half written. For a server at its start: nobody else may be writing.
    pub async fn clear_incoming(&self) -> io::Result<()> {
        fs::remove_dir_all(self.incoming()).await?;
        fs::create_dir_all(self.incoming()).await
    }

    /// The file of an object, whether it exists or not.
    pub fn path(&self, id: &BlobId) -> PathBuf {
        let hash = id.as_str();
        self.root.join(&hash[..2]).join(&hash[2..4]).join(hash)
    }

    pub async fn exists(&self, id: &BlobId) -> bool {
        fs::try_exists(self.path(id)).await.unwrap_or(false)
    }

    /// Keeps an object from being removed until whoever asks has written the row that names it.
    pub async fn claim(&self, id: &BlobId) -> Claim {
        self.claims.claim(id).await
    }

    /// Whether the object is there; if so, it is as young as if it had come now.
    pub async fn renew(&self, id: &BlobId) -> Result<bool> {
        let _claim = self.claim(id).await;
        let path = self.path(id);
        let now = Timestamps {
            last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
            last_modification: Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
        };
        record::blocking(move || match utimensat(CWD, path, &now, AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(false),
            touched => Ok(touched.map(|()| true)?),
        })
        .await
    }

    /// Opens an object for reading, with its size in bytes.
    pub async fn read(&self, id: &BlobId) -> Result<(File, u64)> {
        let file = File::open(self.path(id)).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::NotFound(Kind::Object),
            _ => Error::internal(error),
        })?;
        let size_bytes = file.metadata().await.map_err(Error::internal)?.len();
        Ok((file, size_bytes))
    }

    /// Stores everything `source` gives, at most `limit`. Storing what is there already changes nothing.
    pub async fn put(
        &self,
        mut source: impl AsyncRead + Unpin,
        promise: &Promise,
        limit: Limit,
    ) -> Result<Stored> {
        let most = promise.size_bytes.unwrap_or(limit.most).min(limit.most);
        self.disk.check_room_for(promise.size_bytes.unwrap_or(0))?;
        let mut looked_at_bytes = 0;
        let mut incoming = Incoming::create(self.incoming()).await.map_err(disk)?;
        let (mut hasher, mut size_bytes, mut buffer) = (Sha256::new(), 0_u64, vec![0; BUFFER_BYTES]);
        loop {
            let read = source.read(&mut buffer).await.map_err(Error::internal)?;
            if read == 0 {
                break;
            }
            size_bytes += read as u64;
            if size_bytes > most {
                let is_limit = size_bytes > limit.most;
                return Err(if is_limit {
                    Error::TooLarge(limit)
                } else {
                    Error::Conflict(Conflict::HashMismatch)
                });
            }
            if size_bytes - looked_at_bytes > LOOK_EVERY_BYTES {
                self.disk.check_room_for(0)?;
                looked_at_bytes = size_bytes;
            }
            hasher.update(&buffer[..read]);
            incoming.write(&buffer[..read]).await.map_err(disk)?;
        }
        let id = BlobId(hex(hasher));
        let is_as_promised = promise.id.as_ref().is_none_or(|promised| *promised == id)
            && promise.size_bytes.is_none_or(|promised| promised == size_bytes);
        if !is_as_promised {
            return Err(Error::Conflict(Conflict::HashMismatch));
        }
        incoming.settle(self.path(&id)).await.map_err(disk)?;
        Ok(Stored { id, size_bytes })
    }

    /// Gives bytes that were hashed here, and that nobody can write to any more, their name among the objects as well. On one
    /// disk no second copy of them is made.
    pub async fn adopt(&self, file: PathBuf, id: &BlobId, size_bytes: u64, limit: Limit) -> Result<()> {
        let (target, incoming) = (self.path(id), self.incoming());
        let is_whole = fs::metadata(&target).await.is_ok_and(|facts| facts.len() == size_bytes);
        if is_whole && self.renew(id).await? {
            return Ok(());
        }
        let from = file.clone();
        let claim = self.claim(id).await;
        let linked = spawn_blocking(move || {
            let folder = target.parent().expect("an object lies in a folder");
            std::fs::create_dir_all(folder)?;
            // As young as if it had come now: whoever looks for what nobody names lets it be until it is named.
            let now = Timestamps {
                last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
                last_modification: Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
            };
            utimensat(CWD, &from, &now, AtFlags::empty())?;
            let link = |place: &std::path::Path| std::fs::hard_link(&from, place);
            let named = tempfile::Builder::new().prefix("object-").make_in(incoming, link)?;
            named.into_temp_path().persist(&target)?;
            std::fs::File::open(folder)?.sync_all()
        });
        let linked = linked.await.map_err(Error::internal)?;
        drop(claim);
        match linked {
            Ok(()) => Ok(()),
            Err(error) if hearth_runner::outputs::is_full(&error) => Err(disk(error)),
            // Another disk, or one that knows no links: there are two copies, which is as right, only larger.
            Err(_) => {
                let source = File::open(file).await.map_err(Error::internal)?;
                let promise = Promise { id: Some(id.clone()), size_bytes: Some(size_bytes) };
                self.put(source, &promise, limit).await.map(drop)
            }
        }
    }

    /// Where files lie that have no name yet.
    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }
}

fn hex(hasher: Sha256) -> String {
    HEXLOWER.encode(&hasher.finalize())
}

/// A write that fails for want of room is the disk's, anything else is a fault.
fn disk(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::QuotaExceeded => {
            tracing::error!(error = &error as &dyn std::error::Error, "an object cannot be stored");
            Error::Unavailable(Dependency::Disk)
        }
        _ => Error::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::AsyncWriteExt as _;

    use super::*;
    use crate::disk::DiskSettings;

    const LIMIT: Limit = Limit { name: "test", most: 1_000, key: "limits.test" };

    async fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = DataDisk::of(folder.path().to_owned(), DiskSettings::default());
        let blobs = Blobs::open(folder.path().join("blobs"), disk).await.expect("opens");
        (folder, blobs)
    }

    #[tokio::test]
    async fn what_is_stored_is_read_back() {
        let (_folder, blobs) = blobs().await;
        let stored = blobs.put(&b"hello"[..], &Promise::default(), LIMIT).await.expect("stored");
        assert_eq!(stored.id.as_str(), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        let (mut file, size_bytes) = blobs.read(&stored.id).await.expect("there");
        let mut text = String::new();
        file.read_to_string(&mut text).await.expect("readable");
        assert_eq!((text.as_str(), size_bytes), ("hello", 5));
    }

    #[tokio::test]
    async fn bytes_with_another_hash_leave_nothing() {
        let (_folder, blobs) = blobs().await;
        let promised = BlobId::parse(&"0".repeat(64));
        let promise = Promise { id: promised.clone(), size_bytes: None };
        let refused = blobs.put(&b"hello"[..], &promise, LIMIT).await;
        assert!(matches!(refused, Err(Error::Conflict(Conflict::HashMismatch))), "{refused:?}");
        assert!(!blobs.exists(&promised.expect("an id")).await);
        assert_eq!(std::fs::read_dir(blobs.incoming()).expect("a folder").count(), 0);
    }

    #[tokio::test]
    async fn who_stops_sending_or_waiting_leaves_nothing() {
        let (_folder, blobs) = blobs().await;
        let id =
            BlobId::parse("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824").expect("an id");
        // The future is dropped after each number of steps: before there is a file, while it grows, while it gets its name.
        for steps in 0..12 {
            let (mut sender, source) = tokio::io::duplex(64);
            let promise = Promise::default();
            let putting = blobs.put(source, &promise, LIMIT);
            let mut putting = std::pin::pin!(putting);
            sender.write_all(b"hello").await.expect("room");
            let mut sender = (steps % 2 == 0).then_some(sender);
            for _ in 0..steps {
                let step = Duration::from_millis(2);
                if tokio::time::timeout(step, &mut putting).await.is_ok() {
                    break;
                }
                sender.take_if(|_| steps > 4);
            }
        }
        let is_settled = || std::fs::read_dir(blobs.incoming()).expect("a folder").count() == 0;
        for _ in 0..500 {
            if is_settled() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(is_settled(), "something is left");
        if blobs.exists(&id).await {
            assert_eq!(blobs.read(&id).await.expect("there").1, 5, "what has a name is whole");
        }
    }

    #[tokio::test]
    async fn what_was_hashed_here_gets_its_name_without_a_copy() {
        use std::os::unix::fs::MetadataExt as _;
        let (folder, blobs) = blobs().await;
        let file = folder.path().join("made");
        std::fs::write(&file, b"hello").expect("written");
        let id = BlobId::parse(&HEXLOWER.encode(&Sha256::digest(b"hello"))).expect("an id");
        for _ in 0..2 {
            blobs.adopt(file.clone(), &id, 5, LIMIT).await.expect("kept");
            let inode = |path: &std::path::Path| std::fs::metadata(path).expect("there").ino();
            assert_eq!(inode(&file), inode(&blobs.path(&id)));
            assert_eq!(std::fs::read_dir(blobs.incoming()).expect("a folder").count(), 0);
        }
        std::fs::remove_file(blobs.path(&id)).expect("removed");
        std::fs::write(blobs.path(&id), b"hel").expect("cut off");
        blobs.adopt(file, &id, 5, LIMIT).await.expect("kept");
        assert_eq!(blobs.read(&id).await.expect("there").1, 5, "what was cut off is whole again");
    }

    #[tokio::test]
    async fn more_than_the_limit_is_refused() {
        let (_folder, blobs) = blobs().await;
        let refused = blobs.put(&[0; 1_001][..], &Promise::default(), LIMIT).await;
        assert!(matches!(refused, Err(Error::TooLarge(limit)) if limit == LIMIT), "{refused:?}");
    }

    #[test]
    fn only_64_lowercase_hex_characters_are_an_id() {
        for bad in ["", "ABC", &"g".repeat(64), &"A".repeat(64), &"0".repeat(63), "../../../../etc/passwd"] {
            assert_eq!(BlobId::parse(bad), None, "{bad}");
        }
    }
}
