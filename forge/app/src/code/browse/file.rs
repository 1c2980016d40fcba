use std::sync::Arc;

use hearth_core::{Read, Result};
use hearth_git::{BlobStream, Commit, EntryKind, ObjectId, OpenRepository};

use super::{RevisionPath, as_not_found, locate_in};
use crate::{
    Access, App,
    lfs::{MAX_POINTER_BYTES, Pointer},
    repository,
};

/// A file as a page shows it.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub kind: EntryKind,
    pub id: ObjectId,
    pub size_bytes: u64,
    pub content: Content,
    /// The commit that last changed it; none if it is too far back to be found.
    pub latest: Option<Arc<Commit>>,
}

/// How a file's bytes are presented.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text; bytes that are not UTF-8 are replaced.
    Text(Arc<str>),
    /// Text over the limit: its first lines.
    Head(Arc<str>),
    Binary,
    /// A symbolic link: its target.
    Link(String),
    /// A large file stored outside git (LFS).
    Lfs(Pointer),
}

/// Reads the file at `place`, with the commit that last changed it if that is known.
pub(super) fn read(git: &OpenRepository, place: &RevisionPath, most_bytes: u64) -> hearth_git::Result<File> {
    let entry = git.entry(place.commit, &place.path)?;
    if !entry.kind.is_blob() {
        return Err(hearth_git::Error::WrongKind("file"));
    }
    let folder = place.path.parent().unwrap_or_default();
    let known = git.known_last_commits(place.commit, &folder);
    let latest = known.and_then(|known| known.get(place.path.name()).cloned());
    let size_bytes = git.blob_size(entry.id)?;
    // Files somewhat over the limit are read whole to show their head; much larger ones are not held in
    // memory.
    let blob = git.blob(entry.id, most_bytes.saturating_mul(8))?;
    let is_binary = blob.is_binary();
    let content = match blob.data {
        Some(data) if entry.kind == EntryKind::Symlink => {
            Content::Link(String::from_utf8_lossy(&data).into_owned())
        }
        None => Content::Binary,
        Some(_) if is_binary => Content::Binary,
        Some(data) => text(&data, size_bytes, most_bytes),
    };
    Ok(File {
        name: place.path.name().to_owned(),
        kind: entry.kind,
        id: entry.id,
        size_bytes,
        content,
        latest,
    })
}

fn text(data: &[u8], size_bytes: u64, most_bytes: u64) -> Content {
    if size_bytes > most_bytes {
        let end = usize::try_from(most_bytes).unwrap_or(usize::MAX).min(data.len());
        let end = data[..end].iter().rposition(|&byte| byte == b'\n').map_or(end, |place| place + 1);
        return Content::Head(String::from_utf8_lossy(&data[..end]).into());
    }
    match Pointer::parse(data) {
        Some(pointer) => Content::Lfs(pointer),
        None => Content::Text(String::from_utf8_lossy(data).into()),
    }
}

/// A file's bytes as git stores them.
pub struct RawFile {
    pub place: RevisionPath,
    pub id: ObjectId,
    pub bytes: BlobStream,
}

/// The bytes of the file at an address; see [`super::locate`].
pub async fn raw(app: &App, access: &Access<Read>, kind: &str, rest: &str) -> Result<RawFile> {
    let git = repository::git(app, access.repository()).await?;
    let (kind, rest) = (kind.to_owned(), rest.to_owned());
    let found = git.find_stream(move |git| find(git, &kind, &rest));
    let (place, id, bytes) = found.await.map_err(as_not_found)?;
    Ok(RawFile { place, id, bytes })
}

/// The same, with the LFS pointer if the file is one.
pub async fn media(
    app: &App,
    access: &Access<Read>,
    kind: &str,
    rest: &str,
) -> Result<(RawFile, Option<Pointer>)> {
    let git = repository::git(app, access.repository()).await?;
    let (kind, rest) = (kind.to_owned(), rest.to_owned());
    let found = git.find_stream(move |git| {
        let (place, id) = find(git, &kind, &rest)?;
        let start = git.blob(id, MAX_POINTER_BYTES)?.data;
        Ok(((place, start.as_deref().and_then(Pointer::parse)), id))
    });
    let ((place, pointer), id, bytes) = found.await.map_err(as_not_found)?;
    Ok((RawFile { place, id, bytes }, pointer))
}

fn find(git: &OpenRepository, kind: &str, rest: &str) -> hearth_git::Result<(RevisionPath, ObjectId)> {
    let place = locate_in(git, kind, rest)?;
    let entry = git.entry(place.commit, &place.path)?;
    if entry.kind.is_blob() { Ok((place, entry.id)) } else { Err(hearth_git::Error::WrongKind("file")) }
}
