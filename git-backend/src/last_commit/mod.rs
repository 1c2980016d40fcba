//! The last commit of every entry of a folder.
//!
//! A walk from the newest commit backwards passes every entry on to a parent that has the same content, and
//! stops with it at the first commit where no parent has. The changed-path filters of the commit-graph answer
//! most of the comparisons without reading a tree. When the walk reaches a commit with a known answer it ends
//! there, so after a push only the pushed commits are walked.

mod bloom;
mod kept;
mod walk;

use std::{collections::HashMap, sync::Arc};

pub(crate) use bloom::{Bloom, Key};

use crate::{
    Answer, Bound, Class, Commit, Error, ObjectId, OpenRepository, Result, StorageId, TreePath,
    caches::Answers,
};

/// The answer for one folder at one commit.
#[derive(Debug, Clone)]
pub struct LastCommits {
    /// The commit the answer is for.
    pub at: ObjectId,
    /// Why some entries have no commit; `None` when all have.
    pub left_out: Option<Bound>,
    /// Entry and commit, for every entry of the folder.
    entries: HashMap<Vec<u8>, ObjectId>,
    /// Those commits, each once.
    commits: HashMap<ObjectId, Arc<Commit>>,
}

/// Answers kept for one folder, so that visiting another branch does not evict the one the next is computed
/// from.
const ANSWERS_PER_FOLDER: usize = 4;

impl LastCommits {
    /// The commit that last changed an entry of the folder.
    pub fn get(&self, name: &str) -> Option<&Arc<Commit>> {
        self.commits.get(self.entries.get(name.as_bytes())?)
    }

    /// How many entries the folder has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the folder is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl OpenRepository {
    /// The last commit of every entry of a folder, cached.
    pub fn last_commits(&self, commit: ObjectId, folder: &TreePath) -> Result<Arc<LastCommits>> {
        let (key, answers) = self.known_answers(folder);
        if let Some(known) = answers.iter().find(|known| known.at == commit && self.is_enough(known)) {
            return Ok(Arc::clone(known));
        }
        let mut whole: Vec<_> = answers.iter().filter(|known| known.left_out.is_none()).cloned().collect();
        if whole.is_empty() {
            // Nothing is known since the start: what was kept on disk, perhaps for an older commit.
            whole.extend(self.kept_last_commits_of(folder).map(Arc::new));
        }
        let is_first = whole.is_empty();
        let Answer { value: entries, left_out } = walk::last_commits(self, commit, folder, &whole)?;
        let mut commits: HashMap<ObjectId, Arc<Commit>> = HashMap::new();
        let described = entries.values().try_for_each(|id| {
            if !commits.contains_key(id) {
                let known = whole.iter().find_map(|known| known.commits.get(id)).cloned();
                let summary = match known {
                    Some(summary) => summary,
                    // Lists show titles only; a long message would be kept for nothing.
                    None => Arc::new(Commit { body: String::new(), ..self.commit(*id)? }),
                };
                commits.insert(*id, summary);
            }
            Ok(())
        });
        let described = self.budget.answer(described, ())?;
        let left_out = left_out.or(described.left_out);
        let answer = Arc::new(LastCommits { at: commit, left_out, entries, commits });
        // If it ran out of time, a later attempt may find more.
        if left_out != Some(Bound::Time) {
            let older =
                answers.iter().filter(|known| known.at != commit).take(ANSWERS_PER_FOLDER - 1).cloned();
            let kept = std::iter::once(Arc::clone(&answer)).chain(older).collect();
            self.repository.store.caches.last_commits.insert(key, kept);
        }
        if is_first && answer.left_out.is_none() && answer.len() >= kept::WORTH_KEEPING {
            self.keep_last_commits(vec![(folder.clone(), Arc::clone(&answer))])?;
        }
        Ok(answer)
    }

    /// The answer of [`OpenRepository::last_commits`] if it is cached.
    pub fn known_last_commits(&self, commit: ObjectId, folder: &TreePath) -> Option<Arc<LastCommits>> {
        self.known_answers(folder).1.iter().find(|known| known.at == commit).cloned()
    }

    fn known_answers(&self, folder: &TreePath) -> ((StorageId, TreePath), Answers) {
        let key = (self.repository.id().clone(), folder.clone());
        let answers = self.repository.store.caches.last_commits.get(&key).unwrap_or_default();
        (key, answers)
    }

    /// A partial answer is enough for a page, but not for a caller with a larger allowance.
    fn is_enough(&self, known: &LastCommits) -> bool {
        known.left_out.is_none()
            || !self.budget.is_larger_than(self.repository.store.permits.allowance(Class::Expensive))
    }

    /// The last commit of one path; `None` if it is too far back to be found.
    pub fn last_commit(&self, commit: ObjectId, path: &TreePath) -> Result<Option<Arc<Commit>>> {
        let Some(folder) = path.parent() else { return self.commit(commit).map(Arc::new).map(Some) };
        let answer = self.last_commits(commit, &folder)?;
        match answer.get(path.name()) {
            Some(found) => Ok(Some(Arc::clone(found))),
            None if answer.left_out.is_some() => Ok(None),
            None => Err(Error::PathNotFound),
        }
    }
}
