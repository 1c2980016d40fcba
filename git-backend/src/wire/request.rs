//! Requests of the git protocol, read before they take a permit: a slow sender keeps nobody waiting.

use std::{
    path::Path,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    fs::File,
    io::{AsyncRead, AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, ReadBuf},
};

use crate::{Error, Permit, Result, Shares, holders::current_holders};

/// How much of a request is held in memory; a longer one goes to a file.
const MEMORY_BYTES: usize = 64 << 10;
/// The longest line of the protocol, its length included.
const MAX_PACKET_BYTES: usize = 65_520;
const READ_BYTES: usize = 16 << 10;
/// How long a long request waits for its permit.
const BUSY_AFTER: Duration = Duration::from_mins(1);

/// Where requests that are too long for memory are buffered. They are rare, so few may be at once.
#[derive(Clone, Copy)]
pub(crate) struct Waiting<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) places: &'a Shares,
}

/// The bytes of a request so far.
pub(crate) struct Request {
    memory: Vec<u8>,
    file: Option<(File, Permit)>,
    /// Whether it has lines with content.
    has_content: bool,
    /// Whether it asks a reference to point to an object, which may have to be sent.
    has_new_values: bool,
}

impl Request {
    /// Reads a request to its end, which must consist of whole packet lines.
    pub(crate) async fn whole(input: &mut (impl AsyncRead + Unpin), waiting: Waiting<'_>) -> Result<Self> {
        let mut request = Self::empty();
        let mut lines = Lines::default();
        let mut buffer = vec![0; READ_BYTES];
        loop {
            let count = input.read(&mut buffer).await.map_err(Error::from_io)?;
            if count == 0 {
                break;
            }
            lines.pass(&buffer[..count])?;
            request.push(&buffer[..count], waiting).await?;
        }
        lines.end()?;
        Ok(request)
    }

    /// Reads the first lines of a request, up to and including the first flush. Nothing after it is read.
    pub(crate) async fn commands(
        input: &mut (impl AsyncRead + Unpin),
        most_bytes: usize,
        waiting: Waiting<'_>,
    ) -> Result<Self> {
        let mut request = Self::empty();
        let mut total = 0;
        let mut line = vec![0; 4];
        loop {
            line.truncate(4);
            fill(input, &mut line, total == 0).await?;
            let length = length(&line)?;
            if let Some(rest) = length.checked_sub(4) {
                line.resize(4 + rest, 0);
                fill(input, &mut line[4..], false).await?;
            }
            request.note(&line[4..]);
            total += line.len();
            if total > most_bytes {
                return Err(Error::TooLarge { limit: most_bytes as u64 });
            }
            request.push(&line, waiting).await?;
            if length == 0 {
                return Ok(request);
            }
        }
    }

    fn empty() -> Self {
        Self { memory: Vec::new(), file: None, has_content: false, has_new_values: false }
    }

    /// Notes the content of a line: of a push, `old new name`.
    fn note(&mut self, content: &[u8]) {
        self.has_content |= !content.is_empty();
        let new = content.split(|byte| *byte == b' ').nth(1).filter(|_| !content.starts_with(b"shallow "));
        self.has_new_values |= new.is_some_and(|new| new.iter().any(|digit| *digit != b'0'));
    }

    /// Whether [`Request::commands`] read anything but the flush.
    pub(crate) fn has_content(&self) -> bool {
        self.has_content
    }

    /// Whether a push sends a pack after these commands. One that only deletes does not.
    pub(crate) fn precedes_pack(&self) -> bool {
        self.has_new_values
    }

    async fn push(&mut self, bytes: &[u8], waiting: Waiting<'_>) -> Result<()> {
        if self.file.is_none() && self.memory.len() + bytes.len() > MEMORY_BYTES {
            let permit =
                waiting.places.acquire_within(BUSY_AFTER, &current_holders()).await.ok_or(Error::Busy)?;
            let mut file = File::from_std(tempfile::tempfile_in(waiting.folder)?);
            file.write_all(&self.memory).await?;
            self.memory = Vec::new();
            self.file = Some((file, permit));
        }
        match &mut self.file {
            Some((file, _)) => file.write_all(bytes).await?,
            None => self.memory.extend_from_slice(bytes),
        }
        Ok(())
    }

    /// A reader that starts at the beginning of the request.
    pub(crate) async fn into_reader(self) -> Result<RequestReader> {
        Ok(match self.file {
            Some((mut file, permit)) => {
                file.flush().await?;
                file.rewind().await?;
                RequestReader::File { file, _place: permit }
            }
            None => RequestReader::Memory(std::io::Cursor::new(self.memory)),
        })
    }
}

/// A request that was received.
pub(crate) enum RequestReader {
    Memory(std::io::Cursor<Vec<u8>>),
    /// With the permit that it holds.
    File {
        file: File,
        _place: Permit,
    },
}

impl AsyncRead for RequestReader {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Memory(memory) => Pin::new(memory).poll_read(context, buffer),
            Self::File { file, .. } => Pin::new(file).poll_read(context, buffer),
        }
    }
}

async fn fill(input: &mut (impl AsyncRead + Unpin), bytes: &mut [u8], is_first: bool) -> Result<()> {
    match input.read_exact(bytes).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(Error::Malformed(if is_first { EMPTY } else { CUT }))
        }
        Err(error) => Err(Error::from_io(error)),
    }
}

const EMPTY: &str = "the request is empty";
const CUT: &str = "a packet line is cut short";

/// The length in the first four bytes of a packet line; 0 to 3 mark special lines without content.
fn length(start: &[u8]) -> Result<usize> {
    let is_hex = start.iter().all(u8::is_ascii_hexdigit);
    let length = std::str::from_utf8(start).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
    match length.filter(|_| is_hex) {
        Some(length @ (0..=2 | 4..=MAX_PACKET_BYTES)) => Ok(length),
        _ => Err(Error::Malformed("not a packet line")),
    }
}

/// Tracks packet lines without parsing their content.
#[derive(Default)]
struct Lines {
    /// The part of the length received so far.
    start: Vec<u8>,
    /// The remaining bytes of the line.
    left: usize,
    has_any: bool,
}

impl Lines {
    fn pass(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let skipped = self.left.min(bytes.len());
            bytes = &bytes[skipped..];
            self.left -= skipped;
            if self.left > 0 {
                break;
            }
            let taken = bytes.len().min(4 - self.start.len());
            self.start.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.start.len() == 4 {
                self.left = length(&self.start)?.saturating_sub(4);
                self.has_any = true;
                self.start.clear();
            }
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        match (self.left, self.start.len(), self.has_any) {
            (0, 0, true) => Ok(()),
            (0, 0, false) => Err(Error::Malformed(EMPTY)),
            _ => Err(Error::Malformed(CUT)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(pieces: &[&[u8]]) -> Result<()> {
        let mut lines = Lines::default();
        for piece in pieces {
            lines.pass(piece)?;
        }
        lines.end()
    }

    #[test]
    fn whole_lines_are_told_from_cut_ones() {
        for whole in [&b"0000"[..], b"0009done\n", b"0014command=ls-refs\n00010009peel\n0000", b"0004"] {
            assert!(check(&[whole]).is_ok());
            for end in 1..whole.len() {
                assert!(check(&[&whole[..end], &whole[end..]]).is_ok());
            }
        }
        for broken in
            [&b""[..], b"00", b"000", b"0009done", b"0003", b"+012xxxxxxxxxxxxx", b"ffff", b"zzzz", b"0000f"]
        {
            assert!(check(&[broken]).is_err(), "{}", String::from_utf8_lossy(broken));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..10)) {
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            let _ = check(&pieces);
        }
    }

    #[tokio::test]
    async fn long_requests_lie_in_files_that_few_may_have() {
        let folder = tempfile::tempdir().unwrap();
        let places = Shares::new(1, 1);
        let waiting = Waiting { folder: folder.path(), places: &places };
        let long = b"0014command=ls-refs\n".repeat(10_000);
        let request = Request::whole(&mut long.as_slice(), waiting).await.unwrap();
        assert_eq!(places.taken(), 1);
        let mut read = Vec::new();
        request.into_reader().await.unwrap().read_to_end(&mut read).await.unwrap();
        assert!(read == long);
        assert_eq!(places.taken(), 0);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn commands_end_at_the_flush_and_are_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let places = Shares::new(1, 1);
        let waiting = Waiting { folder: folder.path(), places: &places };
        let mut input = &b"0009one.\n0000PACK"[..];
        let commands = Request::commands(&mut input, 100, waiting).await.unwrap();
        assert_eq!((commands.memory.as_slice(), input), (&b"0009one.\n0000"[..], &b"PACK"[..]));
        let long = b"0009one.\n".repeat(100);
        let refused = Request::commands(&mut long.as_slice(), 100, waiting).await;
        assert!(matches!(refused, Err(Error::TooLarge { limit: 100 })));
        for cut in [&b""[..], b"0009one", b"0009one.\n"] {
            let refused = Request::commands(&mut &*cut, 100, waiting).await;
            assert!(matches!(refused, Err(Error::Malformed(_))));
        }
    }
}
