use std::{
    collections::HashSet,
    fs::File,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use hearth_core::{Clock, SystemClock};

use super::spool::Spool;
use crate::{
    beneath::Folder,
    metrics::{parse_json_line, parse_text_line, stored_json_line, to_json_line},
};

/// Collects points from files and from the log. Once a file has named a metric, log lines with that name are
/// duplicates and are ignored.
pub(crate) struct Measurements {
    pub(crate) spool: Spool,
    named_by_file: Mutex<HashSet<String>>,
}

impl Measurements {
    pub(crate) fn new(spool: Spool) -> Self {
        Self { spool, named_by_file: Mutex::new(HashSet::new()) }
    }

    /// Takes points from log lines; in batches, because a program may print very many.
    pub(crate) fn take_log<'a>(&self, lines: impl IntoIterator<Item = std::borrow::Cow<'a, str>>) {
        let mut kept = String::new();
        for line in lines {
            let mut points = parse_text_line(&line);
            if points.is_empty() {
                continue;
            }
            let named = self.named_by_file.lock().unwrap_or_else(PoisonError::into_inner);
            points.retain(|point| !named.contains(&point.name));
            drop(named);
            if !points.is_empty() {
                kept.push_str(&to_json_line(&points, SystemClock.now()));
            }
        }
        if !kept.is_empty() {
            self.keep(&kept);
        }
    }

    fn take_file(&self, line: &str) {
        let points = parse_json_line(line);
        if points.is_empty() {
            return;
        }
        let names = points.into_iter().map(|point| point.name);
        self.named_by_file.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
        if let Some(stored) = stored_json_line(line, SystemClock.now()) {
            self.keep(&stored);
        }
    }

    fn keep(&self, line: &str) {
        let is_first = self.spool.lost() == 0;
        if let Err(error) = self.spool.append(line.as_bytes())
            && is_first
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "a metric could not be kept");
        }
    }
}

/// Tails a growing file that the program writes, line by line.
pub(crate) struct Follower {
    path: PathBuf,
    offset: u64,
    /// An overlong line is being skipped.
    is_skipping: bool,
}

const PIECE: usize = 256 << 10;

impl Follower {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path, offset: 0, is_skipping: false }
    }

    /// Takes the complete new lines; at the end also a last one without its line break.
    pub(crate) fn poll(&mut self, into: &Measurements, is_end: bool) {
        let Some(file) = self.open() else { return };
        let mut piece = vec![0; PIECE];
        while let Ok(count @ 1..) = file.read_at(&mut piece, self.offset) {
            let new = &piece[..count];
            let Some(last) = new.iter().rposition(|byte| *byte == b'\n') else {
                if count == PIECE {
                    self.is_skipping = true;
                    self.offset += count as u64;
                    continue;
                }
                if is_end && !self.is_skipping {
                    into.take_file(&String::from_utf8_lossy(new));
                    self.offset += count as u64;
                }
                return;
            };
            for line in new[..last].split(|byte| *byte == b'\n') {
                if !std::mem::take(&mut self.is_skipping) {
                    into.take_file(&String::from_utf8_lossy(line));
                }
            }
            self.offset += last as u64 + 1;
        }
    }

    /// The program controls this path: links are not followed, and opening never blocks.
    fn open(&self) -> Option<File> {
        Folder::open(self.path.parent()?).ok()?.file(Path::new(self.path.file_name()?)).ok()
    }
}

/// Splits the program's output into lines for [`Measurements::take_log`].
#[derive(Default)]
pub(crate) struct Lines {
    /// The incomplete last line.
    open: Vec<u8>,
}

const LONGEST_LINE: usize = 16 << 10;

impl Lines {
    pub(crate) fn push(&mut self, bytes: &[u8], into: &Measurements) {
        let Some(last) = bytes.iter().rposition(|byte| is_end(*byte)) else {
            if self.open.len() + bytes.len() <= LONGEST_LINE {
                self.open.extend(bytes);
            }
            return;
        };
        let (whole, rest) = bytes.split_at(last + 1);
        let mut lines = whole.split(|byte| is_end(*byte));
        self.open.extend(lines.next().unwrap_or_default());
        let first = String::from_utf8_lossy(&self.open);
        into.take_log([first].into_iter().chain(lines.map(String::from_utf8_lossy)));
        self.open.clear();
        self.open.extend(&rest[..rest.len().min(LONGEST_LINE)]);
    }

    pub(crate) fn end(self, into: &Measurements) {
        into.take_log([String::from_utf8_lossy(&self.open)]);
    }
}

/// A carriage return ends a line as well: progress bars overwrite themselves.
const fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write};

    use super::*;

    fn measurements(folder: &tempfile::TempDir) -> Measurements {
        Measurements::new(Spool::create(&folder.path().join("spool"), 1 << 20).unwrap())
    }

    #[test]
    fn only_whole_lines_are_taken_until_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let into = measurements(&folder);
        let path = folder.path().join("metrics.jsonl");
        let mut follower = Follower::new(path.clone());
        follower.poll(&into, false);
        let mut file = File::create(&path).unwrap();
        file.write_all(b"{\"loss\": 1}\n{\"loss\": ").unwrap();
        follower.poll(&into, false);
        file.write_all(b"2}\nnonsense\n{\"loss\": 3}").unwrap();
        follower.poll(&into, false);
        follower.poll(&into, true);
        let kept = fs::read_to_string(folder.path().join("spool")).unwrap();
        let points: Vec<_> = kept.lines().flat_map(parse_json_line).collect();
        assert_eq!(points.iter().map(|point| point.value).collect::<Vec<_>>(), [1.0, 2.0, 3.0]);
        assert!(points.iter().all(|point| point.time.is_some()), "{kept}");
    }

    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let into = measurements(&folder);
        fs::write(folder.path().join("other"), "{\"loss\": 1}\n").unwrap();
        let path = folder.path().join("metrics.jsonl");
        std::os::unix::fs::symlink(folder.path().join("other"), &path).unwrap();
        Follower::new(path).poll(&into, true);
        assert_eq!(into.spool.announced(), 0);
    }

    #[test]
    fn a_value_in_the_file_is_not_taken_from_the_log_again() {
        let folder = tempfile::tempdir().unwrap();
        let into = measurements(&folder);
        into.take_file(r#"{"loss": 1}"#);
        into.take_log(["step=1 loss=1 lr=0.1".into()]);
        let text = fs::read_to_string(folder.path().join("spool")).unwrap();
        assert_eq!(text.matches("loss").count(), 1);
        assert!(text.contains("\"lr\":0.1"));
    }

    #[test]
    fn lines_are_whole_however_they_arrive() {
        let text = b"step=1 loss=1\rstep=2 loss=2\nno metric\nstep=3 loss=3";
        for size in [1, 2, 7, 13, 100] {
            let folder = tempfile::tempdir().unwrap();
            let into = measurements(&folder);
            let mut lines = Lines::default();
            text.chunks(size).for_each(|piece| lines.push(piece, &into));
            lines.end(&into);
            let kept = fs::read_to_string(folder.path().join("spool")).unwrap();
            let losses: Vec<_> =
                kept.lines().flat_map(parse_json_line).map(|point| (point.step, point.value)).collect();
            assert_eq!(losses, [(Some(1), 1.0), (Some(2), 2.0), (Some(3), 3.0)], "pieces of {size}");
        }
    }
}
