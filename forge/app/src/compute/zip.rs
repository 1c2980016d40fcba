//! Zip archives that are written while they are sent: only the names, for the central directory, are held in
//! memory.

use std::{
    cell::Cell,
    io::{self, BufWriter, Read, Write},
    rc::Rc,
};

use futures_util::Stream;
use hearth_core::OutputPath;
use hearth_git::Permit;
use zip::{
    CompressionMethod, System, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use crate::{
    blobs::Object,
    pieces::{self, Pieces},
};

const PIECE: usize = 256 << 10;
/// Sizes from here on need ZIP64: incompressible data grows slightly when deflated.
const LARGE: u64 = u32::MAX as u64 - (u32::MAX as u64 >> 8);

/// The bytes of an archive of `files`: their names inside it, and their contents. They are stored
/// uncompressed: numeric data hardly shrinks. A file that cannot be read ends the stream with an error, so
/// that a partial archive is not mistaken for a complete one.
pub(crate) fn stream(
    permit: Permit,
    files: Vec<(OutputPath, Object)>,
) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + use<> {
    pieces::stream(permit, move |out| write(&files, out))
}

fn write(files: &[(OutputPath, Object)], out: Pieces<'_>) -> io::Result<()> {
    let mut archive = Archive::new(out);
    for (name, object) in files {
        add_file(&mut archive, name.as_str(), object)?;
    }
    archive.finish()
}

fn add_file(archive: &mut Archive<Pieces<'_>>, name: &str, object: &Object) -> io::Result<()> {
    let mut content = object.open_blocking().map_err(io::Error::other)?;
    let size = object.size_bytes();
    archive.add(&Entry { name: name.as_bytes(), mode: FILE, size, is_deflated: false }, &mut content)
}

/// A regular file that everybody may read.
const FILE: u32 = 0o100_644;

/// The metadata of a file.
pub(crate) struct Entry<'a> {
    /// Its path in the archive.
    pub(crate) name: &'a [u8],
    /// Type and permissions, as a file system has them.
    pub(crate) mode: u32,
    pub(crate) size: u64,
    pub(crate) is_deflated: bool,
}

/// An archive that is being written. Without [`Archive::finish`] it gets no central directory, so that it
/// cannot be opened.
pub(crate) struct Archive<Out: Write> {
    /// Dropped before the writer, which would otherwise complete the archive.
    end: End,
    writer: ZipWriter<StreamWriter<BufWriter<Ending<Out>>>>,
}

impl<Out: Write> Archive<Out> {
    pub(crate) fn new(out: Out) -> Self {
        let end = End::default();
        let out = Ending { out, end: Rc::clone(&end.0) };
        Self { end, writer: ZipWriter::new_stream(BufWriter::with_capacity(PIECE, out)) }
    }

    pub(crate) fn add(&mut self, entry: &Entry<'_>, content: &mut impl Read) -> io::Result<()> {
        let method = if entry.is_deflated { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options =
            options(entry.mode).compression_method(method).large_file(entry.size >= LARGE).name(entry.name);
        self.writer.start_file_with_options(options)?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = content.read(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            self.writer.write_all(&piece[..read])?;
        }
    }

    pub(crate) fn add_folder(&mut self, name: &str, mode: u32) -> io::Result<()> {
        Ok(self.writer.add_directory(name, options(mode))?)
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        let Self { end, writer } = self;
        writer.finish()?.into_inner().flush()?;
        drop(end);
        Ok(())
    }
}

/// Without timestamps, so that the same files give the same archive.
fn options(mode: u32) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::DEFAULT)
        .system(System::Unix)
        .external_attributes(mode << 16)
}

/// When dropped, nothing more of the archive is sent.
#[derive(Default)]
struct End(Rc<Cell<bool>>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// Passes an archive on until its end; what comes later, or after a failure, is discarded.
struct Ending<Out> {
    out: Out,
    end: Rc<Cell<bool>>,
}

impl<Out: Write> Write for Ending<Out> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.end.get() {
            return Ok(bytes.len());
        }
        self.out.write(bytes).inspect_err(|_| self.end.set(true))
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.end.get() { Ok(()) } else { self.out.flush() }
    }
}

#[cfg(test)]
mod tests {
    use std::{process::Command, sync::Arc};

    use futures_util::{StreamExt as _, TryStreamExt as _};
    use hearth_core::Limit;
    use hearth_git::Shares;
    use tempfile::TempDir;

    use super::*;
    use crate::{Blobs, DataDisk, blobs::Promise, disk::DiskSettings};

    /// Has Python's own reader verify every checksum.
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

    async fn store() -> (TempDir, Blobs) {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = DataDisk::of(folder.path().to_owned(), DiskSettings::default());
        let blobs = Blobs::in_folder(folder.path().join("blobs"), Arc::new(disk)).await.expect("opens");
        (folder, blobs)
    }

    async fn object(blobs: &Blobs, bytes: &[u8]) -> Object {
        let limit = Limit { name: "test", most: 1 << 20, key: "limits.test" };
        let stored = blobs.put(bytes, &Promise::default(), limit).await.expect("stored");
        blobs.find(&stored.id).await.expect("an answer").expect("there")
    }

    async fn permit() -> Permit {
        Shares::new(1, 1).acquire(&[]).await
    }

    async fn packed(files: Vec<(OutputPath, Object)>) -> io::Result<Vec<u8>> {
        let pieces: Vec<Vec<u8>> = stream(permit().await, files).try_collect().await?;
        Ok(pieces.concat())
    }

    /// Python's listing of an archive.
    fn read(archive: &[u8]) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.zip");
        std::fs::write(&file, archive).expect("written");
        let said = Command::new("python3").args(["-c", CHECK]).arg(&file).output().expect("Python runs");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8_lossy(&said.stdout).into_owned()
    }

    #[tokio::test]
    async fn another_program_reads_the_archive() {
        let (_folder, blobs) = store().await;
        let (small, empty) = (object(&blobs, &vec![7; PIECE + 1]).await, object(&blobs, b"").await);
        let files = vec![(plain("out/模型.bin"), small), (plain("empty"), empty)];
        let archive = packed(files.clone()).await.expect("packed");
        assert_eq!(read(&archive), format!("out/模型.bin {}\nempty 0\n", PIECE + 1));
        assert_eq!(packed(files).await.expect("packed"), archive, "the same files are the same bytes");
    }

    #[test]
    fn a_file_that_may_need_long_sizes_is_read_by_others() {
        let mut bytes = Vec::new();
        let mut archive = Archive::new(&mut bytes);
        for (name, is_deflated) in [("stored", false), ("deflated", true)] {
            let entry = Entry { name: name.as_bytes(), mode: FILE, size: LARGE, is_deflated };
            archive.add(&entry, &mut &b"fewer than was said"[..]).expect("written");
        }
        archive.finish().expect("written");
        assert_eq!(read(&bytes), "stored 19\ndeflated 19\n");
    }

    #[tokio::test]
    async fn a_file_that_is_gone_ends_the_stream_with_an_error_and_the_archive_without_an_end() {
        let (_folder, blobs) = store().await;
        let (there, gone) = (object(&blobs, &vec![7; 2 * PIECE]).await, object(&blobs, b"gone").await);
        std::fs::remove_file(blobs.path(gone.id()).expect("a folder")).expect("removed");
        let files = vec![(plain("a"), there), (plain("x"), gone)];
        let pieces: Vec<_> = stream(permit().await, files).collect().await;
        let (last, sent) = pieces.split_last().expect("an answer");
        assert!(last.is_err());
        let sent = sent.iter().flat_map(|piece| piece.as_ref().expect("bytes").clone()).collect::<Vec<u8>>();
        assert!(sent.len() >= PIECE);
        let directory = b"PK\x01\x02";
        assert!(!sent.windows(directory.len()).any(|bytes| bytes == directory));
    }

    #[test]
    fn nothing_is_written_behind_a_failure() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                assert_eq!(self.0, 0, "it was told that nothing more is taken");
                self.0 = bytes.len();
                Err(io::ErrorKind::StorageFull.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut archive = Archive::new(Full(0));
        let entry = Entry { name: b"a", mode: FILE, size: 0, is_deflated: false };
        assert!(archive.add(&entry, &mut io::repeat(1).take(4 * PIECE as u64)).is_err());
    }
}
