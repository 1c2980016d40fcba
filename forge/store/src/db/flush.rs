//! One flush of SQLite's log for all transactions that were committed while the last flush ran.
//!
//! SQLite's own flush (`synchronous=FULL`) is a part of `COMMIT`: its one writer is held meanwhile, and a disk that takes 3 ms lets three
//! hundred transactions a second through, however many wait. Here `COMMIT` only writes the log (`NORMAL`), the next writer begins, and
//! whoever committed waits for a flush that began after it. What was answered is on the disk all the same: a commit is a frame of
//! the log with a sum of its own, and it counts after a power cut once it is there whole (<https://sqlite.org/walformat.html>).

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{Error, Result};

/// The log beside a database, and how much of it is on the disk.
#[derive(Debug)]
pub struct LogFlush {
    log: PathBuf,
    /// Transactions that are in the log.
    committed: AtomicU64,
    /// Transactions that are on the disk.
    flushed: Mutex<u64>,
}

impl LogFlush {
    pub(super) fn of(database: &Path) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self { log: log.into(), committed: AtomicU64::new(0), flushed: Mutex::new(0) }
    }

    /// Returns when the transaction that was just committed is on the disk.
    pub(super) async fn wait(&self) -> Result<()> {
        let mine = self.committed.fetch_add(1, Ordering::AcqRel) + 1;
        // Held while the disk works: who comes meanwhile waits here, and is done with the next flush or the one after.
        let mut flushed = self.flushed.lock().await;
        if *flushed >= mine {
            return Ok(());
        }
        let all = self.committed.load(Ordering::Acquire);
        let log = self.log.clone();
        let outcome = spawn_blocking(move || flush(&log)).await.unwrap_or_else(|error| Err(error.into()));
        outcome.map_err(|error| Error::CannotWrite(sqlx::Error::Io(error)))?;
        *flushed = all;
        Ok(())
    }
}

/// A log that is gone was flushed into the database by the last one who closed it.
fn flush(log: &Path) -> io::Result<()> {
    match File::open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        opened => opened?.sync_data(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn everybody_who_waits_for_the_disk_is_answered() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("hearth.db");
        let flush = Arc::new(LogFlush::of(&database));
        flush.wait().await.expect("no log, nothing to flush");
        std::fs::write(folder.path().join("hearth.db-wal"), "frames").expect("a log");
        let mut many = JoinSet::new();
        for _ in 0..50 {
            let flush = Arc::clone(&flush);
            many.spawn(async move { flush.wait().await });
        }
        assert!(many.join_all().await.iter().all(Result::is_ok));
        assert_eq!(*flush.flushed.lock().await, 51);
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_flushed_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("a file");
        let flush = LogFlush::of(&file.join("hearth.db"));
        assert!(matches!(flush.wait().await, Err(Error::CannotWrite(_))));
    }
}
