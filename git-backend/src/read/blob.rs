//! File contents.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::io::{AsyncRead, ReadBuf};

use crate::{
    Error, ObjectId, OpenRepository, Repository, Result, child::ChildOutput, program::ChildReader,
    repository::OBJECT_BYTES,
};

/// A file's content, if it is small enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Its id.
    pub id: ObjectId,
    /// Its size in bytes.
    pub size: u64,
    /// The content; `None` when it is larger than asked for.
    pub data: Option<Vec<u8>>,
}

impl Blob {
    /// Whether this looks binary: a NUL among the first bytes, git's heuristic.
    pub fn is_binary(&self) -> bool {
        self.data.as_deref().is_some_and(|data| data[..data.len().min(8000)].contains(&0))
    }
}

impl OpenRepository {
    /// A blob with its content, unless that is larger than `max_bytes`.
    pub fn blob(&self, id: ObjectId, max_bytes: u64) -> Result<Blob> {
        let size = self.blob_size(id)?;
        if size > max_bytes.min(OBJECT_BYTES as u64) {
            return Ok(Blob { id, size, data: None });
        }
        self.budget.charge(0, size)?;
        let object = self.gix.try_find_object(id.gix())?;
        let object = object.ok_or_else(|| Error::Damaged(format!("blob {id} is missing")))?;
        Ok(Blob { id, size, data: Some(object.detach().data) })
    }

    /// How many bytes a blob has.
    pub fn blob_size(&self, id: ObjectId) -> Result<u64> {
        self.budget.charge(1, 0)?;
        let header = self.gix.try_find_header(id.gix())?;
        let header = header.ok_or_else(|| Error::Damaged(format!("blob {id} is missing")))?;
        if header.kind() == gix::objs::Kind::Blob { Ok(header.size()) } else { Err(Error::WrongKind("blob")) }
    }
}

/// A blob's bytes, for reading on a blocking thread.
pub enum BlobReader {
    /// A small one.
    Memory(std::io::Cursor<Vec<u8>>),
    /// A large one, from a child process.
    Child(ChildReader),
}

impl std::io::Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(buffer),
            Self::Child(child) => child.read(buffer),
        }
    }
}

impl OpenRepository {
    /// Size and bytes of a blob of any size; a large one is never held in memory as a whole.
    pub fn blob_reader(&self, id: ObjectId) -> Result<(u64, BlobReader)> {
        let blob = self.blob(id, MAX_BYTES_AT_ONCE)?;
        let reader = if let Some(data) = blob.data {
            BlobReader::Memory(std::io::Cursor::new(data))
        } else {
            let mut command = self.repository.store.program.command(self.repository.path(), "cat-file");
            command.args(["blob", &id.to_string()]);
            BlobReader::Child(ChildReader::spawn(command, "cat-file")?)
        };
        Ok((blob.size, reader))
    }
}

/// Blobs up to this size are read in one go; larger ones are streamed by a child process.
const MAX_BYTES_AT_ONCE: u64 = 4 << 20;
const STREAM_TIMEOUT: Duration = Duration::from_hours(1);

/// A stream of a blob's bytes.
pub struct BlobStream {
    /// The total number of bytes.
    pub size: u64,
    source: Source,
}

enum Source {
    Memory(std::io::Cursor<Vec<u8>>),
    Child(Box<ChildOutput>),
}

impl BlobStream {
    /// All bytes if they are in memory, which those of a large blob are not.
    pub fn held(&self) -> Option<&[u8]> {
        match &self.source {
            Source::Memory(bytes) => Some(bytes.get_ref()),
            Source::Child(_) => None,
        }
    }

    /// Passes over the first bytes. Those of a large blob have to be read for that.
    pub async fn skip(&mut self, bytes: u64) -> std::io::Result<()> {
        match &mut self.source {
            Source::Memory(cursor) => cursor.set_position(bytes),
            Source::Child(child) => {
                tokio::io::copy(&mut tokio::io::AsyncReadExt::take(child, bytes), &mut tokio::io::sink())
                    .await?;
            }
        }
        Ok(())
    }
}

impl AsyncRead for BlobStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        match &mut self.source {
            Source::Memory(bytes) => Pin::new(bytes).poll_read(context, buffer),
            Source::Child(child) => Pin::new(child).poll_read(context, buffer),
        }
    }
}

impl Repository {
    /// Streams a blob of any size; a large one is never held in memory as a whole.
    pub async fn blob_stream(&self, id: ObjectId) -> Result<BlobStream> {
        self.find_stream(move |_| Ok(((), id))).await.map(|((), _, stream)| stream)
    }

    /// Streams the blob that `find` names, found and read in one visit, with the extra value that `find`
    /// returns.
    pub async fn find_stream<T, F>(&self, find: F) -> Result<(T, ObjectId, BlobStream)>
    where
        T: Send + 'static,
        F: FnOnce(&OpenRepository) -> Result<(T, ObjectId)> + Send + 'static,
    {
        let (found, blob) = self
            .run(move |git| {
                let (found, id) = find(git)?;
                Ok((found, git.blob(id, MAX_BYTES_AT_ONCE)?))
            })
            .await?;
        let source = if let Some(data) = blob.data {
            Source::Memory(std::io::Cursor::new(data))
        } else {
            let permit = self.store.wire_permit().await?;
            let mut command = self.store.program.command(self.path(), "cat-file");
            command.args(["blob", &blob.id.to_string()]);
            let mut child = ChildOutput::spawn(command, "cat-file", permit, STREAM_TIMEOUT)?;
            child.must_succeed();
            Source::Child(Box::new(child))
        };
        Ok((found, blob.id, BlobStream { size: blob.size, source }))
    }
}
