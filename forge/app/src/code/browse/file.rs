use std::{io::Read as _, sync::Arc};

use hearth_core::{Read, Result};
use hearth_git::{BlobStream, Commit, EntryKind, ObjectId, OpenRepository, Permit, TreePath};

use super::{
    RevisionPath, as_not_found,
    link::{self, Destination},
    locate_in, submodule,
    text::Text,
};
use crate::{
    Access, App,
    lfs::{MAX_POINTER_BYTES, Pointer},
    repository,
};

/// A file as a page shows it.
#[derive(Clone, Debug)]
pub struct File {
    /// Where its bytes are: where the link leads, if it was reached by a symbolic link.
    pub path: TreePath,
    /// The target that the symbolic link names by which it was reached.
    pub followed: Option<String>,
    pub id: ObjectId,
    pub size_bytes: u64,
    pub content: Content,
    /// The commit that last changed it; none if it is too far back to be found.
    pub latest: Option<Arc<Commit>>,
    /// For a large text, the permit to have it in memory.
    pub(super) permit: Option<Arc<Permit>>,
}

/// How a file's bytes are presented.
#[derive(Clone, Debug)]
pub enum Content {
    Text(Text),
    Binary,
    /// A large file stored outside git (LFS).
    Lfs(Pointer),
    /// A symbolic link that leads to no file: its target, and the folder if it leads to one.
    Link {
        target: String,
        folder: Option<TreePath>,
    },
    /// A commit of another repository, and the address of that repository if it is known.
    Submodule {
        address: Option<String>,
    },
}

impl File {
    /// Whether only the beginning of its text was read.
    pub(super) fn is_beginning(&self) -> bool {
        matches!(&self.content, Content::Text(text) if !text.is_whole)
    }
}

/// Reads the file at `place`, with the commit that last changed it if that is known. Of files larger than
/// `most_bytes`, only the beginning is read.
pub(super) fn read(git: &OpenRepository, place: &RevisionPath, most_bytes: u64) -> hearth_git::Result<File> {
    let entry = git.entry(place.commit, &place.path)?;
    let folder = place.path.parent().unwrap_or_default();
    let known = git.known_last_commits(place.commit, &folder);
    let mut file = File {
        path: place.path.clone(),
        followed: None,
        id: entry.id,
        size_bytes: 0,
        content: Content::Binary,
        latest: known.and_then(|known| known.get(place.path.name()).cloned()),
        permit: None,
    };
    match entry.kind {
        EntryKind::Directory => return Err(hearth_git::Error::WrongKind("file")),
        EntryKind::Submodule => {
            let address = submodule::address(git, place.commit, &place.path)?;
            file.content = Content::Submodule { address };
        }
        EntryKind::Symlink => match link::follow(git, place.commit, &place.path, entry.id)? {
            (target, Destination::File(path, entry)) => {
                (file.path, file.followed, file.id) = (path, Some(target), entry.id);
                (file.size_bytes, file.content) = content(git, entry.id, most_bytes)?;
            }
            (target, Destination::Folder(path)) => {
                file.content = Content::Link { target, folder: Some(path) };
            }
            (target, Destination::Nowhere) => file.content = Content::Link { target, folder: None },
        },
        EntryKind::File | EntryKind::Executable => {
            (file.size_bytes, file.content) = content(git, entry.id, most_bytes)?;
        }
    }
    Ok(file)
}

fn content(git: &OpenRepository, id: ObjectId, most_bytes: u64) -> hearth_git::Result<(u64, Content)> {
    let blob = git.blob(id, most_bytes)?;
    let is_whole = blob.data.is_some();
    let data = match blob.data {
        Some(data) => data,
        None => beginning(git, id, most_bytes)?,
    };
    if is_whole && let Some(pointer) = Pointer::parse(&data) {
        return Ok((pointer.size_bytes, Content::Lfs(pointer)));
    }
    Ok((blob.size, Text::decode(data, is_whole).map_or(Content::Binary, Content::Text)))
}

/// The first bytes of a blob that is too large to be held as a whole.
fn beginning(git: &OpenRepository, id: ObjectId, most_bytes: u64) -> hearth_git::Result<Vec<u8>> {
    let (_, reader) = git.blob_reader(id)?;
    let mut bytes = Vec::new();
    reader.take(most_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
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
