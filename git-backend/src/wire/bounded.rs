use std::{
    io::Error as IoError,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};

use crate::Error;

/// A request of at most `limit` bytes. A longer one is an error that carries [`Error::TooLarge`], not a
/// request that appears to end there.
pub struct Bounded<R> {
    input: R,
    left: u64,
    limit: u64,
}

impl<R: AsyncRead + Unpin> Bounded<R> {
    /// Reads at most `limit` bytes from `input`.
    pub fn new(input: R, limit: u64) -> Self {
        Self { input, left: limit, limit }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Bounded<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.input).poll_read(context, buffer))?;
        let count = (buffer.filled().len() - before) as u64;
        match self.left.checked_sub(count) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Err(IoError::other(Error::TooLarge { limit: self.limit }))),
        }
        Poll::Ready(Ok(()))
    }
}
