//! The walk through history.

use std::{
    collections::{BinaryHeap, HashMap},
    ops::ControlFlow::Continue,
    rc::Rc,
    sync::Arc,
};

use super::{LastCommits, bloom::Key};
use crate::{
    Answer, Error, ObjectId, OpenRepository, Result, TreePath,
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

/// The size of the cache of comparisons, in entries of all of them together.
const MOST_COMPARED: usize = 16 << 20;

struct Walk<'repo> {
    git: &'repo OpenRepository,
    history: History<'repo>,
    folder: &'repo TreePath,
    folder_key: Option<Key>,
    entries: Vec<Entry>,
    by_name: HashMap<Vec<u8>, Index>,
    /// Commits that entries were passed to, with those entries.
    waiting: HashMap<Node, Vec<Index>>,
    queue: BinaryHeap<(i64, Node)>,
    /// By tree id of a version of the folder: which entries are the same as now.
    compared: HashMap<gix::ObjectId, Rc<Vec<bool>>>,
    /// By root tree id: the folder's tree.
    folders: HashMap<gix::ObjectId, Option<gix::ObjectId>>,
    found: Vec<Option<ObjectId>>,
    left: usize,
}

/// The last commit of every entry of `folder` at `head`, for as many as could be found.
pub(super) fn last_commits(
    git: &OpenRepository,
    head: ObjectId,
    folder: &TreePath,
    known: &[Arc<LastCommits>],
) -> Result<Answer<HashMap<Vec<u8>, ObjectId>>> {
    let tree = git.tree_id(head, folder)?;
    let mut walk = Walk::new(git, folder);
    walk.list(tree.gix())?;
    let start = walk.history.enter(head.gix())?;
    let all = (0..Index::try_from(walk.entries.len()).map_err(|_| Error::WrongKind("folder"))?).collect();
    walk.hand_to(start, all);
    let walked = walk.run(known);
    let names = walk.entries.into_iter().map(|entry| entry.name);
    let found = names.zip(walk.found).filter_map(|(name, found)| Some((name, found?))).collect();
    git.budget.answer(walked, found)
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
            Ok(Continue(()))
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
                    self.finish_entry(index, answer.copied().unwrap_or(id));
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
                self.finish_entry(index, id);
            }
        }
        Ok(())
    }

    fn finish_entry(&mut self, index: Index, commit: ObjectId) {
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

    /// Which entries the folder in `root` has exactly as they are now; `None` if it has no such folder.
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
            // Both sides are in the same order, so the next index nearly always matches.
            let index = match self.entries.get(at) {
                Some(entry) if entry.name == name => Some(at),
                _ => self.by_name.get(name).map(|index| *index as usize),
            };
            if let Some(index) = index {
                let entry = &self.entries[index];
                same[index] = entry.id == id && entry.mode == mode.value();
                at = index + 1;
            }
            Ok(Continue(()))
        })?;
        let same = Rc::new(same);
        if self.compared.len().saturating_mul(self.entries.len()) > MOST_COMPARED {
            self.compared.clear();
        }
        self.compared.insert(folder, Rc::clone(&same));
        Ok(Some(same))
    }

    fn find_folder(&self, root: gix::ObjectId) -> Result<Option<gix::ObjectId>> {
        let mut tree = root;
        for segment in self.folder.segments() {
            match self.git.find_in_tree(tree, segment.as_bytes())? {
                Some((mode, id)) if mode.is_tree() => tree = id,
                _ => return Ok(None),
            }
        }
        Ok(Some(tree))
    }
}
