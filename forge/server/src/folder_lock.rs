use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    time::Duration,
};

use tokio::time;

/// A starting server holds the folder alone while it migrates the database, so the others retry for this
/// long.
const TRIES: usize = 600;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A lock on the data folder against servers that may not share it, held until it is dropped.
#[derive(Debug)]
pub(crate) struct FolderLock {
    file: File,
    is_alone: bool,
}

impl FolderLock {
    /// Takes the folder alone or, if it may be shared and others have it, together with them. `None` if a
    /// server that does not share it has it.
    pub(crate) async fn take(folder: &Path, may_share: bool) -> io::Result<Option<Self>> {
        let file =
            File::options().create(true).truncate(false).write(true).open(folder.join("hearth.lock"))?;
        for _ in 0..TRIES {
            if is_locked(file.try_lock())? {
                return Ok(Some(Self { file, is_alone: true }));
            }
            if !may_share {
                return Ok(None);
            }
            if is_locked(file.try_lock_shared())? {
                return Ok(Some(Self { file, is_alone: false }));
            }
            time::sleep(TRY_AGAIN_AFTER).await;
        }
        Ok(None)
    }

    /// Whether no other server has the folder, so that partial files in it belong to nobody.
    pub(crate) const fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// Allows others to share it from now on.
    pub(crate) fn share(&mut self) -> io::Result<()> {
        self.file.lock_shared()?;
        self.is_alone = false;
        Ok(())
    }
}

fn is_locked(outcome: Result<(), TryLockError>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::FolderLock;

    #[tokio::test]
    async fn a_folder_is_shared_by_servers_that_may_and_by_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let take = |may_share| FolderLock::take(folder.path(), may_share);
        let alone = take(false).await.expect("an answer").expect("nobody has it");
        assert!(alone.is_alone() && take(false).await.expect("an answer").is_none());
        drop(alone);
        let mut first = take(true).await.expect("an answer").expect("nobody has it");
        assert!(first.is_alone());
        first.share().expect("shared");
        let second = take(true).await.expect("an answer").expect("it is shared");
        assert!(!second.is_alone() && take(false).await.expect("an answer").is_none());
    }
}
