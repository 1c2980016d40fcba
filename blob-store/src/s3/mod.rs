//! Objects in an S3 bucket: `{prefix}ab/cd/{hash}`.

mod check;
mod error;
mod maintenance;
mod note;
mod settings;
mod upload;

use std::{fmt, io, ops::Range, path::Path, sync::Arc, time::Duration};

use futures_util::TryStreamExt as _;
use object_store::{GetOptions, GetRange, ObjectStore as _, aws::AmazonS3, path::Path as Key};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::io::StreamReader;

use crate::{BlobId, Reader};
pub use error::S3Error;
use note::Notes;
pub use settings::{S3Settings, Timeouts};
pub(crate) use upload::Upload;

/// Parts of all uploads that are in memory while being sent.
const PARTS_AT_ONCE: usize = 8;

/// A bucket. Clones share the connections.
#[derive(Clone)]
pub(crate) struct S3(Arc<Inner>);

struct Inner {
    client: AmazonS3,
    prefix: String,
    place: String,
    timeouts: Timeouts,
    notes: Notes,
    parts: Arc<Semaphore>,
}

impl fmt::Debug for S3 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("S3").field(&self.0.place).finish()
    }
}

impl S3 {
    /// `folder` is where begun uploads are recorded.
    pub(crate) fn new(settings: &S3Settings, folder: &Path) -> Result<Self, S3Error> {
        Ok(Self(Arc::new(Inner {
            client: settings.client()?,
            prefix: settings.prefix()?,
            place: settings.place(),
            timeouts: settings.timeouts,
            notes: Notes::in_folder(folder),
            parts: Arc::new(Semaphore::new(PARTS_AT_ONCE)),
        })))
    }

    /// The key of an object in the bucket.
    fn key(&self, id: &BlobId) -> Key {
        self.named(&id.place())
    }

    /// `name` consists of letters, digits and slashes.
    fn named(&self, name: &str) -> Key {
        Key::from(format!("{}{name}", self.0.prefix))
    }

    /// Waits for a response, with a timeout.
    async fn ask<T>(
        &self,
        time_limit: Duration,
        question: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, S3Error> {
        match timeout(time_limit, question).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(S3Error::Unreachable(format!("nothing came within {} s", time_limit.as_secs()))),
        }
    }

    pub(crate) async fn open_part(&self, key: &Key, part: Range<u64>) -> Result<Reader, S3Error> {
        if part.is_empty() {
            return Ok(Reader::of_stream(tokio::io::empty()));
        }
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        let got = self.ask(self.0.timeouts.answer, self.0.client.get_opts(key, options)).await?;
        let bytes = got.into_stream().map_err(|error| io::Error::other(S3Error::from(error)));
        Ok(Reader::of_stream(StreamReader::new(bytes)))
    }

    pub(crate) async fn open(&self, id: &BlobId, part: Range<u64>) -> Result<Reader, S3Error> {
        self.open_part(&self.key(id), part).await
    }
}
