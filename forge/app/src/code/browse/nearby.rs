//! What is near a place that does not exist.

use hearth_core::{Read, Result, urls::Revision};
use hearth_git::{BranchName, EntryKind, ObjectId, OpenRepository, TreePath};

use super::{RevisionPath, as_not_found, locate_in};
use crate::{Access, App, repository};

/// Deeper folders are not searched.
const MOST_FOLDERS: usize = 32;

/// Where somebody who looked for a missing file can go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearby {
    /// The innermost of its folders that exists.
    pub folder: RevisionPath,
    /// The same path on the default branch, if it is there.
    pub on_default_branch: Option<RevisionPath>,
}

/// What is near a missing file; none: its revision is missing too, or git is too busy to look.
pub async fn nearby(app: &App, access: &Access<Read>, kind: &str, rest: &str) -> Result<Option<Nearby>> {
    let git = repository::git(app, access.repository()).await?;
    let (kind, rest) = (kind.to_owned(), rest.to_owned());
    let default_branch = access.repository().default_branch.clone();
    let found = git.run(move |git| {
        let Ok(place) = locate_in(git, &kind, &rest) else { return Ok(None) };
        let folder = RevisionPath { path: innermost(git, place.commit, &place.path)?, ..place.clone() };
        let on_default_branch = on_default(git, default_branch, &place)?;
        Ok(Some(Nearby { folder, on_default_branch }))
    });
    match found.await {
        Err(hearth_git::Error::Busy | hearth_git::Error::OverBudget { .. }) => Ok(None),
        other => other.map_err(as_not_found),
    }
}

fn innermost(git: &OpenRepository, commit: ObjectId, path: &TreePath) -> hearth_git::Result<TreePath> {
    let mut innermost = TreePath::root();
    let mut so_far = String::new();
    for segment in path.segments().take(MOST_FOLDERS) {
        if !so_far.is_empty() {
            so_far.push('/');
        }
        so_far.push_str(segment);
        let next = TreePath::new(&*so_far)?;
        match git.entry(commit, &next) {
            Ok(entry) if entry.kind == EntryKind::Directory => innermost = next,
            Ok(_) | Err(hearth_git::Error::PathNotFound) => break,
            Err(other) => return Err(other),
        }
    }
    Ok(innermost)
}

fn on_default(
    git: &OpenRepository,
    branch: String,
    place: &RevisionPath,
) -> hearth_git::Result<Option<RevisionPath>> {
    let name = BranchName::new(branch.clone())?;
    let Some(commit) = git.branch(&name)?.filter(|commit| *commit != place.commit) else { return Ok(None) };
    match git.entry(commit, &place.path) {
        Ok(_) => {
            let revision = Revision::Branch(branch);
            Ok(Some(RevisionPath { revision, commit, path: place.path.clone() }))
        }
        Err(hearth_git::Error::PathNotFound) => Ok(None),
        Err(other) => Err(other),
    }
}
