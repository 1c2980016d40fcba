//! The last commit of every entry of a folder.
//!
//! A walk from the newest commit backwards hands every entry on to a parent that has the same content and stops
//! with it at the first commit where no parent has. The changed-path filters of the commit-graph answer most of
//! the comparisons without reading a tree. An answer of an older commit ends the walk when it is reached, so
//! that after a push only what was pushed is walked.

mod bloom;
mod walk;

use std::{collections::HashMap, sync::Arc};

pub(crate) use bloom::Bloom;

use crate::{Commit, ObjectId, OpenRepository, Result, TreePath};

/// The answer for one folder at one commit.
#[derive(Debug, Clone)]
pub struct LastCommits {
    /// The commit that was asked about.
    pub at: ObjectId,
    /// Entry and commit, for every entry of the folder.
    entries: HashMap<Vec<u8>, ObjectId>,
    /// Those commits, each once.
    commits: HashMap<ObjectId, Arc<Commit>>,
}

/// Answers kept for one folder, so that looking at another branch does not make the next one slow.
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
    /// The last commit of every entry of a folder, from memory when it was asked before.
    pub fn last_commits(&self, commit: ObjectId, folder: &TreePath) -> Result<Arc<LastCommits>> {
        let cache = &self.repository.store.caches.last_commits;
        let key = (self.repository.id().clone(), folder.clone());
        let known = cache.get(&key).unwrap_or_default();
        if let Some(known) = known.iter().find(|known| known.at == commit) {
            return Ok(Arc::clone(known));
        }
        let entries = walk::last_commits(self, commit, folder, &known)?;
        let mut commits: HashMap<ObjectId, Arc<Commit>> = HashMap::new();
        for id in entries.values() {
            if !commits.contains_key(id) {
                let known = known.iter().find_map(|known| known.commits.get(id)).cloned();
                let summary = match known {
                    Some(summary) => summary,
                    // Lists show titles only; a long message would be kept for nothing.
                    None => Arc::new(Commit { body: String::new(), ..self.commit(*id)? }),
                };
                commits.insert(*id, summary);
            }
        }
        let answer = Arc::new(LastCommits { at: commit, entries, commits });
        let older = known.iter().take(ANSWERS_PER_FOLDER - 1).cloned();
        cache.insert(key, std::iter::once(Arc::clone(&answer)).chain(older).collect());
        Ok(answer)
    }

    /// The last commit of one path.
    pub fn last_commit(&self, commit: ObjectId, path: &TreePath) -> Result<Arc<Commit>> {
        let Some(folder) = path.parent() else { return self.commit(commit).map(Arc::new) };
        let answer = self.last_commits(commit, &folder)?;
        answer.get(path.name()).cloned().ok_or(crate::Error::PathNotFound)
    }
}
