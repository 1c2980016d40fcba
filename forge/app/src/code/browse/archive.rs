//! All files of a commit as one archive, generated while it is sent. It holds what the commit holds: archive
//! attributes in a pushed `.gitattributes` are ignored, because they can make an archive grow without bound.

use std::{
    ffi::OsStr,
    io::{self, Read as _, Write},
    ops::ControlFlow::{Break, Continue},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use hearth_core::{Error, Result};
use hearth_git::{
    BlobReader, EntryKind, FileEntry, ObjectId, OpenRepository, Repository, Streamed, TreePath,
};

use crate::{App, GitResult as _, zip};

/// The formats that can be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArchiveFormat {
    /// `.zip`
    Zip,
    /// `.tar.gz`
    TarGz,
    /// `.tar`
    Tar,
}

impl ArchiveFormat {
    /// Splits a file name such as `v1.0.tar.gz` into the revision and the format.
    pub fn split(file_name: &str) -> Option<(&str, Self)> {
        [Self::TarGz, Self::Zip, Self::Tar]
            .into_iter()
            .find_map(|format| Some((file_name.strip_suffix(format.suffix())?, format)))
            .filter(|(revision, _)| !revision.is_empty())
    }

    /// The file extension.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Zip => ".zip",
            Self::TarGz => ".tar.gz",
            Self::Tar => ".tar",
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Zip => "application/zip",
            Self::TarGz => "application/gzip",
            Self::Tar => "application/x-tar",
        }
    }
}

/// Longer paths are considered malicious.
const MOST_PATH_BYTES: usize = 4096;
/// At most this much is read as the target of a symbolic link.
const MOST_TARGET_BYTES: u64 = 4096;

/// All files of a commit, with every path below the folder `prefix`. The same commit gives the same bytes. A
/// commit over the limits for archives is refused before the first byte.
pub async fn archive(
    app: &App,
    git: &Repository,
    commit: ObjectId,
    format: ArchiveFormat,
    prefix: TreePath,
) -> Result<Streamed> {
    let (files, bytes) = (app.limits().archive_files, app.limits().archive_bytes);
    match git.run_expensive(move |git| is_within(git, commit, files, bytes)).await {
        Ok(Some(true)) => {}
        Ok(Some(false)) => return Err(Error::TooLarge(app.limits().archive())),
        Ok(None) | Err(hearth_git::Error::OverBudget { .. }) => {
            return Err(Error::TooLarge(app.limits().archive_of_files()));
        }
        Err(other) => return Err(other).map_git(),
    }
    // The budget covers folders and size look-ups as well as files.
    let entries = files.saturating_mul(4);
    let written = git.stream(entries, move |git, out| {
        let source = Source { git, commit, prefix };
        match format {
            ArchiveFormat::Zip => source.zip(out),
            ArchiveFormat::Tar => source.tar(out).map(drop),
            ArchiveFormat::TarGz => {
                Ok(source.tar(GzEncoder::new(out, Compression::default()))?.finish().map(drop)?)
            }
        }
    });
    written.await.map_git()
}

/// Whether the bytes of all files are within the limit; none if there are too many files.
fn is_within(
    git: &OpenRepository,
    commit: ObjectId,
    most_files: u64,
    most_bytes: u64,
) -> hearth_git::Result<Option<bool>> {
    let (mut files, mut bytes, mut is_odd) = (0_u64, 0_u64, false);
    let walked = git.walk_tree(commit, |file| {
        files += 1;
        is_odd = file.path_bytes().len() > MOST_PATH_BYTES;
        if file.kind.is_blob() {
            bytes = bytes.saturating_add(git.blob_size(file.id)?);
        }
        let is_enough = is_odd || files > most_files || bytes > most_bytes;
        Ok(if is_enough { Break(()) } else { Continue(()) })
    })?;
    let are_few = walked.is_whole() && !is_odd && files <= most_files;
    Ok(are_few.then_some(bytes <= most_bytes))
}

struct Source<'git> {
    git: &'git OpenRepository,
    commit: ObjectId,
    prefix: TreePath,
}

impl Source<'_> {
    fn path(&self, file: &FileEntry) -> PathBuf {
        Path::new(self.prefix.as_str()).join(OsStr::from_bytes(file.path_bytes()))
    }

    /// Calls `add` with each file's kind, path, size and bytes; a submodule is an empty folder.
    fn each(
        &self,
        mut add: impl FnMut(EntryKind, PathBuf, u64, BlobReader) -> io::Result<()>,
    ) -> hearth_git::Result<()> {
        let walked = self.git.walk_tree(self.commit, |file| {
            let (size, content) = if file.kind.is_blob() {
                self.git.blob_reader(file.id)?
            } else {
                (0, BlobReader::Memory(io::Cursor::default()))
            };
            add(file.kind, self.path(&file), size, content)?;
            Ok(Continue(()))
        })?;
        self.git.whole(walked)
    }

    fn tar<Out: Write>(&self, out: Out) -> hearth_git::Result<Out> {
        let mut tar = tar::Builder::new(out);
        let time = self.git.commit(self.commit)?.committer.time.as_second();
        let time = u64::try_from(time).unwrap_or(0);
        name_commit(&mut tar, self.commit, time)?;
        self.each(|kind, path, size, mut content| {
            let mut header = tar::Header::new_gnu();
            header.set_mode(mode(kind));
            header.set_mtime(time);
            header.set_entry_type(match kind {
                EntryKind::Symlink => tar::EntryType::Symlink,
                EntryKind::Directory | EntryKind::Submodule => tar::EntryType::Directory,
                EntryKind::File | EntryKind::Executable => tar::EntryType::Regular,
            });
            if kind == EntryKind::Symlink {
                header.set_size(0);
                let mut target = Vec::new();
                content.take(MOST_TARGET_BYTES).read_to_end(&mut target)?;
                return tar.append_link(&mut header, path, OsStr::from_bytes(&target));
            }
            header.set_size(size);
            tar.append_data(&mut header, path, &mut content)
        })?;
        Ok(tar.into_inner()?)
    }

    fn zip(&self, out: &mut dyn Write) -> hearth_git::Result<()> {
        let mut zip = zip::Archive::new(out);
        self.each(|kind, path, size, mut content| {
            let mode = kind.mode() | mode(kind);
            if matches!(kind, EntryKind::Directory | EntryKind::Submodule) {
                return zip.add_folder(&path.to_string_lossy(), mode);
            }
            let name = path.as_os_str().as_bytes();
            zip.add(&zip::Entry { name, mode, size, is_deflated: true }, &mut content)
        })?;
        Ok(zip.finish()?)
    }
}

fn mode(kind: EntryKind) -> u32 {
    match kind {
        EntryKind::File => 0o644,
        EntryKind::Executable | EntryKind::Directory | EntryKind::Submodule => 0o755,
        EntryKind::Symlink => 0o777,
    }
}

/// Records the commit's id, where `git get-tar-commit-id` looks for it.
fn name_commit(tar: &mut tar::Builder<impl Write>, commit: ObjectId, time: u64) -> io::Result<()> {
    let comment = format!("52 comment={commit}\n");
    let mut header = tar::Header::new_ustar();
    header.set_path("pax_global_header")?;
    header.set_entry_type(tar::EntryType::XGlobalHeader);
    header.set_mode(0o644);
    header.set_mtime(time);
    header.set_size(comment.len() as u64);
    header.set_cksum();
    tar.append(&header, comment.as_bytes())
}
