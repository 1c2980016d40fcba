//! Compressed requests: clients compress their wants and haves if they are longer than a kilobyte.

use std::{
    io::{Error as IoError, Write},
    pin::Pin,
    task::{Context, Poll, ready},
};

use flate2::write::GzDecoder;
use tokio::io::{AsyncBufRead, AsyncRead, BufReader, ReadBuf};

use crate::Error;

/// How much input is inflated at a time. A kilobyte inflates to a megabyte at most, so this bounds the
/// memory.
const STEP_BYTES: usize = 4 << 10;

/// Inflates a request while it is read, up to a size limit.
pub struct Gunzip<R> {
    input: BufReader<R>,
    decoder: GzDecoder<Vec<u8>>,
    /// How much of the decoder's output was passed on.
    taken: usize,
    left: u64,
    limit: u64,
    has_ended: bool,
}

impl<R: AsyncRead + Unpin> Gunzip<R> {
    /// Reads gzip from `input`. More than `limit` inflated bytes are an error that carries
    /// [`Error::TooLarge`].
    pub fn new(input: R, limit: u64) -> Self {
        let decoder = GzDecoder::new(Vec::new());
        Self { input: BufReader::new(input), decoder, taken: 0, left: limit, limit, has_ended: false }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Gunzip<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        loop {
            let waiting = &this.decoder.get_ref()[this.taken..];
            if !waiting.is_empty() {
                let count = waiting.len().min(buffer.remaining());
                buffer.put_slice(&waiting[..count]);
                this.taken += count;
                return Poll::Ready(Ok(()));
            }
            if this.has_ended {
                return Poll::Ready(Ok(()));
            }
            this.decoder.get_mut().clear();
            this.taken = 0;
            let input = ready!(Pin::new(&mut this.input).poll_fill_buf(context))?;
            if input.is_empty() {
                this.has_ended = true;
                this.decoder.try_finish().map_err(|_| malformed("gzip is cut short"))?;
            } else {
                let step = input.len().min(STEP_BYTES);
                let used = this.decoder.write(&input[..step]).map_err(|_| malformed("not gzip"))?;
                if used == 0 {
                    return Poll::Ready(Err(malformed("bytes after the end of gzip")));
                }
                Pin::new(&mut this.input).consume(used);
            }
            let inflated = this.decoder.get_ref().len() as u64;
            match this.left.checked_sub(inflated) {
                Some(left) => this.left = left,
                None => return Poll::Ready(Err(IoError::other(Error::TooLarge { limit: this.limit }))),
            }
        }
    }
}

fn malformed(what: &'static str) -> IoError {
    IoError::other(Error::Malformed(what))
}
