//! The lines of the protocol (pkt-line), read and written.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use hearth_core::{BrokenRequest, Error, Result};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};

/// The most bytes in one line, without its length.
pub(super) const MOST_BYTES: usize = 65_516;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packet {
    /// Ends a message.
    Flush,
    /// Ends the arguments of a message.
    Delimiter,
    Data(Vec<u8>),
}

/// What four hexadecimal digits say about what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    Flush,
    Delimiter,
    Bytes(usize),
}

impl Head {
    fn parse(digits: [u8; 4]) -> Option<Self> {
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let length = usize::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?;
        match length {
            0 => Some(Self::Flush),
            1 => Some(Self::Delimiter),
            _ => length.checked_sub(4).filter(|bytes| *bytes <= MOST_BYTES).map(Self::Bytes),
        }
    }
}

/// A client that does not speak the protocol.
pub(super) fn malformed() -> Error {
    Error::field("request", "malformed")
}

/// Reads one line. None: the client has ended between two of them.
pub(super) async fn read(input: &mut (impl AsyncRead + Unpin)) -> Result<Option<Packet>> {
    let mut digits = [0; 4];
    let count = input.read(&mut digits[..1]).await.map_err(Error::internal)?;
    if count == 0 {
        return Ok(None);
    }
    fill(input, &mut digits[1..]).await?;
    Ok(Some(match Head::parse(digits).ok_or_else(malformed)? {
        Head::Flush => Packet::Flush,
        Head::Delimiter => Packet::Delimiter,
        Head::Bytes(count) => {
            let mut bytes = vec![0; count];
            fill(input, &mut bytes).await?;
            Packet::Data(bytes)
        }
    }))
}

async fn fill(input: &mut (impl AsyncRead + Unpin), bytes: &mut [u8]) -> Result<()> {
    match input.read_exact(bytes).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Error::Request(BrokenRequest::Cut)),
        Err(error) => Err(Error::internal(error)),
    }
}

/// The bytes of the lines up to the next flush, one after another.
pub(super) struct Body<'a, R> {
    input: &'a mut R,
    digits: [u8; 4],
    known_digits: usize,
    left: usize,
    has_ended: bool,
}

impl<'a, R: AsyncRead + Unpin> Body<'a, R> {
    pub(super) fn new(input: &'a mut R) -> Self {
        Self { input, digits: [0; 4], known_digits: 0, left: 0, has_ended: false }
    }

    /// Passes over what is left, at most this much; whether that was all.
    pub(super) async fn skip(&mut self, most_bytes: u64) -> Result<bool> {
        let mut nowhere = tokio::io::sink();
        tokio::io::copy(&mut self.take(most_bytes), &mut nowhere).await.map_err(Error::internal)?;
        Ok(self.has_ended)
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Body<'_, R> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while !this.has_ended && buffer.remaining() > 0 {
            if this.left > 0 {
                let wanted = this.left.min(buffer.remaining());
                let mut part = ReadBuf::new(buffer.initialize_unfilled_to(wanted));
                ready!(Pin::new(&mut *this.input).poll_read(context, &mut part))?;
                let count = part.filled().len();
                if count == 0 {
                    return Poll::Ready(Err(io::Error::other(BrokenRequest::Cut)));
                }
                buffer.advance(count);
                this.left -= count;
                return Poll::Ready(Ok(()));
            }
            let mut part = ReadBuf::new(&mut this.digits[this.known_digits..]);
            ready!(Pin::new(&mut *this.input).poll_read(context, &mut part))?;
            let count = part.filled().len();
            if count == 0 {
                return Poll::Ready(Err(io::Error::other(BrokenRequest::Cut)));
            }
            this.known_digits += count;
            if this.known_digits == this.digits.len() {
                this.known_digits = 0;
                match Head::parse(this.digits) {
                    Some(Head::Flush) => this.has_ended = true,
                    Some(Head::Bytes(bytes)) => this.left = bytes,
                    Some(Head::Delimiter) | None => {
                        return Poll::Ready(Err(io::Error::other(BrokenRequest::Cut)));
                    }
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// Writes messages. Every failure is that of a client that has gone.
pub(super) struct Writer<'a, W>(pub(super) &'a mut W);

impl<W: AsyncWrite + Unpin> Writer<'_, W> {
    pub(super) async fn line(&mut self, text: &str) -> Result<()> {
        self.data(format!("{text}\n").as_bytes()).await
    }

    /// At most [`MOST_BYTES`]; nothing is written for none.
    pub(super) async fn data(&mut self, bytes: &[u8]) -> Result<()> {
        for bytes in bytes.chunks(MOST_BYTES) {
            // At once: every write is a message of its own on the connection.
            let digits = format!("{:04x}", bytes.len() + 4);
            self.write(&[digits.as_bytes(), bytes].concat()).await?;
        }
        Ok(())
    }

    pub(super) async fn delimiter(&mut self) -> Result<()> {
        self.write(b"0001").await
    }

    pub(super) async fn flush(&mut self) -> Result<()> {
        self.write(b"0000").await?;
        self.0.flush().await.map_err(Error::internal)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.write_all(bytes).await.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    async fn written(texts: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = Writer(&mut bytes);
        for text in texts {
            writer.line(text).await.unwrap();
        }
        writer.delimiter().await.unwrap();
        writer.flush().await.unwrap();
        bytes
    }

    #[test]
    fn lines_are_read_as_they_were_written() {
        run(async {
            let bytes = written(&["batch", "transfer=ssh"]).await;
            let mut input = &bytes[..];
            for expected in [
                Packet::Data(b"batch\n".to_vec()),
                Packet::Data(b"transfer=ssh\n".to_vec()),
                Packet::Delimiter,
                Packet::Flush,
            ] {
                assert_eq!(read(&mut input).await.unwrap(), Some(expected));
            }
            assert_eq!(read(&mut input).await.unwrap(), None);
        });
    }

    #[test]
    fn a_body_ends_at_its_flush_and_nowhere_else() {
        run(async {
            let mut input = &b"0009hello00080123"[..];
            let mut text = String::new();
            assert!(Body::new(&mut input).read_to_string(&mut text).await.is_err(), "it is cut short");
            let mut input = &b"0009hello0007 yo00000005x"[..];
            let mut text = String::new();
            Body::new(&mut input).read_to_string(&mut text).await.unwrap();
            assert_eq!((text.as_str(), input), ("hello yo", &b"0005x"[..]));
        });
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            run(async {
                let mut input = &bytes[..];
                while let Ok(Some(_)) = read(&mut input).await {}
                let (mut input, mut nowhere) = (&bytes[..], Vec::new());
                Body::new(&mut input).read_to_end(&mut nowhere).await.ok();
            });
        }

        #[test]
        fn a_body_is_what_was_written(
            parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..100), 0..8)
        ) {
            run(async {
                let mut bytes = Vec::new();
                let mut writer = Writer(&mut bytes);
                for part in &parts {
                    writer.data(part).await.unwrap();
                }
                writer.flush().await.unwrap();
                let (mut input, mut received) = (&bytes[..], Vec::new());
                Body::new(&mut input).read_to_end(&mut received).await.unwrap();
                assert_eq!(received, parts.concat());
                assert!(input.is_empty());
            });
        }
    }
}
