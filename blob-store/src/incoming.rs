use std::{
    io,
    path::{Path, PathBuf},
};

use tempfile::TempPath;
use tokio::{
    fs::File,
    io::AsyncWriteExt as _,
    task::{self, JoinError},
};

/// A file on its way into the store. It is deleted if this is dropped before it has its final name, for
/// whatever reason: an error, a disconnected client, a cancelled future.
#[derive(Debug)]
pub(crate) struct Incoming {
    file: File,
    path: TempPath,
}

impl Incoming {
    /// Creates an empty one, on a thread that always finishes, so that cancellation leaves nothing behind.
    pub(crate) async fn create(folder: PathBuf) -> io::Result<Self> {
        let made = task::spawn_blocking(|| tempfile::Builder::new().prefix("object-").tempfile_in(folder));
        let (file, path) = made.await.map_err(ended)??.into_parts();
        Ok(Self { file: File::from_std(file), path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Makes everything written so far visible to readers of the path.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    /// Syncs it and moves it to its final name. Even if cancelled, the file ends up complete or deleted.
    pub(crate) async fn persist(self, target: PathBuf) -> io::Result<()> {
        let Self { file, path } = self;
        let file = file.into_std().await;
        let persisted = task::spawn_blocking(move || {
            file.sync_all()?;
            let folder = target.parent().expect("an object lies in a folder");
            std::fs::create_dir_all(folder)?;
            path.persist(&target)?;
            std::fs::File::open(folder)?.sync_all()
        });
        persisted.await.map_err(ended)?
    }
}

fn ended(error: JoinError) -> io::Error {
    io::Error::other(error)
}
