use std::{
    fs::{self, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};

use super::{Record, sums};
use crate::{
    Error, Result,
    error::At,
    protocol::{Appended, OutputEntry, OutputStatus},
    spec::is_plain_path,
};

/// What is there only while the attempt runs: outputs grow here until their hash is proven, and claims are kept.
pub(super) const PARTS: &str = ".parts";

impl Record {
    /// How much of this very file (path, size and hash) is here.
    pub fn output_status(&self, entry: &OutputEntry) -> Result<OutputStatus> {
        let (part, whole) = self.output_paths(entry)?;
        if let Ok(facts) = fs::symlink_metadata(&whole)
            && facts.len() == entry.size_bytes
            && sums::hash_file(&whole).at(&whole)? == entry.sha256
        {
            return Ok(OutputStatus { received: entry.size_bytes, complete: true });
        }
        let received = fs::metadata(part).map_or(0, |facts| facts.len());
        Ok(OutputStatus { received, complete: false })
    }

    /// Appends to a part of an output. [`Error::WrongOffset`] when it does not end at `offset`, or would grow beyond its size.
    pub fn append_output(&self, entry: &OutputEntry, offset: u64, bytes: &[u8]) -> Result<OutputStatus> {
        let (part, _) = self.output_paths(entry)?;
        let folder = self.directory.join(PARTS);
        fs::create_dir_all(&folder).at(&folder)?;
        let mut file = OpenOptions::new().create(true).append(true).open(&part).at(&part)?;
        flock(&file, FlockOperation::LockExclusive).at(&part)?;
        let end = file.seek(SeekFrom::End(0)).at(&part)?;
        let received = end + bytes.len() as u64;
        if end != offset || received > entry.size_bytes {
            return Err(Error::WrongOffset(Appended { next_offset: end }));
        }
        if let Err(source) = file.write_all(bytes) {
            file.set_len(end).at(&part)?;
            return Err(Error::Io { path: part, source });
        }
        Ok(OutputStatus { received, complete: false })
    }

    /// Proves the hash of a part that has its full size and puts it into place. Not there yet in full: says how much is.
    pub fn complete_output(&self, entry: &OutputEntry) -> Result<OutputStatus> {
        let status = self.output_status(entry)?;
        if status.complete {
            return Ok(status);
        }
        let (part, whole) = self.output_paths(entry)?;
        if entry.size_bytes == 0 {
            let folder = self.directory.join(PARTS);
            fs::create_dir_all(&folder).at(&folder)?;
            fs::write(&part, b"").at(&part)?;
        } else if status.received < entry.size_bytes {
            return Ok(status);
        }
        if sums::hash_file(&part).at(&part)? != entry.sha256 {
            fs::remove_file(&part).at(&part)?;
            return Err(Error::HashMismatch { path: entry.path.clone() });
        }
        OpenOptions::new().write(true).open(&part).and_then(|file| file.sync_all()).at(&part)?;
        let folder = whole.parent().unwrap_or(&self.directory);
        fs::create_dir_all(folder).at(folder)?;
        fs::rename(&part, &whole).at(&whole)?;
        Ok(OutputStatus { received: entry.size_bytes, complete: true })
    }

    /// The path of a complete output, if the name is a safe one and the file is there.
    pub fn find_output(&self, path: &str) -> Option<PathBuf> {
        let file = self.outputs_path().join(path);
        (is_plain_path(path) && fs::symlink_metadata(&file).is_ok_and(|facts| facts.is_file()))
            .then_some(file)
    }

    fn output_paths(&self, entry: &OutputEntry) -> Result<(PathBuf, PathBuf)> {
        let is_hash = entry.sha256.len() == 64 && entry.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_plain_path(&entry.path) || !is_hash {
            return Err(Error::UnsafePath(entry.path.clone()));
        }
        let key = sums::hash(format!("{}\n{}\n{}", entry.path, entry.size_bytes, entry.sha256).as_bytes());
        Ok((self.directory.join(PARTS).join(key), self.outputs_path().join(&entry.path)))
    }
}

/// A sealed record has no half files.
pub(super) fn remove_parts(directory: &Path) -> Result<()> {
    let parts = directory.join(PARTS);
    match fs::remove_dir_all(&parts) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io { path: parts, source: error })
        }
        _ => Ok(()),
    }
}
