//! Lines of a file around those that a difference shows.

use crate::{Error, ObjectId, OpenRepository, Result, diff::lines_of};

/// Lines that are read at once.
const MOST_LINES: u32 = 2_000;
/// Bytes of a line; the rest of it is cut.
const MOST_LINE_BYTES: usize = 4_000;
/// Bytes of a file up to which its lines are looked for.
const MOST_FILE_BYTES: u64 = 2 << 20;

impl OpenRepository {
    /// Lines of a file, numbered from 1, as many of them as exist and at most 2,000; bytes that are not UTF-8
    /// are replaced. A file above 2 MiB is [`Error::TooLarge`].
    pub fn lines_of(&self, blob: ObjectId, lines: std::ops::Range<u32>) -> Result<Vec<String>> {
        let blob = self.blob(blob, MOST_FILE_BYTES)?;
        let text = blob.data.ok_or(Error::TooLarge { limit: MOST_FILE_BYTES })?;
        let first = lines.start.max(1);
        let wanted = lines.end.saturating_sub(first).min(MOST_LINES) as usize;
        let shown = |line: &[u8]| {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            String::from_utf8_lossy(&line[..line.len().min(MOST_LINE_BYTES)]).into_owned()
        };
        Ok(lines_of(&text).into_iter().skip(first as usize - 1).take(wanted).map(shown).collect())
    }
}
