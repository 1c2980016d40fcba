//! A connection that can be cut from outside, whatever it is waiting for.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Reading and writing fail from the moment that the token is cancelled.
pub(crate) struct CutStream<S> {
    inner: S,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    token: CancellationToken,
}

impl<S> CutStream<S> {
    pub(crate) fn new(inner: S, token: CancellationToken) -> Self {
        Self { inner, cut: Box::pin(token.clone().cancelled_owned()), token }
    }

    fn check(&self) -> io::Result<()> {
        if self.token.is_cancelled() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CutStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // The connection is always being read, so it hears of the cut here.
        if self.token.is_cancelled() || self.cut.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CutStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn who_waits_hears_of_the_cut() {
        let (here, _there) = tokio::io::duplex(64);
        let token = CancellationToken::new();
        let mut stream = CutStream::new(here, token.clone());
        let reading = tokio::spawn(async move {
            let read = stream.read_u8().await.map_err(|error| error.kind());
            (read, stream.write_all(b"x").await.map_err(|error| error.kind()))
        });
        tokio::task::yield_now().await;
        token.cancel();
        let aborted = io::ErrorKind::ConnectionAborted;
        assert_eq!(reading.await.unwrap(), (Err(aborted), Err(aborted)));
    }
}
