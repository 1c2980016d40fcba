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

    /// Removes those that are still as old, while nobody of this process begins to claim one. Who claims one in another process makes it
    /// young: before it is out of its place, which is seen when it is, or after, and finds that there is none.
    pub(crate) async fn remove_old(
        &self,
        ids: Vec<BlobId>,
        age: Duration,
        nobody_claims: Removing,
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

    /// Gives those their place back that a stop caught out of it.
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

    /// Where objects lie for the moment of their removal.
    fn removing(&self) -> PathBuf {
        self.root.join("removing")
    }

    /// Where wrong bytes lie, for whoever wants to know what happened to them.
    fn aside(&self) -> PathBuf {
        self.root.join("aside")
    }
}

/// Removes an object that was taken out of its place, or gives it back where somebody made it young before. Gives the bytes that became
/// free.
fn remove_or_return(removing: &Path, place: &Path, age: Duration) -> io::Result<u64> {
    let facts = match fs::metadata(removing) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        facts => facts?,
    };
    if is_left(&facts, age) {
        return Ok(if is_done(fs::remove_file(removing))? { facts.len() } else { 0 });
    }
    // Should it have come again meanwhile: the bytes are the same.
    is_done(fs::rename(removing, place)).map(|_| 0)
}

/// `false`: somebody else did it.
fn is_done(outcome: io::Result<()>) -> io::Result<bool> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        outcome => outcome.map(|()| true),
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
        // Between the first look and the move, another process has claimed it.
        assert!(folder.renew(&id).await.expect("an answer"));
        fs::rename(&place, &removing).expect("moved");
        assert_eq!(remove_or_return(&removing, &place, DAY).expect("an answer"), 0);
        assert!(folder.renew(&id).await.expect("an answer"), "it is where it was");
        // Whoever comes after the move finds none, and stores it again.
        old_file(&place);
        fs::rename(&place, &removing).expect("moved");
        assert!(!folder.renew(&id).await.expect("an answer"));
        assert_eq!(remove_or_return(&removing, &place, DAY).expect("an answer"), 7);
        assert!(!place.exists() && !removing.exists());
        // Another one may have removed it.
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
