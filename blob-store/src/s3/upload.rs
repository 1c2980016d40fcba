//! Uploads of local files to a bucket: small ones in one request, larger ones as multipart uploads, which
//! become an object as a whole or not at all.

use std::{
    fs::File,
    io, mem,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use object_store::{
    MultipartId, ObjectStore as _, PutOptions, PutPayload,
    multipart::{MultipartStore as _, PartId},
    path::Path as Key,
};
use tokio::{
    runtime::Handle,
    task::{JoinSet, spawn_blocking},
    time::{self, Instant},
};

use super::{S3, S3Error, note::Note};
use crate::BlobId;

/// The minimum size of a part; S3 requires five MiB.
const PART_BYTES: u64 = 8 << 20;
/// The maximum number of parts that S3 allows.
const MOST_PARTS: u64 = 10_000;
/// Concurrent parts of one upload.
const PARTS_OF_ONE: usize = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

pub(crate) struct Upload {
    s3: S3,
    key: Key,
    file: PathBuf,
    part_bytes: u64,
    begun: Option<Begun>,
    /// Parts whose upload was started.
    sent: u64,
    sending: JoinSet<Result<(usize, PartId), S3Error>>,
    parts: Vec<Option<PartId>>,
    is_given_up: Arc<AtomicBool>,
}

impl Upload {
    /// For a file that will have at most this many bytes.
    pub(crate) fn new(s3: &S3, id: &BlobId, file: &Path, most_bytes: u64) -> Self {
        Self {
            s3: s3.clone(),
            key: s3.key(id),
            file: file.to_owned(),
            part_bytes: part_bytes(most_bytes),
            begun: None,
            sent: 0,
            sending: JoinSet::new(),
            parts: Vec::new(),
            is_given_up: Arc::default(),
        }
    }

    /// Whether another part can be sent once the file has this many bytes.
    pub(crate) fn is_part_whole(&self, bytes: u64) -> bool {
        // The last byte is kept back: a part that may be the last is sent by `finish`.
        bytes > (self.sent + 1) * self.part_bytes
    }

    /// Sends the parts that are complete. The object does not appear yet.
    pub(crate) async fn grow_to(&mut self, bytes: u64) -> Result<(), S3Error> {
        while self.is_part_whole(bytes) {
            self.send(self.part_bytes).await?;
        }
        while let Some(ended) = self.sending.try_join_next() {
            self.keep(ended)?;
        }
        Ok(())
    }

    /// Sends the rest of the file, which has this many bytes and the promised hash, and completes the object.
    /// Even if cancelled, the object ends up complete or does not exist.
    pub(crate) async fn finish(mut self, bytes: u64) -> Result<(), S3Error> {
        if self.sent == 0 && bytes <= self.part_bytes {
            return self.put(bytes).await;
        }
        self.grow_to(bytes).await?;
        let rest = bytes - self.sent * self.part_bytes;
        self.send(rest).await?;
        while let Some(ended) = self.sending.join_next().await {
            self.keep(ended)?;
        }
        let Some(parts) = mem::take(&mut self.parts).into_iter().collect::<Option<Vec<PartId>>>() else {
            return Err(S3Error::Odd("a part was lost on its way".into()));
        };
        let begun = self.begun.take().ok_or_else(|| S3Error::Odd("nothing was sent".into()))?;
        let completed = tokio::spawn(begun.complete(parts, bytes));
        completed.await.map_err(|error| S3Error::Odd(error.to_string()))?
    }

    async fn put(&self, bytes: u64) -> Result<(), S3Error> {
        let content = read(self.file.clone(), 0, bytes).await?;
        let put = self.s3.0.client.put_opts(&self.key, PutPayload::from(content), PutOptions::default());
        self.s3.ask(self.s3.0.timeouts.part, put).await.map(drop)
    }

    async fn send(&mut self, bytes: u64) -> Result<(), S3Error> {
        while self.sending.len() >= PARTS_OF_ONE
            && let Some(ended) = self.sending.join_next().await
        {
            self.keep(ended)?;
        }
        if self.begun.is_none() {
            self.begun = Some(Begun::new(&self.s3, self.key.clone()).await?);
        }
        let upload = self.begun.as_ref().map(|begun| begun.id.clone()).unwrap_or_default();
        let (s3, key, file, index) = (self.s3.clone(), self.key.clone(), self.file.clone(), self.parts.len());
        let offset = self.sent * self.part_bytes;
        self.parts.push(None);
        self.sent += 1;
        let is_given_up = Arc::clone(&self.is_given_up);
        self.sending.spawn(async move {
            let _place = s3.0.parts.acquire().await.map_err(|error| S3Error::Odd(error.to_string()))?;
            if is_given_up.load(Ordering::Relaxed) {
                return Err(S3Error::Odd("nobody wants the part any more".into()));
            }
            let content = PutPayload::from(read(file, offset, bytes).await?);
            Ok((index, send_part(&s3, &key, &upload, index, content, &is_given_up).await?))
        });
        Ok(())
    }

    fn keep(
        &mut self,
        ended: Result<Result<(usize, PartId), S3Error>, tokio::task::JoinError>,
    ) -> Result<(), S3Error> {
        let (index, part) = ended.map_err(|error| S3Error::Odd(error.to_string()))??;
        self.parts[index] = Some(part);
        Ok(())
    }
}

impl Drop for Upload {
    /// Waits for parts in flight first: a part that arrives after the upload was aborted would stay for ever.
    fn drop(&mut self) {
        self.is_given_up.store(true, Ordering::Relaxed);
        let (begun, mut sending) = (self.begun.take(), mem::take(&mut self.sending));
        if let (Some(begun), Ok(runtime)) = (begun, Handle::try_current()) {
            runtime.spawn(async move {
                while sending.join_next().await.is_some() {}
                drop(begun);
            });
        }
    }
}

/// Retries as long as that may help: an outage of a minute costs nobody an upload of hours.
async fn send_part(
    s3: &S3,
    key: &Key,
    upload: &MultipartId,
    index: usize,
    content: PutPayload,
    is_given_up: &AtomicBool,
) -> Result<PartId, S3Error> {
    let time_limit = s3.0.timeouts.part;
    let (begun, mut pause) = (Instant::now(), FIRST_PAUSE);
    loop {
        let rest = time_limit.saturating_sub(begun.elapsed());
        match s3.ask(rest, s3.0.client.put_part(key, upload, index, content.clone())).await {
            Err(error)
                if error.is_unreachable()
                    && begun.elapsed() + pause < time_limit
                    && !is_given_up.load(Ordering::Relaxed) =>
            {
                time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            answer => return answer,
        }
    }
}

fn part_bytes(most_bytes: u64) -> u64 {
    PART_BYTES.max(most_bytes.div_ceil(MOST_PARTS))
}

async fn read(file: PathBuf, offset: u64, bytes: u64) -> Result<Vec<u8>, S3Error> {
    let read = spawn_blocking(move || {
        let mut content = vec![0; usize::try_from(bytes).map_err(io::Error::other)?];
        File::open(file)?.read_exact_at(&mut content, offset)?;
        Ok(content)
    });
    read.await.map_err(io::Error::other).flatten().map_err(S3Error::File)
}

/// A multipart upload that the server knows of. If dropped before completion, it is aborted at once or once
/// the server is back.
struct Begun {
    s3: S3,
    key: Key,
    id: MultipartId,
    /// None: it has ended.
    note: Option<PathBuf>,
}

impl Begun {
    async fn new(s3: &S3, key: Key) -> Result<Self, S3Error> {
        // In a task of its own, so that cancellation leaves no unrecorded upload.
        let s3 = s3.clone();
        let begun = tokio::spawn(async move {
            let id = s3.ask(s3.0.timeouts.answer, s3.0.client.create_multipart(&key)).await?;
            let note = Note { key: key.to_string(), upload: id.clone() };
            let mut begun = Self { s3, key, id, note: None };
            begun.note = Some(begun.s3.0.notes.write(note).await.map_err(S3Error::File)?);
            Ok(begun)
        });
        begun.await.map_err(|error| S3Error::Odd(error.to_string()))?
    }

    async fn complete(mut self, parts: Vec<PartId>, bytes: u64) -> Result<(), S3Error> {
        let client = &self.s3.0.client;
        let completing = client.complete_multipart(&self.key, &self.id, parts);
        if let Err(error) = self.s3.ask(self.s3.0.timeouts.completion, completing).await {
            // The response may have been lost although the object exists.
            let size = self.s3.size_at(&self.key).await?;
            if size != Some(bytes) {
                return Err(error);
            }
        }
        if let Some(note) = self.note.take() {
            remove(&note).await;
        }
        Ok(())
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // Without a runtime the process is ending: the next one finds the note.
        let (Some(note), Ok(runtime)) = (self.note.take(), Handle::try_current()) else { return };
        let (s3, key, id) = (self.s3.clone(), self.key.clone(), mem::take(&mut self.id));
        runtime.spawn(async move {
            match s3.forget(&key, &id).await {
                Ok(()) => remove(&note).await,
                Err(_) => s3.0.notes.leave(&note).await,
            }
        });
    }
}

/// A note that remains costs one request to the server at the next start.
async fn remove(note: &Path) {
    if let Err(error) = tokio::fs::remove_file(note).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "the note of an upload cannot be removed");
    }
}
