//! A zip of files, written while it is sent: nothing of it lies in memory or on disk.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, Crc, write::DeflateEncoder};
use futures_util::{Stream, stream};
use hearth_core::OutputPath;
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

/// The bytes of an archive of `files`: names inside it, and where their bytes lie. They are stored as they are; what programs
/// make out of numbers hardly shrinks. A file that cannot be read ends the stream with an error, so that nobody takes half an
/// archive for a whole one.
pub(crate) fn stream(
    files: Vec<(OutputPath, PathBuf)>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + use<> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut archive = Archive::new(Pieces(&sender));
        let written = files.iter().try_for_each(|(name, path)| add_file(&mut archive, name.as_str(), path));
        if let Err(error) = written.and_then(|()| archive.finish()) {
            // A reader that has gone away hears nothing, and need not.
            sender.blocking_send(Err(error)).ok();
        }
    });
    stream::poll_fn(move |context| receiver.poll_recv(context))
}

fn add_file(archive: &mut Archive<Pieces<'_>>, name: &str, path: &Path) -> io::Result<()> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    archive.add(&Entry { name, mode: FILE, size, is_deflated: false }, &mut file)
}

/// Hands on what is written.
struct Pieces<'a>(&'a Sender<io::Result<Vec<u8>>>);

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(bytes.to_owned()));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A plain file that everybody may read.
const FILE: u32 = 0o100_644;

/// What is said of a file beside its bytes.
pub(crate) struct Entry<'a> {
    /// Where it lies in the archive; the name of a folder ends in a slash.
    pub(crate) name: &'a str,
    /// Kind and permissions, as a file system has them.
    pub(crate) mode: u32,
    pub(crate) size: u64,
    pub(crate) is_deflated: bool,
}

impl Entry<'_> {
    /// Whether sizes may need the longer form: what cannot be made smaller becomes a little larger.
    fn is_large(&self) -> bool {
        self.size >= LARGE - (LARGE >> 8)
    }

    fn method(&self) -> u16 {
        if self.is_deflated { DEFLATED } else { STORED }
    }
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// What is known of a file once it has been written.
struct Sums {
    checksum: u32,
    packed: u64,
    size: u64,
}

/// An archive that is being written.
pub(crate) struct Archive<Out> {
    out: Counted<Out>,
    /// The part at the end that names every file.
    directory: Vec<u8>,
    count: u64,
}

struct Counted<Out> {
    out: Out,
    offset: u64,
}

impl<Out: Write> Write for Counted<Out> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.offset += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<Out: Write> Archive<Out> {
    pub(crate) fn new(out: Out) -> Self {
        Self { out: Counted { out, offset: 0 }, directory: Vec::new(), count: 0 }
    }

    pub(crate) fn add(&mut self, entry: &Entry<'_>, content: &mut impl Read) -> io::Result<()> {
        let is_large = entry.is_large();
        let start = self.out.offset;
        let mut header = Fields::default();
        header.long(0x0403_4b50);
        let unknown = Sums { checksum: 0, packed: 0, size: 0 };
        beginning(&mut header, entry, is_large, &unknown, if is_large { 20 } else { 0 });
        header.bytes(entry.name.as_bytes());
        if is_large {
            header.short(1).short(16).huge(0).huge(0);
        }
        self.out.write_all(&header.0)?;
        let sums = self.copy(entry, content)?;
        let mut trailer = Fields::default();
        trailer.long(0x0807_4b50).long(sums.checksum);
        if is_large {
            trailer.huge(sums.packed).huge(sums.size);
        } else {
            trailer.long(fits(sums.packed)?).long(fits(sums.size)?);
        }
        self.out.write_all(&trailer.0)?;
        self.note(entry, &sums, start);
        Ok(())
    }

    fn copy(&mut self, entry: &Entry<'_>, content: &mut impl Read) -> io::Result<Sums> {
        let start = self.out.offset;
        let (checksum, size) = if entry.is_deflated {
            let mut deflated = DeflateEncoder::new(&mut self.out, Compression::default());
            let copied = copy(content, &mut deflated)?;
            deflated.finish()?;
            copied
        } else {
            copy(content, &mut self.out)?
        };
        Ok(Sums { checksum, packed: self.out.offset - start, size })
    }

    fn note(&mut self, entry: &Entry<'_>, sums: &Sums, start: u64) {
        let is_large = sums.size.max(sums.packed).max(start) >= LARGE;
        let short = |value: u64| if is_large { u32::MAX } else { u32::try_from(value).unwrap_or(u32::MAX) };
        let mut fields = Fields::default();
        fields.long(0x0201_4b50).short(UNIX + version(is_large));
        let extra = if is_large { 28 } else { 0 };
        let shown = Sums {
            checksum: sums.checksum,
            packed: u64::from(short(sums.packed)),
            size: u64::from(short(sums.size)),
        };
        beginning(&mut fields, entry, is_large, &shown, extra);
        // No comment, first disk, bytes.
        fields.short(0).short(0).short(0).long(entry.mode << 16).long(short(start));
        fields.bytes(entry.name.as_bytes());
        if is_large {
            fields.short(1).short(24).huge(sums.size).huge(sums.packed).huge(start);
        }
        self.directory.append(&mut fields.0);
        self.count += 1;
    }

    pub(crate) fn finish(&mut self) -> io::Result<()> {
        let start = self.out.offset;
        let directory = std::mem::take(&mut self.directory);
        let size = directory.len() as u64;
        if !directory.is_empty() {
            self.out.write_all(&directory)?;
        }
        let mut end = Fields::default();
        if self.count >= u64::from(u16::MAX) || start + size >= LARGE {
            let place = self.out.offset;
            end.long(0x0606_4b50).huge(44).short(UNIX + version(true)).short(version(true)).long(0).long(0);
            end.huge(self.count).huge(self.count).huge(size).huge(start);
            end.long(0x0706_4b50).long(0).huge(place).long(1);
        }
        let count = u16::try_from(self.count).unwrap_or(u16::MAX);
        let short = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        end.long(0x0605_4b50).short(0).short(0).short(count).short(count);
        end.long(short(size)).long(short(start)).short(0);
        self.out.write_all(&end.0)
    }
}

/// Copies to the end; gives checksum and size.
fn copy(content: &mut impl Read, out: &mut impl Write) -> io::Result<(u32, u64)> {
    let (mut checksum, mut size) = (Crc::new(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        let read = content.read(&mut piece)?;
        if read == 0 {
            return Ok((checksum.sum(), size));
        }
        checksum.update(&piece[..read]);
        size += read as u64;
        out.write_all(&piece[..read])?;
    }
}

const fn version(is_large: bool) -> u16 {
    if is_large { 45 } else { 20 }
}

/// What the two headers of a file have in common.
fn beginning(fields: &mut Fields, entry: &Entry<'_>, is_large: bool, sums: &Sums, extra: u16) {
    let short = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    fields.short(version(is_large)).short(DATA_FOLLOWS_SIZES | NAMES_ARE_UTF8).short(entry.method());
    // At midnight.
    fields.short(0).short(DAY).long(sums.checksum).long(short(sums.packed)).long(short(sums.size));
    fields.short(u16::try_from(entry.name.len()).unwrap_or(u16::MAX)).short(extra);
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

    fn plain(path: &str) -> OutputPath {
        path.parse().expect("a plain path")
    }

    async fn packed(files: Vec<(OutputPath, PathBuf)>) -> io::Result<Vec<u8>> {
        let pieces: Vec<Vec<u8>> = stream(files).try_collect().await?;
        Ok(pieces.concat())
    }

    #[tokio::test]
    async fn another_program_reads_the_archive() {
        let folder = tempfile::tempdir().expect("a folder");
        let (small, empty) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&small, vec![7; PIECE + 1]).expect("written");
        std::fs::write(&empty, "").expect("written");
        let files = vec![(plain("out/模型.bin"), small), (plain("empty"), empty)];
        let archive = folder.path().join("x.zip");
        std::fs::write(&archive, packed(files).await.expect("packed")).expect("written");
        let said = Command::new("python3").args(["-c", CHECK]).arg(&archive).output().expect("Python runs");
        let said = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
        assert_eq!(said.0, format!("out/模型.bin {}\nempty 0\n", PIECE + 1), "{}", said.1);
    }

    #[tokio::test]
    async fn a_file_that_is_gone_ends_the_stream_with_an_error() {
        let files = vec![(plain("x"), PathBuf::from("/nonexistent/x"))];
        assert!(packed(files).await.is_err());
    }
}
