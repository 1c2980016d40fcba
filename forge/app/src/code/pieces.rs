//! Large files that arrive in pieces, in as many requests as it takes. Each piece is an object of the blob store; when all have
//! arrived they are joined, and the whole must have the declared size and hash.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hearth_core::{Conflict, Error, Kind, Limit, Result};
use hearth_store::release_upload::Piece;
use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::io::{ReaderStream, StreamReader};

use crate::{
    App,
    blobs::{BlobId, Promise, Stored},
    storage,
};

/// How long an upload may lie idle before it is removed.
pub(crate) const WAITS: Duration = Duration::from_hours(7 * 24);
const BUFFER_BYTES: usize = 256 << 10;

/// Stores what `source` yields as one piece, at most `room` bytes.
pub(super) async fn receive(
    app: &App,
    source: impl AsyncRead + Unpin,
    room: u64,
    limit: Limit,
) -> Result<Stored> {
    let limit = Limit { most: room, ..limit };
    match app.blobs().put(source, &Promise::default(), limit).await {
        Err(Error::TooLarge(over)) if over.most == room => Err(Error::field("size", "more-than-declared")),
        stored => stored,
    }
}

/// One object of all pieces, in order.
pub(super) async fn join(
    app: &App,
    pieces: Vec<Piece>,
    declared: Option<BlobId>,
    size_bytes: u64,
    limit: Limit,
) -> Result<Stored> {
    if let [only] = &pieces[..] {
        let id = BlobId::parse(&only.sha256).ok_or(Error::NotFound(Kind::LostObject))?;
        if declared.is_some_and(|declared| declared != id) {
            return Err(Error::Conflict(Conflict::HashMismatch));
        }
        storage::open_sound(app, &id, size_bytes).await?;
        return Ok(Stored { id, size_bytes });
    }
    let blobs = app.blobs().clone();
    let parts = stream::iter(pieces).then(move |piece| {
        let blobs = blobs.clone();
        async move {
            let id = BlobId::parse(&piece.sha256).ok_or(Error::NotFound(Kind::LostObject))?;
            let size_bytes = u64::try_from(piece.size_bytes).unwrap_or(0);
            let reader = blobs.open(&id, 0..size_bytes).await?;
            Ok::<_, Error>(ReaderStream::with_capacity(reader, BUFFER_BYTES))
        }
    });
    let bytes = parts.map_err(io::Error::other).try_flatten();
    let promise = Promise { id: declared, size_bytes: Some(size_bytes) };
    app.blobs().put(StreamReader::new(Box::pin(bytes)), &promise, limit).await
}

/// Why a source ended early, if it did.
#[derive(Clone, Default)]
pub(super) struct Broken(Arc<Mutex<Option<io::Error>>>);

impl Broken {
    fn set(&self, error: io::Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    pub(super) fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A source that ends where it breaks, so that what came before is kept.
pub(super) struct UntilBroken<S> {
    source: S,
    broken: Broken,
}

impl<S> UntilBroken<S> {
    /// The source, and where to see afterwards whether it broke.
    pub(super) fn new(source: S) -> (Self, Broken) {
        let broken = Broken::default();
        (Self { source, broken: broken.clone() }, broken)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for UntilBroken<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.source).poll_read(context, buffer) {
            Poll::Ready(Err(error)) => {
                self.broken.set(error);
                Poll::Ready(Ok(()))
            }
            other => other,
        }
    }
}
