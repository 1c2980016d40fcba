//! Editing files on pages: what an editor needs to know of a file, and saving as a commit to the branch, to a new one,
//! or to a fork of those who may not write.

mod form;
mod indent;
mod save;

use std::sync::Arc;

use hearth_core::{Error, Kind, Read, Result, urls::Revision};
use hearth_git::{Hunk, ObjectId, OpenRepository, Permit, TreePath, diff_texts};

use super::{RevisionPath, locate, parse};
use crate::{Access, App, GitResult as _, content::Action, repository};
pub use form::TextForm;
pub use indent::Indent;
use indent::Settings;
pub use save::{FileSet, Saved, Target, free_branch_name, save};

/// A file as an editor opens it.
#[derive(Clone, Debug)]
pub struct EditedFile {
    pub place: RevisionPath,
    /// Its content, which a later save is compared with.
    pub base: ObjectId,
    pub size_bytes: u64,
    pub text: Opened,
}

/// What can be edited of it.
#[derive(Clone, Debug)]
pub enum Opened {
    Text {
        text: String,
        form: TextForm,
        indent: Indent,
    },
    /// It is not text, or would not come back as it was.
    NotText,
    TooLarge,
}

/// What the Tab key writes in a file that does not exist yet.
pub async fn indent_of_new(app: &App, access: &Access<Read>, place: &RevisionPath) -> Result<Indent> {
    let git = repository::git(app, access.repository()).await?;
    let (commit, path) = (place.commit, place.path.clone());
    let settings = git.run(move |git| settings(git, commit, &path)).await.map_git()?;
    Ok(settings.indent(""))
}

/// Opens a file of a branch; see [`super::locate`]. Only branches have files to edit.
pub async fn open(app: &App, access: &Access<Read>, kind: &str, rest: &str) -> Result<EditedFile> {
    let place = on_branch(app, access, kind, rest).await?;
    let git = repository::git(app, access.repository()).await?;
    let (commit, path, most) = (place.commit, place.path.clone(), app.limits().edited_file_bytes);
    let read = git.run(move |git| {
        let entry = git.entry(commit, &path)?;
        if !entry.kind.is_blob() {
            return Err(hearth_git::Error::WrongKind("file"));
        }
        Ok((git.blob(entry.id, most)?, settings(git, commit, &path)?, entry.id))
    });
    let (blob, settings, base) = read.await.map_git()?;
    let text = match &blob.data {
        None => Opened::TooLarge,
        Some(data) => match TextForm::read(data) {
            None => Opened::NotText,
            Some((form, text)) => Opened::Text { indent: settings.indent(&text), text, form },
        },
    };
    Ok(EditedFile { place, base, size_bytes: blob.size, text })
}

/// A place on a branch: a file, or a folder for new files.
pub async fn on_branch(app: &App, access: &Access<Read>, kind: &str, rest: &str) -> Result<RevisionPath> {
    let place = locate(app, access, kind, rest).await?;
    match place.revision {
        Revision::Branch(_) => Ok(place),
        Revision::Tag(_) | Revision::Commit(_) => Err(Error::NotFound(Kind::Branch)),
    }
}

/// How one text becomes another, and whether lines are left out.
pub async fn difference(app: &App, old: String, new: String) -> Result<(Vec<Hunk>, bool)> {
    parse(app, move || diff_texts(&old, &new)).await?.map_git()
}

/// A permit for as long as sent files are in memory.
pub async fn room_for_files(app: &App) -> Result<Arc<Permit>> {
    super::large_file_permit(app).await
}

/// The changes that put files into a folder: new ones, and others in place of what is there.
pub async fn put_files(
    app: &App,
    access: &Access<Read>,
    folder: &RevisionPath,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Vec<(String, Action)>> {
    let mut wanted = Vec::new();
    for (name, content) in files {
        let path = match folder.path.as_str() {
            "" => name,
            above => format!("{above}/{name}"),
        };
        let path = TreePath::file(path).map_err(|_| Error::field("files", "path"))?;
        if wanted.iter().any(|(other, _)| *other == path) {
            return Err(Error::field("files", "files-twice"));
        }
        wanted.push((path, content));
    }
    let git = repository::git(app, access.repository()).await?;
    let commit = folder.commit;
    git.run(move |git| {
        let mut changes = Vec::new();
        for (path, content) in wanted {
            let action = match git.find_entry(commit, &path)? {
                None => Action::Create { content },
                Some(entry) if !entry.kind.is_blob() => return Err(hearth_git::Error::PathTaken(path)),
                Some(entry) => Action::Update { content, sha: Some(entry.id), from: None },
            };
            changes.push((path.as_str().to_owned(), action));
        }
        Ok(changes)
    })
    .await
    .map_git()
}

/// A larger `.editorconfig` is ignored.
const MOST_SETTINGS_BYTES: u64 = 64 << 10;
/// The most of these files that are read for one path.
const MOST_SETTINGS_FILES: usize = 16;

/// What the `.editorconfig` files above a path say.
fn settings(git: &OpenRepository, commit: ObjectId, path: &TreePath) -> hearth_git::Result<Settings> {
    let mut settings = Settings::default();
    let mut left = MOST_SETTINGS_FILES;
    let mut folder = path.parent();
    while let Some(at) = folder.filter(|_| left > 0) {
        let Ok(file) = at.join(".editorconfig") else { break };
        let entry = git.find_entry(commit, &file)?.filter(|entry| entry.kind.is_blob());
        let data = match entry {
            Some(entry) => git.blob(entry.id, MOST_SETTINGS_BYTES)?.data,
            None => None,
        };
        if let Some(text) = data.and_then(|data| String::from_utf8(data).ok()) {
            let below = path.as_str().strip_prefix(at.as_str()).unwrap_or_default().trim_start_matches('/');
            settings = settings.or_above(Settings::read(&text, below));
            left -= 1;
        }
        if settings.is_root() {
            break;
        }
        folder = at.parent();
    }
    Ok(settings)
}
