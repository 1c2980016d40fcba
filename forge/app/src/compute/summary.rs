//! Summaries of growing files of lines, stored beside the file's folder and extended with new lines. However
//! long the file is, a page reads only the summary and the lines since.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Longer lines are skipped.
const LONGEST_LINE: u64 = 16 << 10;
/// Maximum bytes that are read at once; the next call continues from there.
const MOST_AT_ONCE: u64 = 64 << 20;
/// The summary is stored again after this many new bytes; fewer are read again.
pub(crate) const WORTH_KEEPING: u64 = 256 << 10;
/// Far above the size of any summary, which has a bounded number of bounded parts.
const LARGEST_KEPT: u64 = 32 << 20;
const BUFFER: usize = 256 << 10;
const MOST_LOCKS: u64 = 1_024;

/// One reader at a time for each file: the others find what it has stored.
static LOOKS: LazyLock<Cache<PathBuf, Arc<Mutex<()>>>> =
    LazyLock::new(|| Cache::builder().max_capacity(MOST_LOCKS).time_to_idle(Duration::from_mins(5)).build());

/// A summary of bounded size that is built line by line.
pub(crate) trait LineSummary: Default + Serialize + DeserializeOwned {
    fn take(&mut self, line: &str);
}

#[derive(Default, Serialize, Deserialize)]
struct Kept<T> {
    /// Bytes of the file that are included.
    read_bytes: u64,
    value: T,
}

/// The summary of the complete lines of `file`, which is stored at `kept`. A missing file counts as empty.
pub(crate) fn read<T: LineSummary>(file: &Path, kept: &Path) -> io::Result<T> {
    let look = LOOKS.get_with_by_ref(kept, Arc::default);
    let _alone = look.lock().unwrap_or_else(PoisonError::into_inner);
    let mut lines = match File::open(file) {
        Ok(lines) => lines,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
        Err(error) => return Err(error),
    };
    let total = lines.metadata()?.len();
    let mut known: Kept<T> =
        load(kept).filter(|known: &Kept<T>| known.read_bytes <= total).unwrap_or_default();
    let before = known.read_bytes;
    lines.seek(SeekFrom::Start(before))?;
    extend(&mut known, &mut BufReader::with_capacity(BUFFER, lines))?;
    if known.read_bytes - before >= WORTH_KEEPING
        && let Err(error) = keep(&known, kept)
    {
        // The result is the same; the next read costs as much again.
        tracing::warn!(error = &error as &dyn std::error::Error, "a summary cannot be stored");
    }
    Ok(known.value)
}

/// Adds complete lines; one that is being written is left for the next time.
fn extend<T: LineSummary>(known: &mut Kept<T>, reader: &mut BufReader<File>) -> io::Result<()> {
    let (end, mut line) = (known.read_bytes + MOST_AT_ONCE, Vec::new());
    while known.read_bytes < end {
        line.clear();
        let mut length = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? as u64;
        let is_short = line.ends_with(b"\n");
        if !is_short {
            let rest = if length < LONGEST_LINE { None } else { skip_line(reader)? };
            let Some(rest) = rest else { return Ok(()) };
            length += rest;
        }
        known.read_bytes += length;
        if is_short {
            known.value.take(&String::from_utf8_lossy(&line));
        }
    }
    Ok(())
}

/// Skips to after the next line ending, and returns the bytes skipped; `None` if it is not written yet.
fn skip_line(reader: &mut BufReader<File>) -> io::Result<Option<u64>> {
    let mut skipped = 0;
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(None);
        }
        let (end, length) = (piece.iter().position(|&byte| byte == b'\n'), piece.len());
        let passed = end.map_or(length, |place| place + 1);
        reader.consume(passed);
        skipped += passed as u64;
        if end.is_some() {
            return Ok(Some(skipped));
        }
    }
}

/// `None` if it is missing or unreadable, and has to be rebuilt.
fn load<T: DeserializeOwned>(kept: &Path) -> Option<T> {
    let mut text = Vec::new();
    File::open(kept).ok()?.take(LARGEST_KEPT).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn keep(value: &impl Serialize, kept: &Path) -> io::Result<()> {
    let folder = kept.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Under a temporary name: another server may be storing the same summary.
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(&serde_json::to_vec(value).map_err(io::Error::other)?)?;
    fresh.persist(kept)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Sum(u64);

    impl LineSummary for Sum {
        fn take(&mut self, line: &str) {
            self.0 += line.trim().parse::<u64>().unwrap_or(0);
        }
    }

    fn append(path: &Path, text: &str) {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path).expect("a file");
        file.write_all(text.as_bytes()).expect("written");
    }

    #[test]
    fn what_was_read_once_is_not_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, kept) = (folder.path().join("numbers"), folder.path().join("kept/sum"));
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(0));
        append(&file, &"1\n".repeat(200_000));
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(200_000));
        // Were it read again, it would count twice as much.
        fs::write(&file, "2\n".repeat(200_000)).expect("written");
        append(&file, "5\n6");
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(200_005));
        append(&file, "0\n");
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(200_065));
    }

    #[test]
    fn a_file_that_begins_anew_is_read_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, kept) = (folder.path().join("numbers"), folder.path().join("sum"));
        append(&file, &"1\n".repeat(200_000));
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(200_000));
        fs::write(&file, "7\n").expect("written");
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(7));
        fs::write(&kept, "no JSON").expect("written");
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(7));
    }

    #[test]
    fn a_line_of_many_megabytes_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, kept) = (folder.path().join("numbers"), folder.path().join("sum"));
        append(&file, &format!("1\n{}\n2\n", "9".repeat(9 << 20)));
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(3));
        append(&file, &"9".repeat(1 << 20));
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(3));
        append(&file, "\n4\n");
        assert_eq!(read::<Sum>(&file, &kept).expect("readable"), Sum(7));
    }
}
