//! What a commit changed, as text that `git apply` and `git am` take.

use std::io::{self, Write};

use hearth_core::{Error, Kind, Read, Result};
use hearth_git::{Diff, DiffLimits, DiffRequest, ObjectId, OpenRepository, Range};

use crate::{Access, App, GitResult as _, repository};

/// As many files are listed.
const MOST_FILES: usize = 5_000;

/// Which text is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchForm {
    /// As `git diff` prints it.
    Diff,
    /// With author and message, as `git format-patch` prints it.
    Letter,
}

impl PatchForm {
    /// The form that an ending asks for: `ID.diff` and `ID.patch`.
    pub fn split(name: &str) -> Option<(&str, Self)> {
        let diff = name.strip_suffix(".diff").map(|id| (id, Self::Diff));
        diff.or_else(|| name.strip_suffix(".patch").map(|id| (id, Self::Letter)))
    }
}

/// A patch in memory, up to so many bytes.
struct Collected {
    bytes: Vec<u8>,
    most: u64,
    is_too_large: bool,
}

impl Write for Collected {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.is_too_large |= (self.bytes.len() + piece.len()) as u64 > self.most;
        if self.is_too_large {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What `write` writes; none: it is larger than `most` bytes.
fn collect(
    most: u64,
    write: impl FnOnce(&mut dyn Write) -> hearth_git::Result<()>,
) -> hearth_git::Result<Option<Vec<u8>>> {
    let mut collected = Collected { bytes: Vec::new(), most, is_too_large: false };
    let written = write(&mut collected);
    if collected.is_too_large {
        return Ok(None);
    }
    written.map(|()| Some(collected.bytes))
}

/// What was changed from one commit to another, which are given by their full ids. As letters, each commit that only the
/// second has is one of its own, oldest first. Refused as [`commit_patch`] is.
pub async fn range_patch(
    app: &App,
    access: &Access<Read>,
    from: &str,
    to: &str,
    form: PatchForm,
) -> Result<Vec<u8>> {
    let range = Range { base: id(from)?, head: id(to)? };
    let git = repository::git(app, access.repository()).await?;
    let limit = app.limits().patch();
    let written = git.run_expensive(move |git| {
        if !(git.has_object(range.base) && git.has_object(range.head)) {
            return Err(hearth_git::Error::RevisionNotFound);
        }
        collect(limit.most, |out| match form {
            PatchForm::Diff => git.write_diff(Some(range.base), range.head, out),
            PatchForm::Letter => git.write_patches(&range, out),
        })
    });
    written.await.map_git()?.ok_or(Error::TooLarge(limit))
}

/// Which files were changed from one commit to another, and by how many lines, without the lines.
pub async fn range_diff_counts(app: &App, access: &Access<Read>, from: &str, to: &str) -> Result<Diff> {
    let (from, to) = (id(from)?, id(to)?);
    let git = repository::git(app, access.repository()).await?;
    let limits = DiffLimits { files: MOST_FILES, lines: 0, ..DiffLimits::PAGE };
    let request = DiffRequest { limits, ..DiffRequest::default() };
    let read = git.run_expensive(move |git| {
        if !(git.has_object(from) && git.has_object(to)) {
            return Err(hearth_git::Error::RevisionNotFound);
        }
        git.diff(Some(from), to, &request)
    });
    read.await.map_git()
}

fn id(text: &str) -> Result<ObjectId> {
    text.parse().map_err(|_| Error::NotFound(Kind::Commit))
}

/// What a commit changed against its first parent. Refused if the text is larger than `limits.patch_bytes`.
pub async fn commit_patch(app: &App, access: &Access<Read>, id: &str, form: PatchForm) -> Result<Vec<u8>> {
    let git = repository::git(app, access.repository()).await?;
    let limit = app.limits().patch();
    let id = id.to_owned();
    let written = git.run_expensive(move |git| {
        let commit = git.resolve_commit(&id)?;
        collect(limit.most, |out| write_commit(git, commit, form, out))
    });
    match written.await {
        Err(hearth_git::Error::RevisionNotFound) => Err(Error::NotFound(Kind::Commit)),
        other => other.map_git()?.ok_or(Error::TooLarge(limit)),
    }
}

fn write_commit(
    git: &OpenRepository,
    commit: ObjectId,
    form: PatchForm,
    out: &mut dyn Write,
) -> hearth_git::Result<()> {
    match form {
        PatchForm::Diff => git.write_diff(git.commit(commit)?.parents.first().copied(), commit, out),
        PatchForm::Letter => git.write_patch(commit, out),
    }
}
