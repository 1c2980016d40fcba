//! What a command reads and writes: the client's input, its output and its messages, none of them waiting for ever.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use hearth_core::BrokenRequest;
use hearth_http::patience::{Pace, Patience};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};

/// The three streams of a command.
pub(crate) struct Streams {
    pub(crate) input: Input,
    pub(crate) output: Output,
    /// What `ssh` writes to its standard error.
    pub(crate) messages: Output,
}

impl Streams {
    /// Shows a line of text to the person. A client that is gone misses nothing.
    pub(crate) async fn say(&mut self, text: &str) {
        self.messages.write_all(format!("{text}\n").as_bytes()).await.ok();
    }
}

/// What the client sends. A client that is silent for too long is an error.
pub(crate) struct Input {
    inner: Box<dyn AsyncRead + Send + Unpin>,
    patience: Patience,
}

impl Input {
    pub(crate) fn new(inner: impl AsyncRead + Send + Unpin + 'static, pace: Pace) -> Self {
        Self { inner: Box::new(inner), patience: Patience::new(pace) }
    }
}

impl AsyncRead for Input {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(context, buffer);
        if outcome.is_pending() {
            std::task::ready!(self.patience.poll_lost(context));
            return Poll::Ready(Err(io::Error::other(BrokenRequest::Stalled)));
        }
        self.patience.moved(buffer.filled().len() - before);
        outcome
    }
}

/// What is sent to the client. A client that takes nothing for too long is an error.
pub(crate) struct Output {
    inner: Pin<Box<dyn AsyncWrite + Send>>,
    patience: Patience,
}

impl Output {
    pub(crate) fn new(inner: impl AsyncWrite + Send + 'static, pace: Pace) -> Self {
        Self { inner: Box::pin(inner), patience: Patience::new(pace) }
    }
}

impl AsyncWrite for Output {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let outcome = self.inner.as_mut().poll_write(context, bytes);
        match outcome {
            Poll::Pending => {
                std::task::ready!(self.patience.poll_lost(context));
                Poll::Ready(Err(io::Error::other(BrokenRequest::Stalled)))
            }
            Poll::Ready(Ok(count)) => {
                self.patience.moved(count);
                Poll::Ready(Ok(count))
            }
            // Writing fails only when the client has gone.
            Poll::Ready(Err(_)) => Poll::Ready(Err(io::Error::other(BrokenRequest::Cut))),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner.as_mut().poll_shutdown(context)
    }
}
