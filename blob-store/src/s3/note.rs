use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

/// A local record of a multipart upload, so that its parts are removed even if this process is killed:
/// otherwise the server keeps them for ever, where nobody sees them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) key: String,
    pub(super) upload: String,
}

/// Notes of this process and of earlier ones.
#[derive(Clone, Debug)]
pub(super) struct Notes {
    of_now: PathBuf,
    abandoned: PathBuf,
}

impl Notes {
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { of_now: folder.join("uploads"), abandoned: folder.join("abandoned-uploads") }
    }

    /// Writes a note and returns its file, which stays until it is removed.
    pub(super) async fn write(&self, note: Note) -> io::Result<PathBuf> {
        let folder = self.of_now.clone();
        blocking(move || {
            fs::create_dir_all(&folder)?;
            let mut file = tempfile::Builder::new().prefix("upload-").suffix(".json").tempfile_in(folder)?;
            file.write_all(&serde_json::to_vec(&note)?)?;
            file.as_file().sync_all()?;
            Ok(file.into_temp_path().keep()?)
        })
        .await
    }

    /// Marks all notes as abandoned: nobody continues these uploads.
    pub(super) async fn abandon(&self) -> io::Result<()> {
        let Self { of_now, abandoned } = self.clone();
        blocking(move || {
            fs::create_dir_all(&abandoned)?;
            for path in files(&of_now)? {
                if let Some(name) = path.file_name() {
                    fs::rename(&path, abandoned.join(name))?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Marks one note as abandoned.
    pub(super) async fn leave(&self, path: &Path) {
        let (path, folder) = (path.to_owned(), self.abandoned.clone());
        let left = blocking(move || {
            fs::create_dir_all(&folder)?;
            fs::rename(&path, folder.join(path.file_name().unwrap_or_default()))
        });
        if let Err(error) = left.await {
            // It is found at the next start.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "an abandoned upload cannot be recorded; the next start finds it"
            );
        }
    }

    /// Abandoned uploads, and the files of their notes.
    pub(super) async fn abandoned(&self) -> io::Result<Vec<(PathBuf, Note)>> {
        let folder = self.abandoned.clone();
        blocking(move || {
            let mut notes = Vec::new();
            for path in files(&folder)? {
                match fs::File::open(&path).map(serde_json::from_reader) {
                    Ok(Ok(note)) => notes.push((path, note)),
                    // An incomplete note is useless: the upload had not begun.
                    Ok(Err(_)) => fs::remove_file(path)?,
                    Err(error) => return Err(error),
                }
            }
            Ok(notes)
        })
        .await
    }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}
