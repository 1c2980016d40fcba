//! The commits that changed what lies at a path, as `git log` finds them: where a parent has the same there, only that
//! parent is followed. A file that appears under a new name is followed under its old one.

use std::{
    collections::{BinaryHeap, HashSet},
    sync::Arc,
};

use crate::{
    Answer, Bound, ObjectId, OpenRepository, Result, TreePath,
    graph::{History, Node},
    last_commit::Key,
    merge::source_of,
};

/// One commit of the history of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathChange {
    /// The commit.
    pub commit: ObjectId,
    /// The path in that commit; bytes that are not UTF-8 are replaced.
    pub path: Arc<str>,
    /// The path before, where the commit renamed the file.
    pub renamed_from: Option<Arc<str>>,
}

/// The newest commits that changed what lies at a path, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathHistory {
    at: ObjectId,
    changes: Vec<PathChange>,
    /// Whether there are no older ones.
    is_all: bool,
    left_out: Option<Bound>,
}

/// So many more are found than were asked for, so that the next pages need no walk.
const READ_AHEAD: usize = 200;

impl OpenRepository {
    /// A page of the history of a path, from a commit backwards; cached. With `follows_names`, a file that was renamed is
    /// followed under its old name.
    pub fn path_history(
        &self,
        from: ObjectId,
        path: &TreePath,
        follows_names: bool,
        skip: usize,
        limit: usize,
    ) -> Result<Answer<Vec<PathChange>>> {
        let wanted = skip.saturating_add(limit);
        let key = (self.repository.id().clone(), path.clone(), follows_names);
        let cache = &self.repository.store.caches.path_histories;
        let known = cache.get(&key);
        let history = match &known {
            Some(known) if known.at == from && known.holds(wanted) => Arc::clone(known),
            _ => {
                let most = wanted.saturating_add(READ_AHEAD);
                let found = Walk::new(self, follows_names, known.filter(|known| known.is_all))
                    .run(from, path, most)?;
                let found = Arc::new(found);
                // If it ran out of time, a later attempt may find more.
                if found.left_out != Some(Bound::Time) {
                    cache.insert(key, Arc::clone(&found));
                }
                found
            }
        };
        let value: Vec<PathChange> = history.changes.iter().skip(skip).take(limit).cloned().collect();
        let is_short = value.len() < limit;
        Ok(Answer { value, left_out: history.left_out.filter(|_| is_short) })
    }
}

impl PathHistory {
    fn holds(&self, wanted: usize) -> bool {
        self.is_all || self.left_out.is_some() || self.changes.len() >= wanted
    }

    /// About how many bytes it takes, divided by what one change takes.
    pub(crate) fn weight(&self) -> u32 {
        u32::try_from(self.changes.len() + 4).unwrap_or(u32::MAX)
    }
}

/// A commit with a path in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Place {
    node: Node,
    path: Arc<[u8]>,
}

/// What lies at a path: its mode, and the object.
type Content = Option<(u16, gix::ObjectId)>;

struct Walk<'git> {
    git: &'git OpenRepository,
    history: History<'git>,
    follows_names: bool,
    /// A complete history of the same path at an older commit.
    known: Option<Arc<PathHistory>>,
    queue: BinaryHeap<(i64, Place)>,
    seen: HashSet<Place>,
    changes: Vec<PathChange>,
}

impl<'git> Walk<'git> {
    fn new(git: &'git OpenRepository, follows_names: bool, known: Option<Arc<PathHistory>>) -> Self {
        Self {
            git,
            history: git.history(),
            follows_names,
            known,
            queue: BinaryHeap::new(),
            seen: HashSet::new(),
            changes: Vec::new(),
        }
    }

    fn run(mut self, from: ObjectId, path: &TreePath, most: usize) -> Result<PathHistory> {
        let node = self.history.enter(from.gix())?;
        let path: Arc<[u8]> = path.as_str().as_bytes().into();
        self.push(Place { node, path: Arc::clone(&path) });
        let walked = self.walk(&path, most);
        let Answer { value: is_all, left_out } = match walked {
            Ok(is_all) => Answer::whole(is_all),
            Err(error) => self.git.budget.answer(Err(error), false)?,
        };
        Ok(PathHistory { at: from, changes: self.changes, is_all, left_out })
    }

    /// Whether the end of the history was reached.
    fn walk(&mut self, path: &Arc<[u8]>, most: usize) -> Result<bool> {
        while let Some((_, place)) = self.queue.pop() {
            // When everything that is left is what is known already, it need not be walked again.
            if let Some(known) = self.known.as_ref().filter(|_| self.queue.is_empty() && place.path == *path)
                && ObjectId::from(self.history.id(place.node)) == known.at
            {
                self.changes.extend(known.changes.iter().cloned());
                return Ok(true);
            }
            if self.changes.len() >= most {
                return Ok(false);
            }
            self.examine(&place)?;
        }
        Ok(true)
    }

    fn push(&mut self, place: Place) {
        if self.seen.insert(place.clone()) {
            self.queue.push((self.history.time(place.node), place));
        }
    }

    fn examine(&mut self, place: &Place) -> Result<()> {
        self.git.budget.charge(1, 0)?;
        let parents = self.history.parents(place.node)?;
        if let Some(first) = parents.first()
            && self.is_certainly_same(place)
        {
            self.push(Place { node: *first, path: Arc::clone(&place.path) });
            return Ok(());
        }
        let content = self.content(place.node, &place.path)?;
        let mut before = Vec::new();
        for parent in &parents {
            let there = self.content(*parent, &place.path)?;
            if there == content {
                self.push(Place { node: *parent, path: Arc::clone(&place.path) });
                return Ok(());
            }
            before.push((*parent, there));
        }
        if content.is_none() && before.is_empty() {
            return Ok(());
        }
        let renamed_from = self.old_name(place, content, &before)?;
        let text = |path: &[u8]| -> Arc<str> { String::from_utf8_lossy(path).into() };
        self.changes.push(PathChange {
            commit: self.history.id(place.node).into(),
            path: text(&place.path),
            renamed_from: renamed_from.as_deref().map(text),
        });
        for (parent, there) in before {
            let path = match &renamed_from {
                Some(old) if there.is_none() => Arc::clone(old),
                _ => Arc::clone(&place.path),
            };
            self.push(Place { node: parent, path });
        }
        Ok(())
    }

    /// Whether the commit has not changed the path against its first parent, as far as its filter tells.
    fn is_certainly_same(&self, place: &Place) -> bool {
        let Some((bloom, filter)) = self.history.filter(place.node) else { return false };
        let key: Key = bloom.key(&place.path);
        !bloom.may_contain(filter, key)
    }

    fn content(&self, node: Node, path: &[u8]) -> Result<Content> {
        let mut at = self.history.tree(node);
        let mut names = path.split(|byte| *byte == b'/').peekable();
        while let Some(name) = names.next() {
            match self.git.find_in_tree(at, name)? {
                Some((mode, id)) if names.peek().is_none() => return Ok(Some((mode.value(), id))),
                Some((mode, id)) if mode.is_tree() => at = id,
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The name in the first parent of a file that is in none of the parents under its own.
    fn old_name(
        &self,
        place: &Place,
        content: Content,
        before: &[(Node, Content)],
    ) -> Result<Option<Arc<[u8]>>> {
        let is_file = content.is_some_and(|(mode, _)| mode != FOLDER_MODE && mode != SUBMODULE_MODE);
        let is_new = before.iter().all(|(_, there)| there.is_none());
        let Some((parent, _)) = before.first().filter(|_| self.follows_names && is_file && is_new) else {
            return Ok(None);
        };
        let (old, new) = (self.history.tree(*parent), self.history.tree(place.node));
        let found = source_of(self.git, old.into(), new.into(), &place.path)?;
        Ok(found.map(|(path, _)| path.as_ref().into()))
    }
}

const FOLDER_MODE: u16 = 0o040_000;
const SUBMODULE_MODE: u16 = 0o160_000;
