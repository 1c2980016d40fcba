//! Who wrote the lines of a file, for the part of it that a page shows.

use std::{collections::HashMap, sync::Arc};

use hearth_core::{Error, Kind, Read, Result};
use hearth_git::{Blame, Commit, ObjectId, OpenRepository, TreePath};

use super::{Content, File, FolderQuery, Lines, RevisionPath, Source, WantedLines, lines, source};
use crate::{Access, App, GitResult as _, repository};

/// A file with the origin of its lines.
#[derive(Debug)]
pub struct Blamed {
    pub file: File,
    /// Its lines and who wrote them; none if it is not text, or too much to look through.
    pub shown: Option<(Lines, Vec<BlamedRun>)>,
}

/// A commit, and the path of a file there.
pub type Earlier = (ObjectId, TreePath);

/// Lines next to each other that one commit wrote.
#[derive(Clone, Debug)]
pub struct BlamedRun {
    /// The number of the first one, from 1.
    pub first: usize,
    pub lines: usize,
    pub commit: Arc<Commit>,
    /// Where the file was before that commit: the parent and the path there. None if it began with that commit.
    pub before: Option<Earlier>,
}

/// The file at an address with the origin of its lines; see [`super::locate`].
pub async fn blame(
    app: &App,
    access: &Access<Read>,
    kind: &str,
    rest: &str,
    wanted: WantedLines,
) -> Result<(RevisionPath, Blamed)> {
    let (place, found) = source(app, access, kind, rest, FolderQuery::default()).await?;
    let Source::File(file) = found else { return Err(Error::NotFound(Kind::File)) };
    let text = match &file.content {
        Content::Text(text) if text.is_whole => text.clone(),
        Content::Text(_)
        | Content::Binary
        | Content::Lfs(_)
        | Content::Link { .. }
        | Content::Submodule { .. } => return Ok((place, Blamed { file, shown: None })),
    };
    let part = lines(app, &file, &text, wanted).await?;
    let git = repository::git(app, access.repository()).await?;
    let (commit, path, first, last) = (place.commit, file.path.clone(), part.first, part.last());
    let runs = git.run_expensive(move |git| {
        let blame = git.blame(commit, &path)?;
        RunReader { git, commits: HashMap::new(), before: HashMap::new() }.runs(&blame, first, last)
    });
    let shown = match runs.await {
        Err(
            hearth_git::Error::WrongKind(_)
            | hearth_git::Error::TooLarge { .. }
            | hearth_git::Error::OverBudget { .. },
        ) => None,
        runs => Some((part, runs.map_git()?)),
    };
    Ok((place, Blamed { file, shown }))
}

/// What is read for the runs of one page, each commit once.
struct RunReader<'git> {
    git: &'git OpenRepository,
    commits: HashMap<ObjectId, Arc<Commit>>,
    before: HashMap<(ObjectId, Arc<str>), Option<Earlier>>,
}

impl RunReader<'_> {
    /// The runs that reach into a part of the file, without what lies outside.
    fn runs(mut self, blame: &Blame, first: usize, last: usize) -> hearth_git::Result<Vec<BlamedRun>> {
        let mut runs = Vec::new();
        for run in &blame.runs {
            let (start, end) = (run.first_line as usize, (run.first_line + run.lines) as usize);
            let (from, to) = (start.max(first), end.min(last + 1));
            if from < to {
                let commit = self.commit(run.commit)?;
                let before = self.before(&commit, &run.path)?;
                runs.push(BlamedRun { first: from, lines: to - from, commit, before });
            }
        }
        Ok(runs)
    }

    fn commit(&mut self, id: ObjectId) -> hearth_git::Result<Arc<Commit>> {
        if let Some(known) = self.commits.get(&id) {
            return Ok(Arc::clone(known));
        }
        let commit = Arc::new(self.git.commit(id)?);
        self.commits.insert(id, Arc::clone(&commit));
        Ok(commit)
    }

    fn before(&mut self, commit: &Commit, path: &Arc<str>) -> hearth_git::Result<Option<Earlier>> {
        let key = (commit.id, Arc::clone(path));
        if let Some(known) = self.before.get(&key) {
            return Ok(known.clone());
        }
        let before = self.find_before(commit, path)?;
        self.before.insert(key, before.clone());
        Ok(before)
    }

    fn find_before(&self, commit: &Commit, path: &str) -> hearth_git::Result<Option<Earlier>> {
        let Ok(path) = TreePath::file(path) else { return Ok(None) };
        for parent in &commit.parents {
            if self.git.find_entry(*parent, &path)?.is_some_and(|entry| entry.kind.is_blob()) {
                return Ok(Some((*parent, path)));
            }
        }
        // It is new under this name: the commit may have renamed it.
        let history = self.git.path_history(commit.id, &path, true, 0, 1)?.value;
        let old = history.first().filter(|change| change.commit == commit.id);
        let old = old.and_then(|change| TreePath::file(change.renamed_from.as_deref()?).ok());
        Ok(old.and_then(|old| Some((*commit.parents.first()?, old))))
    }
}
