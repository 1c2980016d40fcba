//! What a repository holds, as a reader walks through it: places, folders, files, history, languages.

mod archive;
mod file;
mod folder;
mod history;
mod languages;

use hearth_core::{Error, Kind, Read, Result, urls::Revision};
use hearth_git::{EntryKind, ObjectId, OpenRepository, RevisionKind, TagName, TreePath};

use crate::{Access, App, GitResult as _, repository};
pub use archive::{ArchiveFormat, archive};
pub use file::{Content, File, file, raw};
pub use folder::{Counts, Entry, Folder, Readme, counts, folder};
pub use history::{
    Branches, CommitPage, MOST_REFERENCES, TagRow, Tags, branches, changes, commit, commits, tags,
};
pub(crate) use languages::warm as warm_languages;
pub use languages::{Share, languages};

/// A path at a revision, and the commit that the revision means now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionPath {
    pub revision: Revision,
    pub commit: ObjectId,
    /// The root, a folder or a file.
    pub path: TreePath,
}

/// The root of the default branch; `None` while nothing was pushed to it.
pub async fn head(app: &App, access: &Access<Read>) -> Result<Option<RevisionPath>> {
    let git = repository::git(app, access.repository()).await?;
    let branch = access.repository().default_branch.clone();
    let commit = git.run(OpenRepository::head).await.map_git()?;
    Ok(commit.map(|commit| RevisionPath {
        revision: Revision::Branch(branch),
        commit,
        path: TreePath::root(),
    }))
}

/// The place of an address: `kind` is `branch`, `tag` or `commit`, and `rest` the name and the path in one, because
/// names may hold slashes. What is not there is not found; never something else instead.
pub async fn locate(app: &App, access: &Access<Read>, kind: &str, rest: &str) -> Result<RevisionPath> {
    let git = repository::git(app, access.repository()).await?;
    let (kind, rest) = (kind.to_owned(), rest.trim_end_matches('/').to_owned());
    git.run(move |git| {
        Ok(match kind.as_str() {
            "branch" => {
                let (name, commit, path) = git.split_branch(&rest)?;
                RevisionPath { revision: Revision::Branch(name.as_str().to_owned()), commit, path }
            }
            "tag" => {
                let (name, commit, path) = git.split_tag(&rest)?;
                RevisionPath { revision: Revision::Tag(name.as_str().to_owned()), commit, path }
            }
            "commit" => {
                let (id, path) = rest.split_once('/').unwrap_or((&rest, ""));
                let commit = git.resolve_commit(id)?;
                RevisionPath {
                    revision: Revision::Commit(commit.to_string()),
                    commit,
                    path: TreePath::new(path)?,
                }
            }
            _ => return Err(hearth_git::Error::RevisionNotFound),
        })
    })
    .await
    .map_err(as_not_found)
}

/// Whether a folder lies at `place`, and not a file; neither is not found.
pub async fn is_folder(app: &App, access: &Access<Read>, place: &RevisionPath) -> Result<bool> {
    if place.path.is_root() {
        return Ok(true);
    }
    let git = repository::git(app, access.repository()).await?;
    let (commit, path) = (place.commit, place.path.clone());
    let entry = git.run(move |git| git.entry(commit, &path)).await.map_git()?;
    Ok(matches!(entry.kind, EntryKind::Directory | EntryKind::Submodule))
}

/// A branch, tag or commit by one name, as people type it, and its root.
pub async fn resolve(app: &App, access: &Access<Read>, revision: &str) -> Result<RevisionPath> {
    let git = repository::git(app, access.repository()).await?;
    let text = revision.to_owned();
    let found = git.run(move |git| git.resolve(&text)).await.map_err(as_not_found)?;
    let revision = match found.kind {
        RevisionKind::Branch(name) => Revision::Branch(name.as_str().to_owned()),
        RevisionKind::Tag(name) => Revision::Tag(TagName::as_str(&name).to_owned()),
        RevisionKind::Commit => Revision::Commit(found.commit.to_string()),
    };
    Ok(RevisionPath { revision, commit: found.commit, path: TreePath::root() })
}

/// In an address, a path that breaks the rules is a path that is not there.
fn as_not_found(error: hearth_git::Error) -> Error {
    match error {
        hearth_git::Error::Invalid(_) => Error::NotFound(Kind::File),
        other => Err::<(), _>(other).map_git().expect_err("it is an error"),
    }
}
