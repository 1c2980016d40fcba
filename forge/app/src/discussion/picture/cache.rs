//! Pictures in a folder of bounded size. Each file begins with a line of when it was fetched and its content type.

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use data_encoding::HEXLOWER;
use hearth_core::Timestamp;

use super::fetch;

const LONGEST_HEAD: u64 = 128;
/// What a file takes on the disk at least, so that many small ones are bounded too.
const SMALLEST_FILE: u64 = 4 << 10;
/// The folder is measured after this part of its bound was written.
const PARTS: u64 = 16;

pub(super) struct PictureCache {
    folder: PathBuf,
    most_bytes: u64,
    /// Written since the folder was measured; none before the first time.
    written_bytes: Mutex<Option<u64>>,
}

#[derive(Debug)]
pub(super) struct Stored {
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) fetched_at: Timestamp,
}

impl PictureCache {
    pub(super) fn new(folder: PathBuf, most_bytes: u64) -> Self {
        Self { folder, most_bytes, written_bytes: Mutex::default() }
    }

    fn file(&self, key: &[u8]) -> PathBuf {
        self.folder.join(HEXLOWER.encode(key))
    }

    /// The picture under a key. What cannot be read is not there.
    pub(super) fn read(&self, key: &[u8], most_bytes: u64) -> Option<Stored> {
        let whole = hearth_runner::bounded::read(&self.file(key), most_bytes + LONGEST_HEAD).ok()?;
        let end = whole.iter().position(|byte| *byte == b'\n')?;
        let (fetched_at, kind) = str::from_utf8(&whole[..end]).ok()?.split_once(' ')?;
        let fetched_at = Timestamp::from_microsecond(fetched_at.parse().ok()?);
        Some(Stored { kind: fetch::known(kind)?, bytes: whole[end + 1..].to_vec(), fetched_at })
    }

    pub(super) fn keep(&self, key: &[u8], stored: &Stored) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        writeln!(file, "{} {}", stored.fetched_at.as_microsecond(), stored.kind)?;
        file.write_all(&stored.bytes)?;
        file.persist(self.file(key))?;
        self.make_room(stored.bytes.len() as u64)
    }

    /// Removes the oldest files when the folder is too large.
    fn make_room(&self, written: u64) -> io::Result<()> {
        let mut written_bytes = self.written_bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let since = written_bytes.map(|bytes| bytes + written.max(SMALLEST_FILE));
        if let Some(since) = since.filter(|since| *since <= self.most_bytes / PARTS) {
            *written_bytes = Some(since);
            return Ok(());
        }
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            // Another server may have removed it.
            let Ok(about) = entry.metadata() else { continue };
            files.push((
                about.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                about.len().max(SMALLEST_FILE),
                entry.path(),
            ));
        }
        let mut used: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        files.sort_unstable();
        let room = self.most_bytes - self.most_bytes / PARTS;
        for (_, bytes, path) in files {
            if used <= room {
                break;
            }
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => used -= bytes,
            }
        }
        *written_bytes = Some(0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(bytes: usize) -> Stored {
        Stored { kind: "image/png", bytes: vec![7; bytes], fetched_at: Timestamp::from_second(1_790_000_000) }
    }

    #[test]
    fn a_picture_is_read_as_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = PictureCache::new(folder.path().join("pictures"), 1 << 20);
        assert!(cache.read(b"a", 1 << 20).is_none());
        cache.keep(b"a", &picture(10)).unwrap();
        let read = cache.read(b"a", 1 << 20).unwrap();
        assert_eq!(
            (read.kind, read.bytes, read.fetched_at),
            ("image/png", vec![7; 10], picture(1).fetched_at)
        );
        fs::write(cache.file(b"b"), "1 text/html\n<p>").unwrap();
        assert!(cache.read(b"b", 1 << 20).is_none(), "only pictures are passed on");
    }

    #[test]
    fn the_folder_stays_within_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let cache = PictureCache::new(folder.path().to_owned(), 256 << 10);
        for key in 0..200_u8 {
            cache.keep(&[key], &picture(usize::from(key) * 40)).unwrap();
            let used: u64 = fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().metadata().unwrap().len().max(SMALLEST_FILE))
                .sum();
            assert!(used <= 256 << 10, "{used} after {key}");
        }
        assert!(cache.read(&[199], 1 << 20).is_some(), "the newest is there");
        assert!(cache.read(&[0], 1 << 20).is_none(), "the oldest is not");
    }
}
