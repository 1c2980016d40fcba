//! The walk itself.

use std::{
    collections::{BinaryHeap, HashMap},
    rc::Rc,
    sync::Arc,
};

use gix::objs::TreeRefIter;

use super::{LastCommits, bloom::Key};
use crate::{
    Error, ObjectId, OpenRepository, Result, TreePath,
    graph::{History, Node},
};

/// An entry of the folder as it is now.
struct Entry {
    name: Vec<u8>,
    id: gix::ObjectId,
    mode: u16,
    key: Option<Key>,
}

/// The index of an entry.
type Index = u32;

struct Walk<'repo> {
    git: &'repo OpenRepository,
    history: History<'repo>,
    folder: &'repo TreePath,
    folder_key: Option<Key>,
    entries: Vec<Entry>,
    by_name: HashMap<Vec<u8>, Index>,
    /// Commits that entries were handed to, and which.
    waiting: HashMap<Node, Vec<Index>>,
    queue: BinaryHeap<(i64, Node)>,
    /// For every version of the folder: which entries are the same as now.
    compared: HashMap<gix::ObjectId, Rc<Vec<bool>>>,
    /// The folder's tree in a root tree.
    folders: HashMap<gix::ObjectId, Option<gix::ObjectId>>,
    found: Vec<Option<ObjectId>>,
    left: usize,
}

/// The last commit of every entry of `folder` at `head`.
pub(super) fn last_commits(
    git: &OpenRepository,
    head: ObjectId,
    folder: &TreePath,
    known: &[Arc<LastCommits>],
) -> Result<HashMap<Vec<u8>, ObjectId>> {
    let tree = git.tree_id(head, folder)?;
    let mut walk = Walk::new(git, folder);
    walk.list(tree.gix())?;
    let start = walk.history.enter(head.gix())?;
    let all = (0..Index::try_from(walk.entries.len()).map_err(|_| Error::WrongKind("folder"))?).collect();
    walk.hand_to(start, all);
    walk.run(known)?;
    let names = walk.entries.into_iter().map(|entry| entry.name);
    Ok(names.zip(walk.found).filter_map(|(name, found)| Some((name, found?))).collect())
}

impl<'repo> Walk<'repo> {
    fn new(git: &'repo OpenRepository, folder: &'repo TreePath) -> Self {
        let history = git.history();
        let folder_key = history.bloom().map(|bloom| bloom.key(folder.as_str().as_bytes()));
        Self {
            git,
            history,
            folder,
            folder_key,
            entries: Vec::new(),
            by_name: HashMap::new(),
            waiting: HashMap::new(),
            queue: BinaryHeap::new(),
            compared: HashMap::new(),
            folders: HashMap::new(),
            found: Vec::new(),
            left: 0,
        }
    }

    fn list(&mut self, tree: gix::ObjectId) -> Result<()> {
        let mut entries = Vec::new();
        self.git.each_entry(tree, |name, mode, id| {
            entries.push(Entry { name: name.to_vec(), id: id.to_owned(), mode: mode.value(), key: None });
            Ok(())
        })?;
        for entry in &mut entries {
            let path = match self.folder.as_str() {
                "" => entry.name.clone(),
                folder => [folder.as_bytes(), b"/", &entry.name].concat(),
            };
            entry.key = self.history.bloom().map(|bloom| bloom.key(&path));
        }
        self.by_name = entries.iter().zip(0..).map(|(entry, index)| (entry.name.clone(), index)).collect();
        self.found = vec![None; entries.len()];
        self.left = entries.len();
        self.entries = entries;
        Ok(())
    }

    fn run(&mut self, known: &[Arc<LastCommits>]) -> Result<()> {
        while self.left > 0
            && let Some((_, node)) = self.queue.pop()
        {
            let Some(mut waiting) = self.waiting.remove(&node) else { continue };
            let id = ObjectId::from(self.history.id(node));
            if let Some(known) = known.iter().find(|known| known.at == id) {
                for index in waiting {
                    let answer = known.entries.get(&self.entries[index as usize].name);
                    self.settle(index, answer.copied().unwrap_or(id));
                }
                continue;
            }
            let parents = self.history.parents(node)?;
            if let Some(first) = parents.first() {
                let (changed, same) = self.filter(node, waiting);
                self.hand_to(*first, same);
                waiting = changed;
            }
            for parent in parents {
                if waiting.is_empty() {
                    break;
                }
                if let Some(same) = self.compare(self.history.tree(parent))? {
                    let (same, changed) = waiting.into_iter().partition(|index| same[*index as usize]);
                    self.hand_to(parent, same);
                    waiting = changed;
                }
            }
            for index in waiting {
                self.settle(index, id);
            }
        }
        Ok(())
    }

    fn settle(&mut self, index: Index, commit: ObjectId) {
        self.found[index as usize] = Some(commit);
        self.left -= 1;
    }

    fn hand_to(&mut self, node: Node, entries: Vec<Index>) {
        if entries.is_empty() {
            return;
        }
        if let Some(waiting) = self.waiting.get_mut(&node) {
            waiting.extend(entries);
        } else {
            self.waiting.insert(node, entries);
            self.queue.push((self.history.time(node), node));
        }
    }

    /// Splits entries into those that the commit may have changed and those that it has certainly not changed
    /// against its first parent.
    fn filter(&self, node: Node, entries: Vec<Index>) -> (Vec<Index>, Vec<Index>) {
        let Some((bloom, filter)) = self.history.filter(node) else { return (entries, Vec::new()) };
        let is_outside = |key: Option<Key>| key.is_some_and(|key| !bloom.may_contain(filter, key));
        if !self.folder.is_root() && is_outside(self.folder_key) {
            return (Vec::new(), entries);
        }
        entries.into_iter().partition(|index| !is_outside(self.entries[*index as usize].key))
    }

    /// Which entries the folder in `root` has exactly as they are now; `None` when it has no such folder.
    fn compare(&mut self, root: gix::ObjectId) -> Result<Option<Rc<Vec<bool>>>> {
        let folder = if let Some(folder) = self.folders.get(&root) {
            *folder
        } else {
            let folder = self.find_folder(root)?;
            self.folders.insert(root, folder);
            folder
        };
        let Some(folder) = folder else { return Ok(None) };
        if let Some(same) = self.compared.get(&folder) {
            return Ok(Some(Rc::clone(same)));
        }
        let mut same = vec![false; self.entries.len()];
        let mut at = 0;
        self.git.each_entry(folder, |name, mode, id| {
            // Both sides are in the same order, so the next one is nearly always at hand.
            let index = match self.entries.get(at) {
                Some(entry) if entry.name == name => Some(at),
                _ => self.by_name.get(name).map(|index| *index as usize),
            };
            if let Some(index) = index {
                let entry = &self.entries[index];
                same[index] = entry.id == id && entry.mode == mode.value();
                at = index + 1;
            }
            Ok(())
        })?;
        let same = Rc::new(same);
        self.compared.insert(folder, Rc::clone(&same));
        Ok(Some(same))
    }

    fn find_folder(&self, root: gix::ObjectId) -> Result<Option<gix::ObjectId>> {
        let mut tree = root;
        for segment in self.folder.segments() {
            let object = self.git.object(tree, gix::objs::Kind::Tree)?;
            let mut found = None;
            for entry in TreeRefIter::from_bytes(&object.data, gix::hash::Kind::Sha1) {
                let entry = entry.map_err(|error| Error::Damaged(error.to_string()))?;
                if entry.filename == segment.as_bytes() {
                    found = entry.mode.is_tree().then(|| entry.oid.to_owned());
                    break;
                }
            }
            let Some(found) = found else { return Ok(None) };
            tree = found;
        }
        Ok(Some(tree))
    }
}
