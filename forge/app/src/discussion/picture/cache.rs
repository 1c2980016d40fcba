//! Pictures in a folder of bounded size. Each file begins with a line of when it was fetched and its content type.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
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

/// A picture to be kept.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) fetched_at: Timestamp,
}

/// A picture that is kept. Its bytes are read when they are sent: many who take them slowly hold no memory.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) kind: &'static str,
    /// At the first byte of the picture.
    pub(super) file: File,
    pub(super) size_bytes: u64,
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
    pub(super) fn open(&self, key: &[u8], most_bytes: u64) -> Option<Kept> {
        let mut file = File::open(self.file(key)).ok()?;
        let mut head = Vec::new();
        (&file).take(LONGEST_HEAD).read_to_end(&mut head).ok()?;
        let end = head.iter().position(|byte| *byte == b'\n')?;
        let (fetched_at, kind) = str::from_utf8(&head[..end]).ok()?.split_once(' ')?;
        let fetched_at = Timestamp::from_microsecond(fetched_at.parse().ok()?);
        let begin = end as u64 + 1;
        let size_bytes = file.metadata().ok()?.len().checked_sub(begin).filter(|size| *size <= most_bytes)?;
        file.seek(SeekFrom::Start(begin)).ok()?;
        Some(Kept { kind: fetch::known(kind)?, file, size_bytes, fetched_at })
    }

    pub(super) fn keep(&self, key: &[u8], stored: &Download) -> io::Result<()> {
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

    fn picture(bytes: usize) -> Download {
        Download {
            kind: "image/png",
            bytes: vec![7; bytes],
            fetched_at: Timestamp::from_second(1_790_000_000),
        }
    }

    #[test]
    fn a_picture_is_read_as_it_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = PictureCache::new(folder.path().join("pictures"), 1 << 20);
        assert!(cache.open(b"a", 1 << 20).is_none());
        cache.keep(b"a", &picture(10)).unwrap();
        let mut kept = cache.open(b"a", 1 << 20).unwrap();
        let mut bytes = Vec::new();
        kept.file.read_to_end(&mut bytes).unwrap();
        assert_eq!((kept.kind, bytes, kept.fetched_at), ("image/png", vec![7; 10], picture(1).fetched_at));
        assert_eq!(kept.size_bytes, 10);
        assert!(cache.open(b"a", 9).is_none(), "the bound may have become smaller");
        fs::write(cache.file(b"b"), "1 text/html\n<p>").unwrap();
        assert!(cache.open(b"b", 1 << 20).is_none(), "only pictures are passed on");
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
        assert!(cache.open(&[199], 1 << 20).is_some(), "the newest is there");
        assert!(cache.open(&[0], 1 << 20).is_none(), "the oldest is not");
    }
}
