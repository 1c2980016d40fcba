//! Group commit for SQLite: one flush of the log for all transactions that were committed during the previous
//! flush.
//!
//! SQLite's own flush (`synchronous=FULL`) is part of `COMMIT` and blocks its one writer: a disk that takes 3
//! ms lets three hundred transactions a second through, however many wait. Here `COMMIT` only writes the log
//! (`NORMAL`), the next writer begins, and the committer waits for a flush that began after its commit. An
//! acknowledged commit is durable all the same: it is a frame of the log with its own checksum, and survives
//! a power cut once it is written completely (<https://sqlite.org/walformat.html>).
//!
//! After a failed flush, the system may have dropped dirty pages and report the next flush as successful.
//! What was committed since the last good flush may then be a gap in the log, and everything after a gap is
//! lost. So writing stops until a restart has reread what the disk really holds.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{Error, Result};

/// The log of a database, and how much of it has been flushed.
#[derive(Debug)]
pub(super) struct LogFlush {
    path: PathBuf,
    /// Transactions that are in the log.
    committed: AtomicU64,
    flushed: Arc<Mutex<Flushed>>,
    /// Why writing has stopped.
    failure: OnceLock<String>,
}

#[derive(Debug, Default)]
struct Flushed {
    /// Transactions that have been flushed.
    count: u64,
    /// Kept open, because a write error is only reported to those who had the file open when it happened.
    log: Option<File>,
}

impl LogFlush {
    pub(super) fn of(database: &Path) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self {
            path: log.into(),
            committed: AtomicU64::new(0),
            flushed: Arc::default(),
            failure: OnceLock::new(),
        }
    }

    /// Fails after a flush has failed.
    pub(super) fn check(&self) -> Result<()> {
        match self.failure.get() {
            Some(failure) => Err(Error::WritingStopped(failure.clone())),
            None => Ok(()),
        }
    }

    /// Returns when the transaction that was just committed is durable.
    pub(super) async fn wait(self: &Arc<Self>) -> Result<()> {
        let mine = self.committed.fetch_add(1, Ordering::AcqRel) + 1;
        // Held during the flush: later callers wait here, and are served by the next flush or the one after.
        let mut flushed = Arc::clone(&self.flushed).lock_owned().await;
        if flushed.count >= mine {
            return Ok(());
        }
        self.check()?;
        // In a task of its own, so that the flush's result is recorded even if the caller is cancelled.
        let flush = Arc::clone(self);
        let done = spawn_blocking(move || flush.run(&mut flushed)).await;
        done.unwrap_or_else(|error| Err(self.fail(&error.into())))
    }

    fn run(&self, flushed: &mut Flushed) -> Result<()> {
        let all = self.committed.load(Ordering::Acquire);
        // If the log cannot be opened, nothing was flushed yet: the next caller retries, for this transaction
        // too.
        flushed.open(&self.path).map_err(|error| Error::CannotWrite(sqlx::Error::Io(error)))?;
        if let Some(log) = &flushed.log {
            log.sync_data().map_err(|error| self.fail(&error))?;
        }
        flushed.count = all;
        Ok(())
    }

    fn fail(&self, error: &io::Error) -> Error {
        let failure = self.failure.get_or_init(|| {
            tracing::error!(
                error = error as &dyn std::error::Error,
                log = %self.path.display(),
                "the database's log could not be flushed: nothing more is written until a restart, because what was written last may \
                 be lost. Look at the disk, then start the server again"
            );
            error.to_string()
        });
        Error::WritingStopped(failure.clone())
    }
}

impl Flushed {
    /// Opens the log, or the new one that SQLite has created since. A log that is gone was checkpointed into
    /// the database by the last connection that closed it.
    fn open(&mut self, path: &Path) -> io::Result<()> {
        let present = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.log = None;
                return Ok(());
            }
            present => present?,
        };
        let known = self.log.as_ref().map(File::metadata).transpose()?;
        if known.is_none_or(|known| (known.dev(), known.ino()) != (present.dev(), present.ino())) {
            self.log = Some(File::open(path)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn everybody_who_waits_for_the_disk_is_answered() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("hearth.db");
        let flush = Arc::new(LogFlush::of(&database));
        flush.wait().await.expect("no log, nothing to flush");
        fs::write(folder.path().join("hearth.db-wal"), "frames").expect("a log");
        let mut many = JoinSet::new();
        for _ in 0..50 {
            let flush = Arc::clone(&flush);
            many.spawn(async move { flush.wait().await });
        }
        assert!(many.join_all().await.iter().all(Result::is_ok));
        assert_eq!(flush.flushed.lock().await.count, 51);
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_opened_is_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let flush = Arc::new(LogFlush::of(&file.join("hearth.db")));
        assert!(matches!(flush.wait().await, Err(Error::CannotWrite(_))));
        assert!(flush.check().is_ok(), "no flush has failed");
    }

    #[tokio::test]
    async fn a_log_that_is_made_anew_is_opened_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let flush = Arc::new(LogFlush::of(&folder.path().join("hearth.db")));
        let log = folder.path().join("hearth.db-wal");
        fs::write(&log, "frames").expect("a log");
        flush.wait().await.expect("flushed");
        fs::remove_file(&log).expect("removed");
        fs::write(&log, "other frames").expect("another log");
        flush.wait().await.expect("flushed");
        let open = flush.flushed.lock().await.log.as_ref().expect("open").metadata().expect("facts");
        assert_eq!(open.ino(), fs::metadata(&log).expect("facts").ino());
    }
}
