//! Searching the files of one repository, as `git grep` does.

use hearth_core::{Error, Read, Result};
use hearth_git::{Grep, GrepManner, GrepPattern, GrepRequest};

use super::{RevisionPath, locate, resolve};
use crate::{Access, App, GitResult as _, repository};

/// The most lines on one page.
const MOST_LINES: usize = 500;
/// The most of them from one file.
const MOST_LINES_OF_FILE: usize = 20;
/// More paths are refused.
const MOST_PATHS: usize = 20;

/// What somebody looks for in a repository.
#[derive(Clone, Debug, Default)]
pub struct CodeSearch {
    /// The words, or the regular expression.
    pub pattern: String,
    pub manner: GrepManner,
    /// Only below these: a file, a folder, or a pattern with `*`, `?` and `[…]`.
    pub paths: Vec<String>,
    /// A branch, a tag or a commit; none: the default branch.
    pub revision: Option<String>,
}

/// What was found, and where it was looked for.
#[derive(Clone, Debug)]
pub struct FoundCode {
    pub place: RevisionPath,
    pub grep: Grep,
}

/// Searches one revision. A pattern that is empty, too long or no regular expression is a bad field `q`.
pub async fn search(app: &App, access: &Access<Read>, wanted: &CodeSearch) -> Result<FoundCode> {
    let pattern =
        GrepPattern::new(&wanted.pattern, wanted.manner).map_err(|_| Error::field("q", "pattern"))?;
    if wanted.paths.len() > MOST_PATHS {
        return Err(Error::field("path", "too-long"));
    }
    let place = place(app, access, wanted.revision.as_deref()).await?;
    let request = GrepRequest {
        pattern,
        paths: wanted.paths.clone(),
        most_lines: MOST_LINES,
        most_lines_of_file: MOST_LINES_OF_FILE,
    };
    let git = repository::git(app, access.repository()).await?;
    let commit = place.commit;
    let grep = git.run_expensive(move |git| git.grep(commit, &request)).await.map_git()?;
    Ok(FoundCode { place, grep })
}

/// The revision to search.
async fn place(app: &App, access: &Access<Read>, revision: Option<&str>) -> Result<RevisionPath> {
    let default = &access.repository().default_branch;
    let revision = revision.filter(|revision| !revision.is_empty()).unwrap_or(default);
    if revision != default {
        return resolve(app, access, revision).await;
    }
    // Not a tag or a commit of the same name.
    locate(app, access, "branch", default).await
}
