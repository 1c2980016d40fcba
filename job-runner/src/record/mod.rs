//! The record of one attempt, a folder on the server's disk:
//!
//! | file | content |
//! | --- | --- |
//! | `run.json` | what was run, with every pin; a missing pin says so ([`RunDocument`]) |
//! | `events.jsonl` | the timeline |
//! | `log/node-N.log` | what the program wrote |
//! | `metrics.jsonl` | the metrics ([`crate::metrics`]) |
//! | `env.lock` | what the program could import |
//! | `code.patch` | the changes of an unpushed tree |
//! | `outputs/` | the files it produced |
//! | `receipt.json` | the resources it used ([`Receipt`]) |
//! | `SHA256SUMS` | the hash of all of the above, for `sha256sum -c` |
//!
//! While the attempt runs, [`Record`] appends to log, metrics and outputs at their exact ends.
//! [`Record::seal`] writes the rest; after that [`verify`] finds every changed byte. All calls block: use
//! them where blocking is fine.

mod claim;
mod document;
mod output;
mod sums;
mod verify;

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, ErrorKind, Read as _, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

pub(crate) use self::sums::hash_file;
pub use self::{
    document::{CodePin, FilePin, ImagePin, Outputs, Pin, Receipt, RunDocument, RunFacts, TimelineLine},
    verify::{Fault, Verdict, verify},
};
use crate::{
    Error, Result, bounded,
    draft::{self, Durability},
    error::At,
    protocol::Appended,
};

/// The growing record of one attempt.
#[derive(Clone, Debug)]
pub struct Record {
    directory: PathBuf,
}

impl Record {
    /// Opens the record, creating missing folders.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self> {
        let directory = directory.into();
        for folder in ["log", "outputs"] {
            let path = directory.join(folder);
            fs::create_dir_all(&path).at(path)?;
        }
        Ok(Self { directory })
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    pub fn log_path(&self, node: u32) -> PathBuf {
        self.directory.join(format!("log/node-{node}.log"))
    }

    pub fn metrics_path(&self) -> PathBuf {
        self.directory.join("metrics.jsonl")
    }

    pub fn outputs_path(&self) -> PathBuf {
        self.directory.join("outputs")
    }

    /// Claims a node for a process, unless another one has it. Returns whether the process has the node.
    pub fn claim(&self, node: u32, process: &str) -> Result<bool> {
        claim::claim(&self.directory, node, process)
    }

    /// Whether any process has claimed a node.
    pub fn is_claimed(&self, node: u32) -> bool {
        claim::is_claimed(&self.directory, node)
    }

    /// Appends to a node's log if its end is at `offset`; otherwise [`Error::WrongOffset`] has the end.
    pub fn append_log(&self, node: u32, offset: u64, bytes: &[u8]) -> Result<Appended> {
        append_at(&self.log_path(node), offset, bytes)
    }

    /// Appends to `metrics.jsonl` if its end is at `offset`; otherwise [`Error::WrongOffset`] has the end.
    pub fn append_metrics(&self, offset: u64, bytes: &[u8]) -> Result<Appended> {
        append_at(&self.metrics_path(), offset, bytes)
    }

    /// Stores the patch of an unpushed tree. Returns its hash, for the spec.
    pub fn write_patch(&self, patch: &[u8]) -> Result<String> {
        write_whole(&self.directory.join("code.patch"), patch)?;
        Ok(sums::hash(patch))
    }

    /// Writes everything that is known only at the end, and the checksums of all files. Sealing again with
    /// the same facts changes nothing, and concurrent sealing waits.
    pub fn seal(&self, facts: &RunFacts<'_>, timeline: &[TimelineLine]) -> Result<RunDocument> {
        let _alone = self.lock()?;
        draft::remove_left(&self.directory)?;
        let lock = facts.finish.map(|finish| finish.environment_lock.as_str()).unwrap_or_default();
        if !lock.is_empty() {
            write_whole(&self.directory.join("env.lock"), lock.as_bytes())?;
        }
        self.sync_grown()?;
        let mut lines = Vec::new();
        for line in timeline {
            lines.extend(to_json(line)?);
            lines.push(b'\n');
        }
        write_whole(&self.directory.join("events.jsonl"), &lines)?;
        write_whole(&self.directory.join("receipt.json"), &to_pretty_json(&Receipt::of(facts))?)?;
        let document = RunDocument::of(facts, &self.directory)?;
        write_whole(&self.directory.join("run.json"), &to_pretty_json(&document)?)?;
        output::remove_parts(&self.directory)?;
        let listed = sums::of_directory(&self.directory)?;
        write_whole(&self.directory.join(sums::FILE), sums::to_text(&listed).as_bytes())?;
        Ok(document)
    }

    /// An exclusive lock across processes. It is taken on the folder itself, so that no file is added to the
    /// record.
    fn lock(&self) -> Result<File> {
        let folder = File::open(&self.directory).at(&self.directory)?;
        rustix::fs::flock(&folder, rustix::fs::FlockOperation::LockExclusive).at(&self.directory)?;
        Ok(folder)
    }

    /// Appends are acknowledged before they are synced: the agent keeps the data until the end. Here they are
    /// synced.
    fn sync_grown(&self) -> Result<()> {
        let folder = self.directory.join("log");
        let logs = fs::read_dir(&folder).at(&folder)?.filter_map(|entry| Some(entry.ok()?.path()));
        for path in logs.chain([self.metrics_path()]).filter(|path| path.is_file()) {
            File::open(&path).and_then(|file| file.sync_all()).at(path)?;
        }
        Ok(())
    }

    /// `run.json` as it was sealed; none before that.
    pub fn document(&self) -> Result<Option<RunDocument>> {
        read_json(&self.directory.join("run.json"))
    }

    /// The names of the missing pins in `run.json`, without the rest of it; `None` before it is sealed.
    pub fn missing_pins(&self) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Pins {
            missing: Vec<String>,
        }
        let path = self.directory.join("run.json");
        let file = match File::open(&path) {
            Ok(file) => BufReader::new(file.take(LARGEST_LIST)),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Error::Io { path, source }),
        };
        let pins: Pins = serde_json::from_reader(file).map_err(|source| Error::Malformed { path, source })?;
        Ok(pins.missing)
    }
}

/// Appends to a file at its exact end.
fn append_at(path: &Path, offset: u64, bytes: &[u8]) -> Result<Appended> {
    let mut file = OpenOptions::new().create(true).append(true).open(path).at(path)?;
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive).at(path)?;
    let end = file.seek(SeekFrom::End(0)).at(path)?;
    if end != offset {
        return Err(Error::WrongOffset(Appended { next_offset: end }));
    }
    if let Err(source) = file.write_all(bytes) {
        // A full disk may have written a part: cut it off, so that the end stays where the answer says it is.
        file.set_len(end).at(path)?;
        return Err(Error::Io { path: path.to_owned(), source });
    }
    Ok(Appended { next_offset: end + bytes.len() as u64 })
}

/// Files of the record are written atomically.
fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    draft::write_whole(path, content, Durability::Synced)
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|source| Error::Malformed { path: PathBuf::new(), source })
}

fn to_pretty_json(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|source| Error::Malformed { path: PathBuf::new(), source })?;
    text.push(b'\n');
    Ok(text)
}

/// A record names every output: this is far above the largest that occurs.
const LARGEST_LIST: u64 = 256 << 20;

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>> {
    match bounded::read(path, LARGEST_LIST) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|source| Error::Malformed { path: path.to_owned(), source }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { path: path.to_owned(), source }),
    }
}
