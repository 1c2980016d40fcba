use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::watch;

use super::client::{Client, ClientError, Posted};
use crate::protocol::{Appended, LARGEST_PIECE, LOG_EVERY};

/// An append-only file, kept on this machine until the server has all of it.
pub(crate) struct Spool {
    file: File,
    writing: Mutex<()>,
    progress: watch::Sender<Progress>,
    most: u64,
    /// Bytes lost because this machine's disk was full.
    lost: AtomicU64,
    /// The offset from which the server accepts no more.
    refused_at: AtomicU64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    bytes: u64,
    is_closed: bool,
}

const SMALLEST_PIECE: usize = 4 << 10;

impl Spool {
    pub(crate) fn create(path: &Path, most: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(path)?;
        Ok(Self {
            file,
            writing: Mutex::new(()),
            progress: watch::Sender::default(),
            most,
            lost: AtomicU64::new(0),
            refused_at: AtomicU64::new(u64::MAX),
        })
    }

    /// Appends all of it or, if the spool is full, nothing: `false`.
    pub(crate) fn append(&self, bytes: &[u8]) -> io::Result<bool> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Progress { bytes: end, is_closed } = *self.progress.borrow();
        if is_closed || end + bytes.len() as u64 > self.most {
            return Ok(false);
        }
        if let Err(error) = self.file.write_all_at(bytes, end) {
            self.lost.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            return Err(error);
        }
        self.progress.send_modify(|progress| progress.bytes = end + bytes.len() as u64);
        Ok(true)
    }

    /// How many bytes were lost because this machine's disk was full.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Appends even beyond the limit: for the final message.
    pub(crate) fn append_last(&self, bytes: &[u8]) -> io::Result<()> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let end = self.progress.borrow().bytes;
        self.file.write_all_at(bytes, end)?;
        self.progress.send_modify(|progress| progress.bytes = end + bytes.len() as u64);
        Ok(())
    }

    /// Marks the end: no more data will be appended.
    pub(crate) fn close(&self) {
        self.progress.send_modify(|progress| progress.is_closed = true);
    }

    /// How many bytes the server must have: all of them, unless it said that it accepts no more.
    pub(crate) fn announced(&self) -> u64 {
        self.bytes().min(self.refused_at.load(Ordering::Relaxed))
    }

    /// Where the next byte goes.
    pub(crate) fn end(&self) -> u64 {
        self.bytes()
    }

    /// The last bytes from `start` on, at most `most`.
    pub(crate) fn tail(&self, start: u64, most: u64) -> io::Result<Vec<u8>> {
        let end = self.bytes();
        let start = start.max(end.saturating_sub(most));
        self.read(start, usize::try_from(end.saturating_sub(start)).unwrap_or_default())
    }

    fn bytes(&self) -> u64 {
        self.progress.borrow().bytes
    }

    /// Sends everything in order until the spool is closed and the server has all of it.
    pub(crate) async fn ship(
        &self,
        client: &Client,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<(), ClientError> {
        self.ship_from(0, client, path, query).await
    }

    /// Sends the tail that the server lost after it had everything.
    pub(crate) async fn ship_again(
        &self,
        client: &Client,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<(), ClientError> {
        let end = self.announced();
        let start = match self.send(client, path, query, end, Vec::new()).await? {
            Posted::Done(Appended { next_offset }) | Posted::Conflict(Appended { next_offset }) => {
                next_offset
            }
            Posted::TooLarge | Posted::Rejected(_) => end,
        };
        self.ship_from(start.min(end), client, path, query).await
    }

    async fn ship_from(
        &self,
        mut offset: u64,
        client: &Client,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<(), ClientError> {
        let mut news = self.progress.subscribe();
        let mut piece = LARGEST_PIECE;
        loop {
            let Progress { bytes, is_closed } = *news.borrow_and_update();
            if self.refused_at.load(Ordering::Relaxed) != u64::MAX && offset >= self.announced() {
                return Ok(());
            }
            if offset >= bytes {
                if is_closed || news.changed().await.is_err() {
                    return Ok(());
                }
                continue;
            }
            let length = usize::try_from(bytes - offset).unwrap_or(usize::MAX).min(piece);
            let content = match self.read(offset, length) {
                Ok(content) => content,
                Err(error) => {
                    self.refuse(offset, path, &error);
                    return Ok(());
                }
            };
            let was_full = length == piece;
            match self.send(client, path, query, offset, content).await? {
                Posted::Done(Appended { next_offset }) | Posted::Conflict(Appended { next_offset }) => {
                    // A server that has more than was ever written has a different file: it keeps that.
                    offset = next_offset.min(bytes);
                }
                Posted::TooLarge if piece > SMALLEST_PIECE => piece /= 2,
                Posted::TooLarge => self.refuse(offset, path, &"it is too large"),
                Posted::Rejected(status) => self.refuse(offset, path, &status),
            }
            if !was_full && !is_closed {
                tokio::time::sleep(LOG_EVERY).await;
            }
        }
    }

    /// Stops sending from `offset` on. The rest of the run is worth reporting without it.
    fn refuse(&self, offset: u64, path: &str, why: &dyn std::fmt::Display) {
        tracing::warn!(path, offset, %why, "the rest of a file cannot be sent");
        self.refused_at.store(offset, Ordering::Relaxed);
    }

    async fn send(
        &self,
        client: &Client,
        path: &str,
        query: &[(&str, String)],
        offset: u64,
        content: Vec<u8>,
    ) -> Result<Posted<Appended>, ClientError> {
        let mut query = query.to_vec();
        query.push(("offset", offset.to_string()));
        client.post(path, &query, ("application/octet-stream", content)).await
    }

    fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut content = vec![0; length];
        self.file.read_exact_at(&mut content, offset)?;
        Ok(content)
    }
}
