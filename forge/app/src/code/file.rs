use std::sync::Arc;

use hearth_core::{Error, Kind, Read, Result};
use hearth_git::{BlobStream, Commit, EntryKind, ObjectId, OpenRepository};

use super::{
    RevisionPath,
    folder::{PATIENCE, optional},
};
use crate::{Access, App, GitResult as _, lfs::Pointer, repository};

/// A file as a page shows it.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub kind: EntryKind,
    pub id: ObjectId,
    pub size_bytes: u64,
    pub content: Content,
    /// The commit that last changed it; none where it lies too far back to be found.
    pub latest: Option<Arc<Commit>>,
}

/// What a file's bytes are to a reader.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text; bytes that are not UTF-8 are replaced.
    Text(Arc<str>),
    /// Text that is over the limit: its first lines.
    Head(Arc<str>),
    Binary,
    /// A link: where it leads.
    Link(String),
    /// A large file that is kept beside git.
    Lfs(Pointer),
}

/// Reads the file at `place`.
pub async fn file(app: &App, access: &Access<Read>, place: &RevisionPath) -> Result<File> {
    let git = repository::git(app, access.repository()).await?;
    let (at, most_bytes) = (place.clone(), app.limits().shown_file_bytes);
    let mut file = git.run(move |git| read(git, &at, most_bytes)).await.map_git()?;
    if file.latest.is_none() {
        let at = place.clone();
        let found = git.run_expensive_within(PATIENCE, move |git| git.last_commit(at.commit, &at.path));
        file.latest = optional(found.await)?.flatten();
    }
    Ok(file)
}

fn read(git: &OpenRepository, place: &RevisionPath, most_bytes: u64) -> hearth_git::Result<File> {
    let entry = git.entry(place.commit, &place.path)?;
    if !entry.kind.is_blob() {
        return Err(hearth_git::Error::WrongKind("file"));
    }
    let folder = place.path.parent().unwrap_or_default();
    let known = git.known_last_commits(place.commit, &folder);
    let latest = known.and_then(|known| known.get(place.path.name()).cloned());
    let size_bytes = git.blob_size(entry.id)?;
    // Files a little over the limit are read whole to show their head; far larger ones are not held in memory.
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

/// The bytes of the file at `place` as git has them, streamed.
pub async fn raw(app: &App, access: &Access<Read>, place: &RevisionPath) -> Result<(ObjectId, BlobStream)> {
    let git = repository::git(app, access.repository()).await?;
    let at = place.clone();
    let entry = git.run(move |git| git.entry(at.commit, &at.path)).await.map_git()?;
    if !entry.kind.is_blob() {
        return Err(Error::NotFound(Kind::File));
    }
    Ok((entry.id, git.blob_stream(entry.id).await.map_git()?))
}
