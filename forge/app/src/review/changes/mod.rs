//! What a pull request changes: all of it, since an earlier version, or one of its commits, ready to be shown.

mod cache;
mod patch;
mod range_diff;

use std::{ops::Deref, sync::Arc};

use hearth_core::{Error, Kind, Read, Result, ThreadNumber};
use hearth_git::{Commit, DiffLimits, DiffRequest, FileDiff, FileStatus, ObjectId, OpenRepository, Range};

pub use patch::patch;
pub use range_diff::range_diff;

use super::version::Prepared;
use crate::{
    Access, App, GitResult as _, Unit,
    code::{DrawnFile, ReadDiff, Wanted},
    pull_request::find_row,
    repository::git,
};

/// Which part of the changes to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// From where the version left the base to its head.
    #[default]
    Whole,
    /// What changed since an earlier version, without what only the base brought.
    Since(i64),
    /// What one commit of the version changed, by its full or short id.
    Commit(String),
}

/// What to show of a pull request's changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub span: Span,
    /// None: the newest version.
    pub version: Option<i64>,
    pub wanted: Wanted,
}

/// A changed file in the list of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    pub path: String,
    /// Before it was moved.
    pub old_path: Option<String>,
    pub status: FileStatus,
    pub additions: usize,
    pub deletions: usize,
    /// The identity of what happened to it, for ticking it as viewed.
    pub identity: String,
}

/// The changes of a pull request, up to what a page shows.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The version that is shown.
    pub version: i64,
    /// The newest one that can be shown.
    pub newest: i64,
    shown: Arc<Shown>,
}

impl Deref for Changes {
    type Target = Shown;

    fn deref(&self) -> &Shown {
        &self.shown
    }
}

/// What lies between two commits, drawn.
#[derive(Debug)]
pub struct Shown {
    /// The old side: where the version left the base, the head of the earlier version, or the commit's parent.
    pub base: Option<ObjectId>,
    /// The new side.
    pub head: ObjectId,
    /// The commit that is shown alone.
    pub commit: Option<Commit>,
    pub files: Vec<DrawnFile>,
    /// All changed files, as far as they were listed.
    pub names: Vec<FileName>,
    pub total_files: usize,
    /// Whether there may be more files than were counted.
    pub is_counted_in_part: bool,
    pub additions: usize,
    pub deletions: usize,
    /// Whether files are left out.
    pub is_truncated: bool,
    /// Files whose difference since the earlier version also shows what the base brought: it cannot be told apart.
    pub mixed_with_base: Vec<String>,
}

/// What a pull request changes.
pub async fn changes(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    asked: &Asked,
) -> Result<Changes> {
    let spot = Spot::find(app, access, number, asked).await?;
    let key = spot.key(&asked.wanted);
    let shown = match cache::find(&key) {
        Some(shown) => shown,
        None => cache::keep(key, show(app, access, &spot, &asked.wanted).await?),
    };
    Ok(Changes { version: spot.version.number, newest: spot.newest, shown })
}

async fn show(app: &App, access: &Access<Read>, spot: &Spot, wanted: &Wanted) -> Result<Shown> {
    let request = wanted.request();
    let git = git(app, access.repository()).await?;
    let spot = spot.clone();
    let found = git.run_expensive(move |git| read(git, &spot, &request)).await.map_git()?;
    let diff = &found.shown.diff;
    if wanted.only.is_some() && diff.files.is_empty() {
        return Err(Error::NotFound(Kind::File));
    }
    Ok(Shown {
        base: found.base,
        head: found.head,
        commit: found.commit,
        names: found.names,
        total_files: diff.total_files,
        is_counted_in_part: diff.left_out.is_some(),
        additions: diff.additions,
        deletions: diff.deletions,
        is_truncated: diff.is_truncated,
        mixed_with_base: diff.mixed_with_base.clone(),
        files: found.shown.draw(app).await?,
    })
}

/// Which versions are compared, and how.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) version: Prepared,
    newest: i64,
    since: Option<Prepared>,
    commit: Option<String>,
}

impl Spot {
    /// Seeing changes takes read access to code.
    async fn find(app: &App, access: &Access<Read>, number: ThreadNumber, asked: &Asked) -> Result<Self> {
        access.enter_unit(Unit::Code)?;
        let mut reader = app.store().read().await?;
        let thread = find_row(&mut reader, access, number).await?.id;
        let newest = Prepared::need_newest(&mut reader, thread).await?;
        let version = match asked.version {
            Some(version) if version != newest.number => Prepared::find(&mut reader, thread, version).await?,
            _ => newest.clone(),
        };
        let since = match &asked.span {
            Span::Since(earlier) => Some(Prepared::find(&mut reader, thread, *earlier).await?),
            Span::Whole | Span::Commit(_) => None,
        };
        let commit = match &asked.span {
            Span::Commit(id) => Some(id.clone()),
            Span::Whole | Span::Since(_) => None,
        };
        Ok(Self { version, newest: newest.number, since, commit })
    }

    fn key(&self, wanted: &Wanted) -> cache::Key {
        cache::Key {
            range: self.version.range,
            since: self.since.as_ref().map(|since| since.range),
            commit: self.commit.clone(),
            wanted: wanted.clone(),
        }
    }
}

/// What was read.
struct Found {
    base: Option<ObjectId>,
    head: ObjectId,
    commit: Option<Commit>,
    shown: ReadDiff,
    names: Vec<FileName>,
}

fn read(git: &OpenRepository, spot: &Spot, request: &DiffRequest) -> hearth_git::Result<Found> {
    let range = spot.version.range;
    let (base, head, commit) = match &spot.commit {
        Some(id) => {
            let commit = commit_in(git, &range, id)?;
            (commit.parents.first().copied(), commit.id, Some(commit))
        }
        None => (Some(range.base), range.head, None),
    };
    let compare = |request: &DiffRequest| match &spot.since {
        Some(since) => git.interdiff(&since.range, &range, request),
        None => git.diff(base, head, request),
    };
    let shown = compare(request)?;
    // Of one file that was opened, the list of the others is there already.
    let names = if request.only.is_some() {
        shown.files.iter().map(file_name).collect()
    } else {
        let list = DiffRequest { limits: DiffLimits::LIST, ..request.clone() };
        let all = if shown.is_truncated { compare(&list)?.files } else { shown.files.clone() };
        all.iter().map(file_name).collect()
    };
    let base = spot.since.as_ref().map_or(base, |since| Some(since.range.head));
    let shown = ReadDiff::new(git, shown, head)?;
    Ok(Found { base, head, commit, shown, names })
}

fn file_name(file: &FileDiff) -> FileName {
    FileName {
        path: file.path().to_owned(),
        old_path: file.old_path.clone().filter(|old| old != file.path()),
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
        identity: file.identity(),
    }
}

/// A commit of a version. Others are not found: a page about a pull request shows nothing else.
fn commit_in(git: &OpenRepository, range: &Range, id: &str) -> hearth_git::Result<Commit> {
    let commit = git.commit(git.resolve_commit(id)?)?;
    let is_in_version = git.is_ancestor(commit.id, range.head)? && !git.is_ancestor(commit.id, range.base)?;
    if is_in_version { Ok(commit) } else { Err(hearth_git::Error::RevisionNotFound) }
}
