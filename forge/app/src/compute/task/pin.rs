//! Which commit a new task runs.

use hearth_core::{Conflict, Error, FieldErrors, Result, Write};
use hearth_git::{EntryKind, StorageId, TreePath};

use super::{NewTask, check::is_python, launch::or_default};
use crate::{Access, App, GitResult as _};

/// The commit of the revision, if the script's file exists in it.
pub(super) async fn pin(
    app: &App,
    access: &Access<Write>,
    new: &NewTask,
    errors: &mut FieldErrors,
) -> Result<Option<String>> {
    let repository = access.repository();
    let revision = or_default(&new.revision, &repository.default_branch);
    let script = new.program.file();
    let path = script.and_then(|file| TreePath::file(file.to_owned()).ok());
    let git = app.git().open(&StorageId::from(repository.id.0)).await.map_git()?;
    let found = git
        .run(move |git| {
            if git.is_empty()? {
                return Ok(Pinned::Empty);
            }
            let commit = match git.resolve(&revision) {
                Ok(resolved) => resolved.commit,
                Err(hearth_git::Error::RevisionNotFound | hearth_git::Error::AmbiguousRevision) => {
                    return Ok(Pinned::NoRevision);
                }
                Err(other) => return Err(other),
            };
            let entry = path.map(|path| git.find_entry(commit, &path)).transpose()?.flatten();
            let has_boot_file =
                entry.is_some_and(|entry| matches!(entry.kind, EntryKind::File | EntryKind::Executable));
            Ok(Pinned::Commit { id: commit.to_string(), has_boot_file })
        })
        .await
        .map_git()?;
    match found {
        Pinned::Empty => return Err(Error::Conflict(Conflict::EmptyRepository)),
        Pinned::NoRevision => errors.add("revision", "unknown-revision"),
        Pinned::Commit { has_boot_file: false, id } => {
            // A patch may add the file.
            if new.patch.is_none() && script.is_some_and(is_python) {
                errors.add("boot_file", "no-such-file");
            }
            return Ok(Some(id));
        }
        Pinned::Commit { id, .. } => return Ok(Some(id)),
    }
    Ok(None)
}

enum Pinned {
    Empty,
    NoRevision,
    Commit { id: String, has_boot_file: bool },
}
