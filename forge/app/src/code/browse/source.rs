use hearth_core::{Read, Result};
use hearth_git::EntryKind;

use super::{
    File, Folder, RevisionPath, as_not_found, file,
    folder::{self, FolderQuery, FolderRead, PATIENCE, optional},
    locate_in, permits,
};
use crate::{Access, App, repository};

/// What an address points to.
#[derive(Clone, Debug)]
pub enum Source {
    Folder(Folder),
    File(File),
}

enum SourceRead {
    Folder(FolderRead),
    File(File),
}

/// The folder or the file at an address, read in one visit; see [`super::locate`]. A large file is read in a second
/// one, in its turn. If the commits that last changed them are not known, they are computed in another visit, and
/// left out if that takes too long. `wanted` is for a folder.
pub async fn source(
    app: &App,
    access: &Access<Read>,
    kind: &str,
    rest: &str,
    wanted: FolderQuery,
) -> Result<(RevisionPath, Source)> {
    let git = repository::git(app, access.repository()).await?;
    let (kind, rest, shown_bytes) = (kind.to_owned(), rest.to_owned(), app.limits().shown_file_bytes);
    let most_bytes = shown_bytes.min(permits::LARGE_BYTES);
    let found = git.run(move |git| {
        let place = locate_in(git, &kind, &rest)?;
        let is_folder =
            place.path.is_root() || { git.entry(place.commit, &place.path)?.kind == EntryKind::Directory };
        let read = if is_folder {
            SourceRead::Folder(folder::read(git, &place, &wanted)?)
        } else {
            SourceRead::File(file::read(git, &place, most_bytes)?)
        };
        Ok((place, read))
    });
    let (place, found) = found.await.map_err(as_not_found)?;
    let at = place.clone();
    let source = match found {
        SourceRead::Folder(mut folder) => {
            folder.look(app, &git, &at).await;
            Source::Folder(folder.finish())
        }
        SourceRead::File(mut file) => {
            if most_bytes < shown_bytes && file.is_beginning() {
                let permit = permits::large(app).await?;
                let place = at.clone();
                let whole = git.run(move |git| file::read(git, &place, shown_bytes));
                file = whole.await.map_err(as_not_found)?;
                file.permit = Some(permit);
            }
            if file.latest.is_none() {
                let found =
                    git.run_expensive_within(PATIENCE, move |git| git.last_commit(at.commit, &at.path));
                file.latest = optional(found.await)?.flatten();
            }
            Source::File(file)
        }
    };
    Ok((place, source))
}
