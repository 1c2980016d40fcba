//! Answers that are written while their reader consumes them.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    runtime::Handle,
    sync::mpsc,
};

use crate::{Allowance, Error, OpenRepository, Repository, Result, budget::CancelFlag};

/// Size of the chunks that are passed to the reader.
const PIECE_BYTES: usize = 64 << 10;
/// Chunks that are buffered for a slow reader.
const WAITING: usize = 4;
/// A reader that takes nothing for this long is considered gone.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);
/// How long one answer may take; large ones take long on slow connections.
const TIME: Duration = Duration::from_hours(1);

/// The bytes of an answer as they are produced. Dropping it cancels the work. A failure on the way is an
/// error for the reader, so that a partial answer is not taken for a complete one.
pub struct Streamed {
    pieces: mpsc::Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
}

/// Where the answer is written. Writing fails once its reader is gone.
pub struct Outlet {
    pieces: mpsc::Sender<io::Result<Vec<u8>>>,
    buffer: Vec<u8>,
    runtime: Handle,
}

impl Repository {
    /// Lends the opened repository to `work`, which writes while the result is read. The number of entries is
    /// bounded by `entries`; bytes are not, because they are not kept.
    pub async fn stream<F>(&self, entries: u64, work: F) -> Result<Streamed>
    where
        F: FnOnce(&OpenRepository, &mut Outlet) -> Result<()> + Send + 'static,
    {
        let permit = self.store.permits.stream(self.id()).await?;
        let (sender, pieces) = mpsc::channel(WAITING);
        let repository = self.clone();
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut outlet = Outlet { pieces: sender, buffer: Vec::with_capacity(PIECE_BYTES), runtime };
            let allowance = Allowance { entries, bytes: u64::MAX, time: TIME };
            let written = repository.lend(allowance, CancelFlag::default(), |git| {
                work(git, &mut outlet)?;
                Ok(io::Write::flush(&mut outlet)?)
            });
            if let Err(error) = written {
                // A reader that has gone away misses nothing.
                outlet.pieces.blocking_send(Err(io::Error::other(error))).ok();
            }
        });
        Ok(Streamed { pieces, piece: io::Cursor::default() })
    }
}

impl Outlet {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE_BYTES));
        let taken = async { tokio::time::timeout(IDLE_TIMEOUT, self.pieces.send(Ok(piece))).await };
        match self.runtime.block_on(taken) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, Error::Timeout { what: "the reader" })),
        }
    }
}

impl io::Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(PIECE_BYTES - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..count]);
        if self.buffer.len() == PIECE_BYTES {
            self.send()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() { Ok(()) } else { self.send() }
    }
}

impl AsyncRead for Streamed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let before = buffer.filled().len();
            std::task::ready!(Pin::new(&mut self.piece).poll_read(context, buffer))?;
            if buffer.filled().len() > before || buffer.remaining() == 0 {
                return Poll::Ready(Ok(()));
            }
            match std::task::ready!(self.pieces.poll_recv(context)) {
                Some(piece) => self.piece = io::Cursor::new(piece?),
                None => return Poll::Ready(Ok(())),
            }
        }
    }
}
