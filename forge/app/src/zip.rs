//! A zip of files, written while it is sent: nothing of it lies in memory or on disk. Files are stored as they are; what
//! programs make out of numbers hardly shrinks.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use flate2::Crc;
use futures_util::{Stream, stream};
use tokio::sync::mpsc::{self, Sender};

const PIECE: usize = 256 << 10;
/// Pieces that wait for a slow reader.
const WAITING: usize = 4;
/// From here on, sizes and places need the longer form.
const LARGE: u64 = u32::MAX as u64;

const DATA_FOLLOWS_SIZES: u16 = 1 << 3;
const NAMES_ARE_UTF8: u16 = 1 << 11;
/// The system that wrote it.
const UNIX: u16 = 0x300;
/// 1980-01-01, the first day there is: the same files are the same archive.
const DAY: u16 = 1 << 5 | 1;

/// The bytes of an archive of `files`: names inside it, and where their bytes lie. A file that cannot be read ends the stream
/// with an error, so that nobody takes half an archive for a whole one.
pub(crate) fn stream(
    files: Vec<(String, PathBuf)>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + use<> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut archive = Archive { sender: &sender, offset: 0, directory: Vec::new(), count: 0 };
        let written = files.iter().try_for_each(|(name, path)| archive.add(name, path));
        if let Err(error) = written.and_then(|()| archive.finish()) {
            // A reader that has gone away hears nothing, and need not.
            sender.blocking_send(Err(error)).ok();
        }
    });
    stream::poll_fn(move |context| receiver.poll_recv(context))
}

struct Archive<'a> {
    sender: &'a Sender<io::Result<Vec<u8>>>,
    offset: u64,
    /// The part at the end that names every file.
    directory: Vec<u8>,
    count: u64,
}

impl Archive<'_> {
    fn put(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        self.offset += bytes.len() as u64;
        self.sender.blocking_send(Ok(bytes)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn add(&mut self, name: &str, path: &Path) -> io::Result<()> {
        let mut file = File::open(path)?;
        let is_large = file.metadata()?.len() >= LARGE;
        let start = self.offset;
        let mut header = Fields::default();
        header.long(0x0403_4b50);
        beginning(&mut header, is_large, 0, 0, 0, name, if is_large { 20 } else { 0 });
        header.bytes(name.as_bytes());
        if is_large {
            header.short(1).short(16).huge(0).huge(0);
        }
        self.put(header.0)?;
        let (checksum, size) = self.copy(&mut file)?;
        let mut trailer = Fields::default();
        trailer.long(0x0807_4b50).long(checksum);
        if is_large {
            trailer.huge(size).huge(size);
        } else {
            trailer.long(fits(size)?).long(fits(size)?);
        }
        self.put(trailer.0)?;
        self.note(name, checksum, size, start);
        Ok(())
    }

    fn copy(&mut self, file: &mut File) -> io::Result<(u32, u64)> {
        let (mut checksum, mut size) = (Crc::new(), 0);
        loop {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece)?;
            if read == 0 {
                return Ok((checksum.sum(), size));
            }
            piece.truncate(read);
            checksum.update(&piece);
            size += read as u64;
            self.put(piece)?;
        }
    }

    fn note(&mut self, name: &str, checksum: u32, size: u64, start: u64) {
        let is_large = size >= LARGE || start >= LARGE;
        let short = |value: u64| if is_large { u32::MAX } else { u32::try_from(value).unwrap_or(u32::MAX) };
        let mut entry = Fields::default();
        entry.long(0x0201_4b50).short(UNIX + version(is_large));
        let extra = if is_large { 28 } else { 0 };
        beginning(&mut entry, is_large, checksum, short(size), short(size), name, extra);
        // No comment, first disk, bytes; a plain file that everybody may read.
        entry.short(0).short(0).short(0).long(0o100_644 << 16).long(short(start)).bytes(name.as_bytes());
        if is_large {
            entry.short(1).short(24).huge(size).huge(size).huge(start);
        }
        self.directory.append(&mut entry.0);
        self.count += 1;
    }

    fn finish(&mut self) -> io::Result<()> {
        let start = self.offset;
        let directory = std::mem::take(&mut self.directory);
        let size = directory.len() as u64;
        if !directory.is_empty() {
            self.put(directory)?;
        }
        let mut end = Fields::default();
        if self.count >= u64::from(u16::MAX) || start + size >= LARGE {
            let place = self.offset;
            end.long(0x0606_4b50).huge(44).short(UNIX + version(true)).short(version(true)).long(0).long(0);
            end.huge(self.count).huge(self.count).huge(size).huge(start);
            end.long(0x0706_4b50).long(0).huge(place).long(1);
        }
        let count = u16::try_from(self.count).unwrap_or(u16::MAX);
        let short = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        end.long(0x0605_4b50).short(0).short(0).short(count).short(count);
        end.long(short(size)).long(short(start)).short(0);
        self.put(end.0)
    }
}

const fn version(is_large: bool) -> u16 {
    if is_large { 45 } else { 20 }
}

/// What the two headers of a file have in common.
fn beginning(
    fields: &mut Fields,
    is_large: bool,
    checksum: u32,
    packed: u32,
    size: u32,
    name: &str,
    extra: u16,
) {
    fields.short(version(is_large)).short(DATA_FOLLOWS_SIZES | NAMES_ARE_UTF8);
    // Stored, at midnight.
    fields.short(0).short(0).short(DAY).long(checksum).long(packed).long(size);
    fields.short(u16::try_from(name.len()).unwrap_or(u16::MAX)).short(extra);
}

/// A file that grew beyond the short form while it was read.
fn fits(size: u64) -> io::Result<u32> {
    u32::try_from(size).map_err(|_| io::Error::other("a file grew while it was packed"))
}

/// Numbers one after the other, the lowest byte first.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn short(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    fn long(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    fn huge(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use futures_util::TryStreamExt as _;

    use super::*;

    /// Lets Python's own reader check every sum.
    const CHECK: &str = "\
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
for name in archive.namelist():
    print(name, len(archive.read(name)))
";

    async fn packed(files: Vec<(String, PathBuf)>) -> io::Result<Vec<u8>> {
        let pieces: Vec<Vec<u8>> = stream(files).try_collect().await?;
        Ok(pieces.concat())
    }

    #[tokio::test]
    async fn another_program_reads_the_archive() {
        let folder = tempfile::tempdir().expect("a folder");
        let (small, empty) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&small, vec![7; PIECE + 1]).expect("written");
        std::fs::write(&empty, "").expect("written");
        let files = vec![("out/模型.bin".to_owned(), small), ("empty".to_owned(), empty)];
        let archive = folder.path().join("x.zip");
        std::fs::write(&archive, packed(files).await.expect("packed")).expect("written");
        let said = Command::new("python3").args(["-c", CHECK]).arg(&archive).output().expect("Python runs");
        let said = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
        assert_eq!(said.0, format!("out/模型.bin {}\nempty 0\n", PIECE + 1), "{}", said.1);
    }

    #[tokio::test]
    async fn a_file_that_is_gone_ends_the_stream_with_an_error() {
        let files = vec![("x".to_owned(), PathBuf::from("/nonexistent/x"))];
        assert!(packed(files).await.is_err());
    }
}
