//! Lines of a log. A single line may be as long as the whole log, so only the beginning of each is read, and
//! less is kept.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use super::line_index;

/// Bytes of a line that are shown; the download has it whole.
pub const LONGEST_LINE: usize = 16 << 10;
/// Bytes at the beginning of a line that are read.
const MOST_OF_LINE: u64 = 1 << 20;
/// Bytes at the end of a longer line that are read: the final state of a progress bar is there.
const END_OF_LINE: u64 = 64 << 10;
/// Bytes that are read for one response.
pub(super) const MOST_READ: u64 = 16 << 20;
/// Bytes of all lines of one response.
pub(super) const MOST_TEXT: usize = 2 << 20;
const BUFFER: usize = 256 << 10;

/// A line without its line ending; bytes that are not UTF-8 are replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLine {
    pub text: String,
    /// Bytes of it that are not in the text.
    pub left_out_bytes: u64,
}

/// Marks where the line is cut.
impl fmt::Display for LogLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)?;
        if self.left_out_bytes > 0 {
            write!(formatter, " […+{} B]", self.left_out_bytes)?;
        }
        Ok(())
    }
}

/// Where a line is.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) start: u64,
    /// Bytes in the middle of it that were not read: all but its beginning and its end.
    pub(super) unread_bytes: u64,
    /// Whether its line ending has been written.
    pub(super) is_finished: bool,
}

/// Walks through a log line by line.
#[derive(Debug)]
pub(super) struct LineReader<'p> {
    path: &'p Path,
    reader: BufReader<File>,
    /// Where the next line begins.
    pub(super) at: u64,
    read_bytes: u64,
    buffer: Vec<u8>,
    end: Vec<u8>,
}

impl<'p> LineReader<'p> {
    /// Before line `number`, counted from 1; at the end of the log if it has no such line.
    pub(super) fn at_line(path: &'p Path, mut file: File, number: u64) -> io::Result<Self> {
        let offset = match line_index::find(path, &mut file, number)? {
            Some(offset) => offset,
            None => file.metadata()?.len(),
        };
        Self::from(path, file, offset)
    }

    fn from(path: &'p Path, mut file: File, offset: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        let reader = BufReader::with_capacity(BUFFER, file);
        Ok(Self { path, reader, at: offset, read_bytes: 0, buffer: Vec::new(), end: Vec::new() })
    }

    /// Whether enough has been read for one response.
    pub(super) const fn is_over_budget(&self) -> bool {
        self.read_bytes >= MOST_READ
    }

    pub(super) fn is_at_end(&mut self) -> io::Result<bool> {
        Ok(self.reader.fill_buf()?.is_empty())
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Found>> {
        let start = self.at;
        self.buffer.clear();
        self.end.clear();
        let read = self.reader.by_ref().take(MOST_OF_LINE).read_until(b'\n', &mut self.buffer)? as u64;
        if read == 0 {
            return Ok(None);
        }
        self.at += read;
        self.read_bytes += read;
        let mut found = Found { start, unread_bytes: 0, is_finished: self.buffer.ends_with(b"\n") };
        if !found.is_finished && read == MOST_OF_LINE {
            let read_to = self.at;
            found.is_finished = self.skip_rest()?;
            let end = self.at.saturating_sub(END_OF_LINE).max(read_to);
            found.unread_bytes = end - read_to;
            self.read_end(end)?;
        }
        Ok(Some(found))
    }

    /// The beginning of the line that was found last, and its end if it is very long, with its line ending.
    pub(super) fn pieces(&self) -> [&[u8]; 2] {
        [&self.buffer, &self.end]
    }

    /// The line that was found last, as text.
    pub(super) fn line(&self, found: &Found) -> LogLine {
        let mut line = text(&self.buffer);
        let end = self.end.strip_suffix(b"\n").unwrap_or(&self.end);
        line.left_out_bytes += found.unread_bytes + end.len() as u64;
        line
    }

    /// Reads the end of a line that has just been skipped.
    fn read_end(&mut self, from: u64) -> io::Result<()> {
        self.reader.seek(SeekFrom::Start(from))?;
        let length = self.at - from;
        self.reader.by_ref().take(length).read_to_end(&mut self.end)?;
        self.read_bytes += length;
        Ok(())
    }

    /// Skips to after the ending of the current line, or to the end of the log.
    fn skip_rest(&mut self) -> io::Result<bool> {
        let end = line_index::line_end(self.path, self.reader.get_mut(), self.at)?;
        let total = self.reader.get_ref().metadata()?.len();
        self.go_to(end.unwrap_or(total))?;
        Ok(end.is_some())
    }

    fn go_to(&mut self, offset: u64) -> io::Result<()> {
        self.reader.seek(SeekFrom::Start(offset))?;
        self.at = offset;
        Ok(())
    }
}

/// What a terminal would show of a line: text after a carriage return overwrites the text before, as progress
/// bars do.
fn text(line: &[u8]) -> LogLine {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let shown = line.rsplit(|&byte| byte == b'\r').next().unwrap_or(line);
    let kept = &shown[..shown.len().min(LONGEST_LINE)];
    LogLine {
        text: String::from_utf8_lossy(kept).into_owned(),
        left_out_bytes: (shown.len() - kept.len()) as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_progress_bar_is_shown_as_it_ended() {
        assert_eq!(text(b" 10%\r 50%\r100%\r\n").text, "100%");
        assert_eq!(text(b"\xffx\n").text, "\u{fffd}x");
    }

    #[test]
    fn a_cut_line_says_how_much_is_missing() {
        let line = text(&vec![b'x'; LONGEST_LINE + 5]);
        assert_eq!((line.text.len(), line.left_out_bytes), (LONGEST_LINE, 5));
        assert!(line.to_string().ends_with("xx […+5 B]"));
    }
}
