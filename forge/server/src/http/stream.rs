//! The connection itself: a client that does not read what is written to it is dropped.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use hearth_http::patience::{Pace, Patience};

use super::activity::Activity;

/// The limit of unsent data in the kernel. The lower it is, the sooner a client that does not read is
/// noticed.
const UNSENT_BYTES: u32 = 256 << 10;

/// Sets socket options for client connections. If the system refuses one, it works all the same.
pub(crate) fn prepare(stream: &TcpStream) {
    // Send small responses at once.
    stream.set_nodelay(true).ok();
    socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES).ok();
}

/// A stream whose writes fail when the client keeps them waiting for too long.
pub(crate) struct ClientStream<S> {
    inner: S,
    patience: Patience,
    activity: Arc<Activity>,
}

impl<S> ClientStream<S> {
    pub(crate) fn new(inner: S, pace: Pace, activity: Arc<Activity>) -> Self {
        Self { inner, patience: Patience::new(pace), activity }
    }

    fn written(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.activity.set_awaits_reader(outcome.is_pending());
        if outcome.is_pending() {
            std::task::ready!(self.patience.poll_lost(context));
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")));
        }
        if let Poll::Ready(Ok(count)) = outcome {
            self.patience.moved(count);
            self.activity.moved();
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ClientStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.activity.moved();
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ClientStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.written(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.written(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
