use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Seek, SeekFrom, Write},
    os::{
        fd::OwnedFd,
        unix::fs::{MetadataExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
};

use hearth_core::OutputPath;
use rustix::fs::{CWD, FlockOperation, Mode, OFlags, flock, open, openat, renameat};

use super::{Record, sums};
use crate::{
    Error, Result,
    error::At,
    protocol::{Appended, OutputEntry, OutputStatus},
};

/// Exists only while the attempt runs: outputs grow here until their hash is verified, and claims are stored.
pub(super) const PARTS: &str = ".parts";

/// Outputs that were moved out of their program's folder and are being hashed: there is no other copy, so
/// sealing leaves them alone.
const TAKEN: &str = ".taken";

impl Record {
    /// How much of this exact file (path, size and hash) was received. The hash is not checked.
    pub fn received(&self, entry: &OutputEntry) -> Result<u64> {
        let (part, whole) = self.output_paths(entry)?;
        let has_its_size = fs::symlink_metadata(&whole).is_ok_and(|facts| facts.len() == entry.size_bytes);
        if has_its_size && entry.size_bytes > 0 && !part.exists() {
            return Ok(entry.size_bytes);
        }
        Ok(fs::metadata(part).map_or(0, |facts| facts.len()))
    }

    /// How much of this exact file (path, size and hash) is here.
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

    /// The number of partial outputs, and their size so far in bytes.
    pub fn parts(&self) -> (u64, u64) {
        let parts = fs::read_dir(self.directory.join(PARTS)).into_iter().flatten().flatten();
        let sizes = parts.filter_map(|part| part.metadata().ok()).map(|facts| facts.len());
        sizes.fold((0, 0), |(files, bytes), size| (files + 1, bytes + size))
    }

    /// Appends to a partial output. [`Error::WrongOffset`] if it does not end at `offset`, or would exceed
    /// its size.
    pub fn append_output(&self, entry: &OutputEntry, offset: u64, bytes: &[u8]) -> Result<OutputStatus> {
        let (part, _) = self.output_paths(entry)?;
        self.make(PARTS)?;
        // Bytes that cannot be its beginning start no part.
        let may_begin = offset == 0 && bytes.len() as u64 <= entry.size_bytes;
        let mut file = match OpenOptions::new().create(may_begin).append(true).open(&part) {
            Err(error) if is_absent(&error) => return Err(Error::WrongOffset(Appended { next_offset: 0 })),
            opened => opened.at(&part)?,
        };
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

    /// Verifies the hash of a part with its full size and moves it into place. If it is incomplete, says how
    /// much is here.
    pub fn complete_output(&self, entry: &OutputEntry) -> Result<OutputStatus> {
        let status = self.output_status(entry)?;
        if status.complete {
            return Ok(status);
        }
        let (part, whole) = self.output_paths(entry)?;
        if entry.size_bytes == 0 {
            self.make(PARTS)?;
            fs::write(&part, b"").at(&part)?;
        } else if status.received < entry.size_bytes {
            return Ok(status);
        }
        if sums::hash_file(&part).at(&part)? != entry.sha256 {
            fs::remove_file(&part).at(&part)?;
            return Err(Error::HashMismatch { path: entry.path.to_string() });
        }
        self.put_in_place(&part, &whole)?;
        Ok(OutputStatus { received: entry.size_bytes, complete: true })
    }

    /// Moves an output out of the folder in which its program left it, so that there is never a second copy,
    /// and hashes it where nobody else can write. An interrupted move is continued. `None` if it does not
    /// exist, is on another disk, or has other hard links, through which somebody could still write to it.
    ///
    /// Every process that had it open for writing must be dead.
    pub fn take_output(&self, folder: &Path, path: &OutputPath) -> Result<Option<OutputEntry>> {
        let (part, whole) = (self.part_of(TAKEN, path), self.place_of(path)?);
        if !part.exists() {
            self.make(TAKEN)?;
            match move_beneath(folder, path, &part) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) if is_absent(&error) && whole.is_file() => {
                    return entry_of(&whole, path).map(Some);
                }
                Err(error) if is_absent(&error) => return Ok(None),
                Err(source) => return Err(Error::Io { path: whole, source }),
            }
        }
        let taken = self.proven(&part, &whole, path)?;
        // Fails, and keeps the folder, as long as it contains another one.
        let _ = fs::remove_dir(self.directory.join(TAKEN));
        Ok(Some(taken))
    }

    /// Copies an output out of the folder in which its program left it, once. `None` if it is missing or no
    /// regular file.
    pub fn copy_output(&self, folder: &Path, path: &OutputPath) -> Result<Option<OutputEntry>> {
        let (part, whole) = (self.part_of(PARTS, path), self.place_of(path)?);
        self.make(PARTS)?;
        let (_, mut source) = match open_beneath(folder, path) {
            Ok(found) => found,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(source) => return Err(Error::Io { path: whole, source }),
        };
        if !source.metadata().at(&whole)?.is_file() {
            return Ok(None);
        }
        let copied = File::create(&part).and_then(|mut copy| io::copy(&mut source, &mut copy));
        if let Err(source) = copied {
            // A partial copy is useless, and its space is needed.
            let _ = fs::remove_file(&part);
            return Err(Error::Io { path: part, source });
        }
        self.proven(&part, &whole, path).map(Some)
    }

    /// The path of a complete output, if the file exists.
    pub fn find_output(&self, path: &OutputPath) -> Option<PathBuf> {
        let file = self.outputs_path().join(path.as_str());
        fs::symlink_metadata(&file).is_ok_and(|facts| facts.is_file()).then_some(file)
    }

    fn proven(&self, part: &Path, whole: &Path, path: &OutputPath) -> Result<OutputEntry> {
        let entry = entry_of(part, path)?;
        self.put_in_place(part, whole)?;
        Ok(entry)
    }

    fn put_in_place(&self, part: &Path, whole: &Path) -> Result<()> {
        OpenOptions::new().write(true).open(part).and_then(|file| file.sync_all()).at(part)?;
        let folder = whole.parent().unwrap_or(&self.directory);
        fs::create_dir_all(folder).at(folder)?;
        fs::rename(part, whole).at(whole)?;
        File::open(folder).and_then(|folder| folder.sync_all()).at(folder)
    }

    fn make(&self, folder: &str) -> Result<()> {
        let folder = self.directory.join(folder);
        fs::create_dir_all(&folder).at(folder)
    }

    fn part_of(&self, folder: &str, path: &OutputPath) -> PathBuf {
        self.directory.join(folder).join(sums::hash(path.as_str().as_bytes()))
    }

    fn output_paths(&self, entry: &OutputEntry) -> Result<(PathBuf, PathBuf)> {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if entry.sha256.len() != 64 || !entry.sha256.bytes().all(is_hex) {
            return Err(Error::UnsafePath(entry.path.to_string()));
        }
        let key = sums::hash(format!("{}\n{}\n{}", entry.path, entry.size_bytes, entry.sha256).as_bytes());
        Ok((self.directory.join(PARTS).join(key), self.place_of(&entry.path)?))
    }

    /// Where an output is stored. A file cannot be where a folder is, nor below another file.
    fn place_of(&self, path: &OutputPath) -> Result<PathBuf> {
        let root = self.outputs_path();
        let whole = root.join(path.as_str());
        let above = whole.ancestors().skip(1).take_while(|folder| *folder != root);
        let is_file = |path: &Path| fs::symlink_metadata(path).is_ok_and(|facts| !facts.is_dir());
        if whole.is_dir() || above.into_iter().any(is_file) {
            return Err(Error::UnsafePath(path.to_string()));
        }
        Ok(whole)
    }
}

fn entry_of(file: &Path, path: &OutputPath) -> Result<OutputEntry> {
    let size_bytes = fs::metadata(file).at(file)?.len();
    Ok(OutputEntry { path: path.clone(), size_bytes, sha256: sums::hash_file(file).at(file)? })
}

/// Opens a file below an untrusted folder, with the folder that contains it: links are not followed, and
/// opening never blocks.
fn open_beneath(folder: &Path, path: &OutputPath) -> io::Result<(OwnedFd, File)> {
    let as_folder = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let as_file = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let (above, name) = path.split();
    let mut place = open(folder, as_folder, Mode::empty())?;
    for part in above.split('/').filter(|part| !part.is_empty()) {
        place = openat(&place, part, as_folder, Mode::empty())?;
    }
    let file = File::from(openat(&place, name, as_file, Mode::empty())?);
    Ok((place, file))
}

/// Moves a file that has no other hard links. `false` if it cannot be moved.
fn move_beneath(folder: &Path, path: &OutputPath, to: &Path) -> io::Result<bool> {
    let (place, file) = open_beneath(folder, path)?;
    let facts = file.metadata()?;
    if !facts.is_file() || facts.nlink() != 1 {
        return Ok(false);
    }
    match renameat(&place, path.split().1, CWD, to) {
        Ok(()) => {}
        Err(rustix::io::Errno::XDEV) => return Ok(false),
        Err(errno) => return Err(errno.into()),
    }
    let moved = fs::symlink_metadata(to)?;
    if (moved.dev(), moved.ino()) != (facts.dev(), facts.ino()) {
        // The folder was changed in between: what was moved is not what was checked.
        renameat(CWD, to, &place, path.split().1)?;
        return Ok(false);
    }
    file.set_permissions(Permissions::from_mode(0o644))?;
    Ok(true)
}

fn is_absent(error: &io::Error) -> bool {
    // A link in the path counts as absent.
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        || error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

/// A sealed record has no partial files.
pub(super) fn remove_parts(directory: &Path) -> Result<()> {
    let parts = directory.join(PARTS);
    match fs::remove_dir_all(&parts) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::Io { path: parts, source: error })
        }
        _ => Ok(()),
    }
}
