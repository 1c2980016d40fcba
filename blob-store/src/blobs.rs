use std::{io, ops::Range, path::PathBuf, sync::Arc, time::Duration};

use hearth_core::{Conflict, Error, Kind, Limit, Result};
use sha2::{Digest as _, Sha256};
use tokio::{
    fs::{self, File},
    io::{AsyncRead, AsyncReadExt as _},
    time::{self, Instant},
};

use crate::{
    BUFFER_BYTES, BlobId, Claim, Disk, Object, Promise, Reader, S3Error, S3Settings, Stored,
    claim::Claims,
    disk::of_disk,
    folder::Folder,
    incoming::Incoming,
    s3::{S3, Upload},
};

/// Free disk space is checked again after this many bytes.
const LOOK_EVERY_BYTES: u64 = 32 << 20;

/// Content-addressed objects. Clones share the store.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    place: Place,
    /// Where incoming files are until they get their final name, on this machine.
    incoming: PathBuf,
    disk: Arc<dyn Disk>,
    claims: Claims,
}

/// Where objects are stored.
#[derive(Debug)]
enum Place {
    Folder(Folder),
    S3(S3),
}

/// The condition of an object's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Sound,
    Missing,
    /// They have a different hash.
    Changed,
}

impl Blobs {
    /// Objects in a local folder, which is created if it does not exist.
    pub async fn in_folder(root: PathBuf, disk: Arc<dyn Disk>) -> io::Result<Self> {
        let incoming = root.join("incoming");
        fs::create_dir_all(&incoming).await?;
        let place = Place::Folder(Folder::at(root));
        Ok(Self(Arc::new(Inner { place, incoming, disk, claims: Claims::default() })))
    }

    /// Objects in a bucket; uploads are buffered in a local folder, which is created if it does not exist.
    /// Does not connect yet, so that a server that is down does not prevent the start.
    pub async fn in_s3(settings: &S3Settings, root: PathBuf, disk: Arc<dyn Disk>) -> Result<Self, S3Error> {
        let incoming = root.join("incoming");
        let made = fs::create_dir_all(&incoming).await;
        made.map_err(|error| S3Error::Settings(format!("{} cannot be used: {error}", root.display())))?;
        let place = Place::S3(S3::new(settings, &root)?);
        Ok(Self(Arc::new(Inner { place, incoming, disk, claims: Claims::default() })))
    }

    /// Removes what a crash left unfinished. For a server when it starts: nobody else may be writing.
    pub async fn clear_incoming(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.0.incoming).await?;
        fs::create_dir_all(&self.0.incoming).await?;
        match &self.0.place {
            Place::Folder(folder) => folder.return_removing().await.map_err(io::Error::other),
            Place::S3(s3) => s3.abandon_uploads().await,
        }
    }

    /// Tries every operation that the store needs permission for, for an operator. Returns where objects are
    /// stored.
    pub async fn check(&self) -> Result<String, S3Error> {
        match &self.0.place {
            Place::Folder(folder) => Ok(format!("in {}", folder.root().display())),
            Place::S3(s3) => s3.check().await,
        }
    }

    /// Whether the storage provider verifies the objects' integrity itself, so that reading them for that is
    /// pointless.
    pub fn is_checked_elsewhere(&self) -> bool {
        matches!(self.0.place, Place::S3(_))
    }

    /// The file of an object, whether it exists or not; none if objects are not local files.
    pub fn path(&self, id: &BlobId) -> Option<PathBuf> {
        match &self.0.place {
            Place::Folder(folder) => Some(folder.path(id)),
            Place::S3(_) => None,
        }
    }

    /// The object, if it exists.
    pub async fn find(&self, id: &BlobId) -> Result<Option<Object>> {
        Ok(self.find_all(vec![id.clone()]).await?.pop().flatten())
    }

    /// These objects in the same order; none for missing ones.
    pub async fn find_all(&self, ids: Vec<BlobId>) -> Result<Vec<Option<Object>>> {
        let sizes = self.sizes(ids.clone()).await?;
        let object = |(id, size): (BlobId, Option<u64>)| {
            size.map(|size_bytes| Object { blobs: self.clone(), id, size_bytes })
        };
        Ok(ids.into_iter().zip(sizes).map(object).collect())
    }

    pub async fn exists(&self, id: &BlobId) -> Result<bool> {
        Ok(self.find(id).await?.is_some())
    }

    /// The sizes of these objects as stored, in the same order; none for missing ones.
    pub async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>> {
        match &self.0.place {
            Place::Folder(folder) => folder.sizes(ids).await,
            Place::S3(s3) => Ok(s3.sizes(ids).await?),
        }
    }

    /// Opens a byte range of an object.
    pub async fn open(&self, id: &BlobId, part: Range<u64>) -> Result<Reader> {
        match &self.0.place {
            Place::Folder(folder) => folder.open(id, part).await,
            Place::S3(s3) => Ok(s3.open(id, part).await?),
        }
    }

    /// Protects an object from removal until the caller has written the row that refers to it. Call this
    /// before checking whether the object exists: other servers do not see the claim, but in a folder they
    /// see that the object was touched recently. In a bucket that is impossible; a race remains between
    /// another server's last check and the removal.
    pub async fn claim(&self, id: &BlobId) -> Claim {
        let claim = self.0.claims.claim(id).await;
        if let Place::Folder(folder) = &self.0.place
            && let Err(error) = folder.renew(id).await
        {
            // The caller will get the same error from what they do next.
            tracing::warn!(
                object = id.as_str(),
                error = &error as &dyn std::error::Error,
                "an object cannot be claimed"
            );
        }
        claim
    }

    /// Whether the object exists and counts as new, so that it is not removed before a row refers to it.
    /// Otherwise it has to be stored again.
    pub async fn renew(&self, id: &BlobId) -> Result<bool> {
        let _claim = self.claim(id).await;
        match &self.0.place {
            Place::Folder(folder) => folder.renew(id).await,
            Place::S3(s3) => Ok(s3.is_young(id).await?),
        }
    }

    /// Stores everything that `source` yields, at most `limit`. Storing an existing object has no effect.
    pub async fn put(
        &self,
        mut source: impl AsyncRead + Unpin,
        promise: &Promise,
        limit: Limit,
    ) -> Result<Stored> {
        let Inner { place, incoming, disk, .. } = &*self.0;
        let most = promise.size_bytes.unwrap_or(limit.most).min(limit.most);
        disk.check_room_for(promise.size_bytes.unwrap_or(0))?;
        let mut looked_at_bytes = 0;
        let mut incoming = Incoming::create(incoming.clone()).await.map_err(of_disk)?;
        // If the hash is promised, the upload begins while data comes in; the object only appears if the
        // promise holds.
        let mut upload = match (place, &promise.id) {
            (Place::S3(s3), Some(id)) => Some(Upload::new(s3, id, incoming.path(), most)),
            _ => None,
        };
        let (mut hasher, mut size_bytes, mut buffer) = (Sha256::new(), 0_u64, vec![0; BUFFER_BYTES]);
        loop {
            let read = source.read(&mut buffer).await.map_err(Error::internal)?;
            if read == 0 {
                break;
            }
            size_bytes += read as u64;
            if size_bytes > most {
                let is_limit = size_bytes > limit.most;
                return Err(if is_limit { Error::TooLarge(limit) } else { mismatch() });
            }
            if size_bytes - looked_at_bytes > LOOK_EVERY_BYTES {
                disk.check_room_for(0)?;
                looked_at_bytes = size_bytes;
            }
            hasher.update(&buffer[..read]);
            incoming.write(&buffer[..read]).await.map_err(of_disk)?;
            if let Some(upload) = upload.as_mut().filter(|upload| upload.is_part_whole(size_bytes)) {
                incoming.flush().await.map_err(of_disk)?;
                upload.grow_to(size_bytes).await?;
            }
        }
        let id = BlobId::of(hasher);
        let is_as_promised = promise.id.as_ref().is_none_or(|promised| *promised == id)
            && promise.size_bytes.is_none_or(|promised| promised == size_bytes);
        if !is_as_promised {
            return Err(mismatch());
        }
        match place {
            Place::Folder(folder) => incoming.persist(folder.path(&id)).await.map_err(of_disk)?,
            Place::S3(s3) => {
                incoming.flush().await.map_err(of_disk)?;
                let upload = upload.unwrap_or_else(|| Upload::new(s3, &id, incoming.path(), size_bytes));
                upload.finish(size_bytes).await?;
            }
        }
        Ok(Stored { id, size_bytes })
    }

    /// Adds a file that was hashed here and can no longer be written to as an object, by a hard link. On the
    /// same disk nothing is copied.
    pub async fn link(&self, file: PathBuf, id: &BlobId, size_bytes: u64, limit: Limit) -> Result<()> {
        let is_whole = self.sizes(vec![id.clone()]).await?.first() == Some(&Some(size_bytes));
        if is_whole && self.renew(id).await? {
            return Ok(());
        }
        let folder = match &self.0.place {
            Place::Folder(folder) => folder,
            Place::S3(s3) => {
                let _claim = self.claim(id).await;
                return Ok(Upload::new(s3, id, &file, size_bytes).finish(size_bytes).await?);
            }
        };
        let claim = self.claim(id).await;
        let linked = folder.link(file.clone(), id, self.0.incoming.clone()).await?;
        drop(claim);
        if linked {
            return Ok(());
        }
        // Another disk, or one without hard links: then there are two copies, which is correct but takes more
        // space.
        let source = File::open(file).await.map_err(Error::internal)?;
        let promise = Promise { id: Some(id.clone()), size_bytes: Some(size_bytes) };
        self.put(source, &promise, limit).await.map(drop)
    }

    /// Reads an object and verifies its hash, limited to this many bytes per second; 0: unlimited.
    pub async fn examine(&self, id: &BlobId, bytes_per_second: u64) -> Result<Condition> {
        let Some(object) = self.find(id).await? else { return Ok(Condition::Missing) };
        let mut reader = match object.open().await {
            Ok(reader) => reader,
            Err(Error::NotFound(Kind::Object)) => return Ok(Condition::Missing),
            Err(error) => return Err(error),
        };
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; BUFFER_BYTES]);
        let (begun, mut done_bytes) = (Instant::now(), 0_u64);
        loop {
            let read = reader.read(&mut buffer).await.map_err(of_reading)?;
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            done_bytes += read as u64;
            if let Some(due_ms) = (done_bytes * 1_000).checked_div(bytes_per_second) {
                time::sleep_until(begun + Duration::from_millis(due_ms)).await;
            }
        }
        Ok(if BlobId::of(hasher) == *id { Condition::Sound } else { Condition::Changed })
    }

    /// Moves corrupted bytes out of the way, so that the right ones can be stored again.
    pub async fn set_aside(&self, id: &BlobId) -> Result<()> {
        match &self.0.place {
            Place::Folder(folder) => folder.set_aside(id).await,
            Place::S3(s3) => Ok(s3.set_aside(id).await?),
        }
    }

    /// Objects in one of the 256 outer folders that are older than `age` and not linked from a run record.
    pub async fn list_old(&self, outer: u8, age: Duration) -> Result<Vec<BlobId>> {
        match &self.0.place {
            Place::Folder(folder) => folder.list_old(outer, age).await,
            Place::S3(s3) => Ok(s3.list_old(outer, age).await?),
        }
    }

    /// Removes those of the objects that are still old, unclaimed, and unreferenced according to a last call
    /// of `referenced`. Returns how many bytes were freed.
    pub async fn remove_unreferenced<Asked>(
        &self,
        ids: Vec<BlobId>,
        age: Duration,
        referenced: impl FnOnce(Vec<BlobId>) -> Asked,
    ) -> Result<u64>
    where
        Asked: Future<Output = Result<Vec<BlobId>>>,
    {
        let removing = self.0.claims.remove().await;
        let ids: Vec<BlobId> = ids.into_iter().filter(|id| !removing.is_claimed(id)).collect();
        let referenced = referenced(ids.clone()).await?;
        let unreferenced = ids.into_iter().filter(|id| !referenced.contains(id)).collect();
        match &self.0.place {
            Place::Folder(folder) => folder.remove_old(unreferenced, age, removing).await,
            Place::S3(s3) => Ok(s3.remove_old(unreferenced, age, removing).await?),
        }
    }

    /// Removes abandoned incoming files, and bytes that were set aside long ago. Restores objects whose
    /// removal was interrupted.
    pub async fn remove_leftovers(&self, incoming_age: Duration, aside_age: Duration) -> Result<usize> {
        let incoming = Folder::remove_older(self.0.incoming.clone(), incoming_age).await?;
        Ok(incoming
            + match &self.0.place {
                Place::Folder(folder) => {
                    folder.return_removing().await?;
                    folder.remove_aside(aside_age).await?
                }
                Place::S3(s3) => s3.remove_leftovers(aside_age).await?,
            })
    }
}

fn mismatch() -> Error {
    Error::Conflict(Conflict::HashMismatch)
}

/// The error for a failed read.
fn of_reading(error: io::Error) -> Error {
    match error.downcast::<S3Error>() {
        Ok(error) => error.into(),
        Err(error) => of_disk(error),
    }
}
