//! Objects in a folder of this machine: `{root}/ab/cd/{hash}`.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind, SeekFrom},
    ops::Range,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use hearth_core::{Error, Kind, Result};
use rustix::{
    fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT, utimensat},
    io::Errno,
};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
    task::spawn_blocking,
};

use crate::{
    BlobId, Reader,
    claim::Removing,
    disk::{is_full, of_disk},
};

#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// As young as if it had come now: whoever looks for what nobody names lets it be until it is named.
const NOW: Timestamps = Timestamps {
    last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
    last_modification: Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
};

impl Folder {
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, id: &BlobId) -> PathBuf {
        self.root.join(id.place())
    }

    pub(crate) async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>> {
        let folder = self.clone();
        blocking(move || {
            Ok(ids.iter().map(|id| fs::metadata(folder.path(id)).ok().map(|facts| facts.len())).collect())
        })
        .await
    }

    pub(crate) async fn open(&self, id: &BlobId, part: Range<u64>) -> Result<Reader> {
        let mut file = File::open(self.path(id)).await.map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::NotFound(Kind::Object),
            _ => of_disk(error),
        })?;
        if part.start > 0 {
            file.seek(SeekFrom::Start(part.start)).await.map_err(of_disk)?;
        }
        Ok(Reader::of_file(file.take(part.end.saturating_sub(part.start))))
    }

    pub(crate) async fn renew(&self, id: &BlobId) -> Result<bool> {
        let path = self.path(id);
        blocking(move || match utimensat(CWD, path, &NOW, AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(false),
            touched => Ok(touched.map(|()| true)?),
        })
        .await
    }

    /// `false`: the file lies on another disk, or on one that knows no links.
    pub(crate) async fn link(&self, file: PathBuf, id: &BlobId, incoming: PathBuf) -> Result<bool> {
        let target = self.path(id);
        let linked = spawn_blocking(move || {
            let folder = target.parent().expect("an object lies in a folder");
            fs::create_dir_all(folder)?;
            utimensat(CWD, &file, &NOW, AtFlags::empty())?;
            let link = |place: &Path| fs::hard_link(&file, place);
            let named = tempfile::Builder::new().prefix("object-").make_in(incoming, link)?;
            named.into_temp_path().persist(&target)?;
            fs::File::open(folder)?.sync_all()
        });
        match linked.await.map_err(Error::internal)? {
            Ok(()) => Ok(true),
            Err(error) if is_full(&error) => Err(of_disk(error)),
            Err(_) => Ok(false),
        }
    }

    pub(crate) async fn set_aside(&self, id: &BlobId) -> Result<()> {
        let (wrong, aside) = (self.path(id), self.aside());
        let target = aside.join(id.as_str());
        blocking(move || {
            fs::create_dir_all(aside)?;
            fs::rename(wrong, target)
        })
        .await
    }

    pub(crate) async fn list_old(&self, outer: u8, age: Duration) -> Result<Vec<BlobId>> {
        let folder = self.root.join(format!("{outer:02x}"));
        blocking(move || {
            let mut found = Vec::new();
            for inner in entries(&folder)? {
                for path in entries(&inner)? {
                    let id = path.file_name().and_then(|name| BlobId::parse(name.to_str()?));
                    found.extend(id.filter(|_| fs::metadata(&path).is_ok_and(|facts| is_left(&facts, age))));
                }
            }
            Ok(found)
        })
        .await
    }

    /// Removes those that are still as old, while nobody begins to claim one.
    pub(crate) async fn remove_old(
        &self,
        ids: Vec<BlobId>,
        age: Duration,
        nobody_claims: Removing,
    ) -> Result<u64> {
        let folder = self.clone();
        blocking(move || {
            let _nobody_claims = nobody_claims;
            let mut freed_bytes = 0;
            for id in ids {
                let path = folder.path(&id);
                if let Ok(facts) = fs::metadata(&path)
                    && is_left(&facts, age)
                {
                    fs::remove_file(&path)?;
                    freed_bytes += facts.len();
                }
            }
            Ok(freed_bytes)
        })
        .await
    }

    pub(crate) async fn remove_aside(&self, age: Duration) -> Result<usize> {
        Self::remove_older(self.aside(), age).await
    }

    /// Removes files of a folder that nothing has touched for so long.
    pub(crate) async fn remove_older(folder: PathBuf, age: Duration) -> Result<usize> {
        blocking(move || {
            let mut removed = 0;
            for path in entries(&folder)? {
                // Whoever works on it may be faster.
                if fs::metadata(&path).is_ok_and(|facts| is_older(&facts, age))
                    && fs::remove_file(&path).is_ok()
                {
                    removed += 1;
                }
            }
            Ok(removed)
        })
        .await
    }

    /// Where wrong bytes lie, for whoever wants to know what happened to them.
    fn aside(&self) -> PathBuf {
        self.root.join("aside")
    }
}

/// A file that a run record has too is the record's as well: without its name here nothing would become free.
fn is_left(facts: &Metadata, age: Duration) -> bool {
    facts.is_file() && facts.nlink() == 1 && is_older(facts, age)
}

fn is_older(facts: &Metadata, age: Duration) -> bool {
    facts.modified().ok().and_then(|modified| modified.elapsed().ok()).is_some_and(|elapsed| elapsed >= age)
}

/// What lies in a folder; nothing in one that is not there.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

/// Runs file work on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(Error::internal)?.map_err(of_disk)
}
