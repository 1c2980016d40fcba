use std::{io, ops::Range, path::PathBuf, sync::Arc, time::Duration};

use hearth_core::{Conflict, Error, Kind, Limit, Result};
use sha2::{Digest as _, Sha256};
use tokio::{
    fs::{self, File},
    io::{AsyncRead, AsyncReadExt as _},
    time::{self, Instant},
};

use crate::{
    BUFFER_BYTES, BlobId, Claim, Disk, Object, Promise, Reader, S3Settings, S3Trouble, Stored,
    claim::Claims,
    disk::of_disk,
    folder::Folder,
    incoming::Incoming,
    s3::{S3, Upload},
};

/// After so many bytes the disk is looked at again.
const LOOK_EVERY_BYTES: u64 = 32 << 20;

/// Objects by content. Clones are the same store.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    place: Place,
    /// Where files lie that have no name yet, on this machine.
    incoming: PathBuf,
    disk: Arc<dyn Disk>,
    claims: Claims,
}

/// Where objects are kept.
#[derive(Debug)]
enum Place {
    Folder(Folder),
    S3(S3),
}

/// How the bytes of an object are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Sound,
    Missing,
    /// They have another hash.
    Changed,
}

impl Blobs {
    /// Objects in a folder of this machine, which is made when it is not there.
    pub async fn in_folder(root: PathBuf, disk: Arc<dyn Disk>) -> io::Result<Self> {
        let incoming = root.join("incoming");
        fs::create_dir_all(&incoming).await?;
        let place = Place::Folder(Folder::at(root));
        Ok(Self(Arc::new(Inner { place, incoming, disk, claims: Claims::default() })))
    }

    /// Objects in a bucket. What is on its way there lies in a folder of this machine, which is made when it is not there. The
    /// server is not asked yet: one that is away comes back.
    pub async fn in_s3(settings: &S3Settings, root: PathBuf, disk: Arc<dyn Disk>) -> Result<Self, S3Trouble> {
        let incoming = root.join("incoming");
        let made = fs::create_dir_all(&incoming).await;
        made.map_err(|error| S3Trouble::Settings(format!("{} cannot be used: {error}", root.display())))?;
        let place = Place::S3(S3::new(settings, &root)?);
        Ok(Self(Arc::new(Inner { place, incoming, disk, claims: Claims::default() })))
    }

    /// Removes what a stop left half done. For a server at its start: nobody else may be writing.
    pub async fn clear_incoming(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.0.incoming).await?;
        fs::create_dir_all(&self.0.incoming).await?;
        match &self.0.place {
            Place::Folder(folder) => folder.return_removing().await.map_err(io::Error::other),
            Place::S3(s3) => s3.abandon_uploads().await,
        }
    }

    /// Tries everything that the store needs to be allowed, for an operator. Gives where objects are kept.
    pub async fn check(&self) -> Result<String, S3Trouble> {
        match &self.0.place {
            Place::Folder(folder) => Ok(format!("in {}", folder.root().display())),
            Place::S3(s3) => s3.check().await,
        }
    }

    /// Whether who keeps the objects sees to it that they stay what they are, so that reading them twice is in vain.
    pub fn is_checked_elsewhere(&self) -> bool {
        matches!(self.0.place, Place::S3(_))
    }

    /// The file of an object, whether it exists or not; none where objects are not files of this machine.
    pub fn path(&self, id: &BlobId) -> Option<PathBuf> {
        match &self.0.place {
            Place::Folder(folder) => Some(folder.path(id)),
            Place::S3(_) => None,
        }
    }

    /// The object, if it is there.
    pub async fn find(&self, id: &BlobId) -> Result<Option<Object>> {
        Ok(self.find_all(vec![id.clone()]).await?.pop().flatten())
    }

    /// These objects in their order; none for one that is not there.
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

    /// The sizes of these objects as they are kept, in their order; none for one that is not there.
    pub async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>> {
        match &self.0.place {
            Place::Folder(folder) => folder.sizes(ids).await,
            Place::S3(s3) => Ok(s3.sizes(ids).await?),
        }
    }

    /// Reads a part of an object: from its first byte up to, without, the last.
    pub async fn open(&self, id: &BlobId, part: Range<u64>) -> Result<Reader> {
        match &self.0.place {
            Place::Folder(folder) => folder.open(id, part).await,
            Place::S3(s3) => Ok(s3.open(id, part).await?),
        }
    }

    /// Keeps an object from being removed until whoever asks has written the row that names it. Call it before asking whether the
    /// object is there: other servers know of no claim, and see one in a folder by its being young from then on. In a bucket that
    /// cannot be; there it takes the moment between a last look and the removal.
    pub async fn claim(&self, id: &BlobId) -> Claim {
        let claim = self.0.claims.claim(id).await;
        if let Place::Folder(folder) = &self.0.place
            && let Err(error) = folder.renew(id).await
        {
            // Whoever claimed it will hear the same of what they do with it.
            tracing::warn!(
                object = id.as_str(),
                error = &error as &dyn std::error::Error,
                "an object cannot be claimed"
            );
        }
        claim
    }

    /// Whether the object is there and counts as one that has just come, so that it is not removed before it is named. One that is
    /// not has to be stored again.
    pub async fn renew(&self, id: &BlobId) -> Result<bool> {
        let _claim = self.claim(id).await;
        match &self.0.place {
            Place::Folder(folder) => folder.renew(id).await,
            Place::S3(s3) => Ok(s3.is_young(id).await?),
        }
    }

    /// Stores everything `source` gives, at most `limit`. Storing what is there already changes nothing.
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
        // What is promised goes on to the server while it comes in; it gets its name only when it is as promised.
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
            Place::Folder(folder) => incoming.settle(folder.path(&id)).await.map_err(of_disk)?,
            Place::S3(s3) => {
                incoming.flush().await.map_err(of_disk)?;
                let upload = upload.unwrap_or_else(|| Upload::new(s3, &id, incoming.path(), size_bytes));
                upload.finish(size_bytes).await?;
            }
        }
        Ok(Stored { id, size_bytes })
    }

    /// Gives bytes that were hashed here, and that nobody can write to any more, their name among the objects as well. On one
    /// disk no second copy of them is made.
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
        // Another disk, or one that knows no links: there are two copies, which is as right, only larger.
        let source = File::open(file).await.map_err(Error::internal)?;
        let promise = Promise { id: Some(id.clone()), size_bytes: Some(size_bytes) };
        self.put(source, &promise, limit).await.map(drop)
    }

    /// Reads an object and compares it with its hash, at most so many bytes in a second; 0: as fast as it goes.
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

    /// Moves bytes that are not what their name says out of the way, so that the right ones can come again.
    pub async fn set_aside(&self, id: &BlobId) -> Result<()> {
        match &self.0.place {
            Place::Folder(folder) => folder.set_aside(id).await,
            Place::S3(s3) => Ok(s3.set_aside(id).await?),
        }
    }

    /// Objects of one of the 256 outer folders that nothing has touched for `age`, and that no run record shares.
    pub async fn list_old(&self, outer: u8, age: Duration) -> Result<Vec<BlobId>> {
        match &self.0.place {
            Place::Folder(folder) => folder.list_old(outer, age).await,
            Place::S3(s3) => Ok(s3.list_old(outer, age).await?),
        }
    }

    /// Removes those of the objects that are as old as ever and that nobody is about to name, after `is_named` was asked for the
    /// last time. Gives the bytes that became free.
    pub async fn remove_unnamed<Asked>(
        &self,
        ids: Vec<BlobId>,
        age: Duration,
        named: impl FnOnce(Vec<BlobId>) -> Asked,
    ) -> Result<u64>
    where
        Asked: Future<Output = Result<Vec<BlobId>>>,
    {
        let removing = self.0.claims.remove().await;
        let ids: Vec<BlobId> = ids.into_iter().filter(|id| !removing.is_claimed(id)).collect();
        let named = named(ids.clone()).await?;
        let unnamed = ids.into_iter().filter(|id| !named.contains(id)).collect();
        match &self.0.place {
            Place::Folder(folder) => folder.remove_old(unnamed, age, removing).await,
            Place::S3(s3) => Ok(s3.remove_old(unnamed, age, removing).await?),
        }
    }

    /// Removes what came in half and nobody works on any more, and bytes that were set aside long ago. What a stop caught in its removal
    /// is an object again.
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

/// Why reading an object broke off.
fn of_reading(error: io::Error) -> Error {
    match error.downcast::<S3Trouble>() {
        Ok(trouble) => trouble.into(),
        Err(error) => of_disk(error),
    }
}
