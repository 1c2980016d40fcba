use std::{
    fmt, fs,
    io::{self, Read},
    ops::Range,
    pin::Pin,
    task::{Context, Poll},
};

use hearth_core::Result;
use tokio::{
    fs::File,
    io::{AsyncRead, ReadBuf, Take},
};
use tokio_util::io::SyncIoBridge;

use crate::{BlobId, Blobs};

/// An existing object, ready to be read.
#[derive(Clone, Debug)]
pub struct Object {
    pub(crate) blobs: Blobs,
    pub(crate) id: BlobId,
    pub(crate) size_bytes: u64,
}

impl Object {
    pub fn id(&self) -> &BlobId {
        &self.id
    }

    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Opens the whole object.
    pub async fn open(&self) -> Result<Reader> {
        self.blobs.open(&self.id, 0..self.size_bytes).await
    }

    /// Opens a byte range.
    pub async fn open_part(&self, part: Range<u64>) -> Result<Reader> {
        self.blobs.open(&self.id, part).await
    }

    /// Opens the whole object, for a blocking thread inside a runtime.
    pub fn open_blocking(&self) -> Result<Box<dyn Read + Send>> {
        if let Some(path) = self.blobs.path(&self.id) {
            return Ok(Box::new(fs::File::open(path).map_err(crate::disk::of_disk)?));
        }
        let reader = tokio::runtime::Handle::current().block_on(self.open())?;
        Ok(Box::new(SyncIoBridge::new(reader)))
    }
}

/// The bytes of an object as a stream.
pub struct Reader(Source);

enum Source {
    File(Take<File>),
    Stream(Pin<Box<dyn AsyncRead + Send>>),
}

impl Reader {
    pub(crate) fn of_file(file: Take<File>) -> Self {
        Self(Source::File(file))
    }

    pub(crate) fn of_stream(stream: impl AsyncRead + Send + 'static) -> Self {
        Self(Source::Stream(Box::pin(stream)))
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.0 {
            Source::File(file) => Pin::new(file).poll_read(context, buffer),
            Source::Stream(stream) => stream.as_mut().poll_read(context, buffer),
        }
    }
}
