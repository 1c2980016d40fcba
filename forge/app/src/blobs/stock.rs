//! What lies in the store, for those who look after it.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use hearth_core::Result;
use sha2::{Digest as _, Sha256};
use tokio::{
    fs::File,
    io::AsyncReadExt as _,
    time::{self, Instant},
};

use super::{BUFFER_BYTES, BlobId, Blobs, hex};
use crate::record::blocking;

/// How the bytes of an object are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Sound,
    Missing,
    /// They have another hash.
    Changed,
}

impl Blobs {
    /// The sizes of these objects on the disk, in their order; none for one that is not there.
    pub async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>> {
        let blobs = self.clone();
        blocking(move || {
            Ok(ids.iter().map(|id| fs::metadata(blobs.path(id)).ok().map(|facts| facts.len())).collect())
        })
        .await
    }

    /// Reads an object and compares it with its hash, at most so many bytes in a second; 0: as fast as it goes.
    pub async fn examine(&self, id: &BlobId, bytes_per_second: u64) -> Result<Condition> {
        match hash(&self.path(id), bytes_per_second).await {
            Ok(found) if found == id.0 => Ok(Condition::Sound),
            Ok(_) => Ok(Condition::Changed),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Condition::Missing),
            Err(error) => Err(super::disk(error)),
        }
    }

    /// Moves bytes that are not what their name says out of the way, so that the right ones can come again.
    pub async fn set_aside(&self, id: &BlobId) -> Result<()> {
        let (wrong, aside) = (self.path(id), self.aside());
        let target = aside.join(id.as_str());
        blocking(move || {
            fs::create_dir_all(aside)?;
            fs::rename(wrong, target)
        })
        .await
    }

    /// Objects of one of the 256 outer folders that nothing has touched for `age`, and that no run record shares.
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

    /// Removes those of the objects that are as old as ever and that nobody is about to name, after `is_named` was asked for the
    /// last time. Gives the bytes that became free.
    pub(crate) async fn remove_unnamed<Asked>(
        &self,
        ids: Vec<BlobId>,
        age: Duration,
        named: impl FnOnce(Vec<BlobId>) -> Asked,
    ) -> Result<u64>
    where
        Asked: Future<Output = Result<Vec<BlobId>>>,
    {
        let removing = self.claims.remove().await;
        let ids: Vec<BlobId> = ids.into_iter().filter(|id| !removing.is_claimed(id)).collect();
        let named = named(ids.clone()).await?;
        let blobs = self.clone();
        blocking(move || {
            let _nobody_claims = removing;
            let mut freed_bytes = 0;
            for id in ids.into_iter().filter(|id| !named.contains(id)) {
                let path = blobs.path(&id);
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

    /// Removes what came in half and nobody works on any more, and bytes that were set aside long ago.
    pub(crate) async fn remove_leftovers(
        &self,
        incoming_age: Duration,
        aside_age: Duration,
    ) -> Result<usize> {
        let (incoming, aside) = (self.incoming(), self.aside());
        blocking(move || Ok(remove_older(&incoming, incoming_age)? + remove_older(&aside, aside_age)?)).await
    }

    /// Where wrong bytes lie, for whoever wants to know what happened to them.
    fn aside(&self) -> PathBuf {
        self.root.join("aside")
    }
}

async fn hash(path: &Path, bytes_per_second: u64) -> io::Result<String> {
    let mut file = File::open(path).await?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; BUFFER_BYTES]);
    let (begun, mut done_bytes) = (Instant::now(), 0_u64);
    loop {
        let read = file.read(&mut buffer).await?;
        if read == 0 {
            return Ok(hex(hasher));
        }
        hasher.update(&buffer[..read]);
        done_bytes += read as u64;
        if let Some(due_ms) = (done_bytes * 1_000).checked_div(bytes_per_second) {
            time::sleep_until(begun + Duration::from_millis(due_ms)).await;
        }
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

fn remove_older(folder: &Path, age: Duration) -> io::Result<usize> {
    let mut removed = 0;
    for path in entries(folder)? {
        // Whoever works on it may be faster.
        if fs::metadata(&path).is_ok_and(|facts| is_older(&facts, age)) && fs::remove_file(&path).is_ok() {
            removed += 1;
        }
    }
    Ok(removed)
}
