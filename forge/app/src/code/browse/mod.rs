//! Browsing a repository: places, folders, files, history, languages.

mod archive;
mod blame;
mod contributors;
mod file;
mod find;
mod folder;
mod graph;
mod history;
mod home;
mod languages;
mod lines;
mod link;
mod nearby;
mod permits;
mod search;
mod source;
mod submodule;
mod text;
pub mod view;
mod walks;

use hearth_core::{Error, Kind, Read, Result, urls::Revision};
use hearth_git::{ObjectId, OpenRepository, RevisionKind, TagName, TreePath};

use crate::{Access, App, GitResult as _, repository};
pub use archive::{ArchiveFormat, archive};
pub use blame::{Blamed, BlamedRun, Earlier, blame};
pub(crate) use contributors::warm as warm_contributors;
pub use contributors::{ActivePerson, Activity, contributors};
pub use file::{Content, File, RawFile, media, raw};
pub use find::{FoundPaths, MOST_PATHS, Paths, find, paths};
pub use folder::{Entry, Folder, FolderQuery, Readme};
pub use graph::{Graph, GraphQuery, MOST_GRAPH_PAGES, graph};
pub use history::{Branches, CommitPage, MOST_REFERENCES, TagRow, branches, commits};
pub use home::{Counts, Home, Surroundings, home, is_empty, newest_branches, surroundings};
pub(crate) use languages::warm as warm_languages;
pub use languages::{Share, languages};
pub use lines::{Found, LineRange, Lines, MOST_PART_LINES, WantedLines, lines};
pub use nearby::{Nearby, nearby};
pub(crate) use permits::FilePermits;
pub(crate) use permits::large as large_file_permit;
pub use permits::parse;
pub use search::{CodeSearch, FoundCode, search};
pub use source::{Source, source};
pub(crate) use submodule::address as submodule_address;
pub use text::Text;
pub(crate) use walks::FolderWalks;

/// A path at a revision, and the commit that the revision points to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionPath {
    pub revision: Revision,
    pub commit: ObjectId,
    /// The root, a folder or a file.
    pub path: TreePath,
}

/// The place that an address names: `kind` is `branch`, `tag` or `commit`; `rest` is the name and the path in
/// one, because names may contain slashes. If it does not exist, the result is "not found", never something
/// else.
pub async fn locate(app: &App, access: &Access<Read>, kind: &str, rest: &str) -> Result<RevisionPath> {
    let git = repository::git(app, access.repository()).await?;
    let (kind, rest) = (kind.to_owned(), rest.to_owned());
    git.run(move |git| locate_in(git, &kind, &rest)).await.map_err(as_not_found)
}

/// The same within a visit.
fn locate_in(git: &OpenRepository, kind: &str, rest: &str) -> hearth_git::Result<RevisionPath> {
    let rest = rest.trim_end_matches('/');
    Ok(match kind {
        "branch" => {
            let (name, commit, path) = git.split_branch(rest)?;
            RevisionPath { revision: Revision::Branch(name.as_str().to_owned()), commit, path }
        }
        "tag" => {
            let (name, commit, path) = git.split_tag(rest)?;
            RevisionPath { revision: Revision::Tag(name.as_str().to_owned()), commit, path }
        }
        "commit" => {
            let (id, path) = rest.split_once('/').unwrap_or((rest, ""));
            let commit = git.resolve_commit(id)?;
            RevisionPath {
                revision: Revision::Commit(commit.to_string()),
                commit,
                path: TreePath::new(path)?,
            }
        }
        _ => return Err(hearth_git::Error::RevisionNotFound),
    })
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

/// In an address, an invalid path is treated as one that does not exist.
fn as_not_found(error: hearth_git::Error) -> Error {
    match error {
        hearth_git::Error::Invalid(_) => Error::NotFound(Kind::File),
        other => Err::<(), _>(other).map_git().expect_err("it is an error"),
    }
}
