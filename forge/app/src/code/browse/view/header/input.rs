//! A file of which a parser reads some parts, within a budget.

use std::io;

/// Bytes fetched at a time.
const PIECE_BYTES: usize = 64 << 10;
/// Bytes fetched from one file.
const MOST_BYTES: u64 = 48 << 20;
/// Pieces fetched from one file, each of which may be a request to another server.
const MOST_PIECES: u32 = 1_500;

/// Why a header is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file ends within its header.
    Ends,
    /// It is not what its name says, or it is damaged.
    Malformed,
    /// More than is examined.
    TooMuch,
    /// A version or a variant of the format that is not known.
    Unknown,
    /// Its bytes could not be read.
    Unreadable,
}

/// Bytes that can be read anywhere.
pub trait ReadAt: Send {
    /// Fills the beginning of the buffer with the bytes from `at`; fewer only at the end.
    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

impl ReadAt for Vec<u8> {
    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(at).unwrap_or(usize::MAX).min(self.len());
        let count = buffer.len().min(self.len() - start);
        buffer[..count].copy_from_slice(&self[start..start + count]);
        Ok(count)
    }
}

/// A place in a file.
pub struct Input {
    bytes: Box<dyn ReadAt>,
    size: u64,
    at: u64,
    piece: Vec<u8>,
    piece_at: u64,
    left_bytes: u64,
    left_pieces: u32,
}

impl Input {
    /// A file of this many bytes, at its beginning.
    pub fn new(bytes: Box<dyn ReadAt>, size: u64) -> Self {
        Self {
            bytes,
            size,
            at: 0,
            piece: Vec::new(),
            piece_at: 0,
            left_bytes: MOST_BYTES,
            left_pieces: MOST_PIECES,
        }
    }

    /// A file in memory.
    pub fn of(bytes: Vec<u8>) -> Self {
        let size = bytes.len() as u64;
        Self::new(Box::new(bytes), size)
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn go_to(&mut self, at: u64) -> Result<(), Problem> {
        if at > self.size {
            return Err(Problem::Ends);
        }
        self.at = at;
        Ok(())
    }

    pub(super) fn skip(&mut self, count: u64) -> Result<(), Problem> {
        self.go_to(self.at.checked_add(count).ok_or(Problem::Ends)?)
    }

    /// The next bytes, at most as many as are examined at all.
    pub(super) fn take(&mut self, count: u64) -> Result<Vec<u8>, Problem> {
        if count > self.size - self.at {
            return Err(Problem::Ends);
        }
        if count > MOST_BYTES {
            return Err(Problem::TooMuch);
        }
        let count = usize::try_from(count).map_err(|_| Problem::TooMuch)?;
        let mut taken = Vec::with_capacity(count.min(PIECE_BYTES));
        while taken.len() < count {
            let piece = self.here()?;
            let wanted = piece.len().min(count - taken.len());
            taken.extend_from_slice(&piece[..wanted]);
            self.at += wanted as u64;
        }
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Problem> {
        let byte = *self.here()?.first().ok_or(Problem::Ends)?;
        self.at += 1;
        Ok(byte)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Problem> {
        self.take(N as u64)?.try_into().map_err(|_| Problem::Ends)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Problem> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, Problem> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// The beginning of a text of this many bytes; all of it is passed over.
    pub(super) fn text(&mut self, bytes: u64, most: u64) -> Result<String, Problem> {
        let end = self.at.checked_add(bytes).filter(|&end| end <= self.size).ok_or(Problem::Ends)?;
        let text = self.take(bytes.min(most))?;
        self.go_to(end)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// What is fetched of the file from here on; never empty.
    fn here(&mut self) -> Result<&[u8], Problem> {
        let is_in_piece = self.at >= self.piece_at && self.at - self.piece_at < self.piece.len() as u64;
        if !is_in_piece {
            self.fetch()?;
        }
        let start = usize::try_from(self.at - self.piece_at).map_err(|_| Problem::Ends)?;
        Ok(&self.piece[start..])
    }

    fn fetch(&mut self) -> Result<(), Problem> {
        let left = self.size - self.at;
        if left == 0 {
            return Err(Problem::Ends);
        }
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE_BYTES);
        if self.left_pieces == 0 || self.left_bytes < count as u64 {
            return Err(Problem::TooMuch);
        }
        self.left_pieces -= 1;
        self.left_bytes -= count as u64;
        self.piece.resize(count, 0);
        self.piece_at = self.at;
        let read = self.bytes.read_at(self.at, &mut self.piece).map_err(|_| Problem::Unreadable)?;
        self.piece.truncate(read);
        if read == 0 { Err(Problem::Ends) } else { Ok(()) }
    }
}
