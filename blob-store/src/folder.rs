//! Objects in a local folder: `{root}/ab/cd/{hash}`.

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
    claim::RemovalGuard,
    disk::{is_full, of_disk},
};

#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

/// Sets the modification time to now, so that garbage collection keeps the object until it is referenced.
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

    /// `false`: the file is on another disk, or on one without hard links.
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

    /// Removes those that are still old, while nobody in this process can claim one. Claiming in another
    /// process touches the file: either before it is moved away, which is noticed after the move, or after
    /// it, and then the claim finds no file.
    pub(crate) async fn remove_old(
        &self,
        ids: Vec<BlobId>,
        age: Duration,
        nobody_claims: RemovalGuard,
    ) -> Result<u64> {
        let folder = self.clone();
        blocking(move || {
            let _nobody_claims = nobody_claims;
            fs::create_dir_all(folder.removing())?;
            let mut freed_bytes = 0;
            for id in ids {
                let (path, removing) = (folder.path(&id), folder.removing().join(id.as_str()));
                if fs::metadata(&path).is_ok_and(|facts| is_left(&facts, age))
                    && is_done(fs::rename(&path, &removing))?
                {
                    freed_bytes += remove_or_return(&removing, &path, age)?;
                }
            }
            Ok(freed_bytes)
        })
        .await
    }

    pub(crate) async fn remove_aside(&self, age: Duration) -> Result<usize> {
        Self::remove_older(self.aside(), age).await
    }

    /// Removes files of a folder that are older than `age`.
    pub(crate) async fn remove_older(folder: PathBuf, age: Duration) -> Result<usize> {
        blocking(move || {
            let mut removed = 0;
            for path in entries(&folder)? {
                // Another process may have removed it first.
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

    /// Restores objects whose removal was interrupted.
    pub(crate) async fn return_removing(&self) -> Result<()> {
        let folder = self.clone();
        blocking(move || {
            for path in entries(&folder.removing())? {
                if let Some(id) = path.file_name().and_then(|name| BlobId::parse(name.to_str()?)) {
                    is_done(fs::rename(&path, folder.path(&id)))?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Where objects are briefly moved while they are being removed.
    fn removing(&self) -> PathBuf {
        self.root.join("removing")
    }

    /// Where corrupted bytes are kept for analysis.
    fn aside(&self) -> PathBuf {
        self.root.join("aside")
    }
}

/// Deletes an object that was moved away, or moves it back if it was touched before. Returns how many bytes
/// were freed.
fn remove_or_return(removing: &Path, place: &Path, age: Duration) -> io::Result<u64> {
    let facts = match fs::metadata(removing) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        facts => facts?,
    };
    if is_left(&facts, age) {
        return Ok(if is_done(fs::remove_file(removing))? { facts.len() } else { 0 });
    }
    // If it was stored again meanwhile, the bytes are the same.
    is_done(fs::rename(removing, place)).map(|_| 0)
}

/// `false`: another process did it.
fn is_done(outcome: io::Result<()>) -> io::Result<bool> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

/// Whether it is an old file without other links. A file shared with a run record would free no space.
fn is_left(facts: &Metadata, age: Duration) -> bool {
    facts.is_file() && facts.nlink() == 1 && is_older(facts, age)
}

fn is_older(facts: &Metadata, age: Duration) -> bool {
    facts.modified().ok().and_then(|modified| modified.elapsed().ok()).is_some_and(|elapsed| elapsed >= age)
}

/// The entries of a folder; empty if it does not exist.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

/// Runs file operations on a blocking thread.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(Error::internal)?.map_err(of_disk)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn old_file(path: &Path) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, "weights").expect("written");
        let file = fs::File::options().write(true).open(path).expect("a file");
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("set");
    }

    #[tokio::test]
    async fn an_object_that_another_server_claims_while_it_is_removed_gets_its_place_back() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(home.path().to_owned());
        let id = BlobId::parse(&"ab".repeat(32)).expect("a hash");
        let (place, removing) = (folder.path(&id), folder.removing().join(id.as_str()));
        old_file(&place);
        fs::create_dir_all(folder.removing()).expect("made");
        // Between the check and the move, another process claims it.
        assert!(folder.renew(&id).await.expect("an answer"));
        fs::rename(&place, &removing).expect("moved");
        assert_eq!(remove_or_return(&removing, &place, DAY).expect("an answer"), 0);
        assert!(folder.renew(&id).await.expect("an answer"), "it is where it was");
        // A claim after the move finds no file, and the object is stored again.
        old_file(&place);
        fs::rename(&place, &removing).expect("moved");
        assert!(!folder.renew(&id).await.expect("an answer"));
        assert_eq!(remove_or_return(&removing, &place, DAY).expect("an answer"), 7);
        assert!(!place.exists() && !removing.exists());
        // Another process may have removed it.
        assert_eq!(remove_or_return(&removing, &place, DAY).expect("an answer"), 0);
    }

    #[tokio::test]
    async fn what_a_stop_caught_in_its_removal_gets_its_place_back() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(home.path().to_owned());
        let id = BlobId::parse(&"cd".repeat(32)).expect("a hash");
        old_file(&folder.path(&id));
        fs::create_dir_all(folder.removing()).expect("made");
        fs::rename(folder.path(&id), folder.removing().join(id.as_str())).expect("moved");
        folder.return_removing().await.expect("returned");
        assert!(folder.renew(&id).await.expect("an answer"));
    }
}
