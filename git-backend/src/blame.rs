//! Who wrote each line of a file, as `git blame` tells it: lines that a parent has too are passed on to it, under the
//! name that the file had there.

use std::{
    collections::{BTreeMap, BinaryHeap, HashMap},
    ops::Range,
    sync::Arc,
};

use crate::{
    Error, ObjectId, OpenRepository, Result, TreePath,
    graph::{History, Node},
    merge::source_of,
};

/// A larger file has no blame.
const MOST_BYTES: u64 = 4 << 20;
/// A file of more lines has none.
const MOST_LINES: usize = 100_000;

/// The origin of all lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blame {
    /// Stretches of lines with the same origin, in order; together they are the whole file.
    pub runs: Vec<BlameRun>,
}

/// Lines next to each other that one commit wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlameRun {
    /// The first line in the file, from 1.
    pub first_line: u32,
    /// How many lines.
    pub lines: u32,
    /// The commit that wrote them.
    pub commit: ObjectId,
    /// The path in that commit; bytes that are not UTF-8 are replaced.
    pub path: Arc<str>,
    /// The first line in the file of that commit, from 1.
    pub original_line: u32,
}

/// A commit with a path in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Suspect {
    node: Node,
    path: Arc<[u8]>,
}

/// Lines whose origin is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    /// In the file that was asked about, from 0.
    at: usize,
    /// In the file of the suspect, from 0.
    there: usize,
    lines: usize,
}

impl OpenRepository {
    /// The origin of each line of a file, cached. A file that is not text, is larger than 4 MiB or has more than
    /// 100,000 lines is [`Error::TooLarge`] or [`Error::WrongKind`].
    pub fn blame(&self, commit: ObjectId, path: &TreePath) -> Result<Arc<Blame>> {
        let key = (self.repository.id().clone(), commit, path.clone());
        let cache = &self.repository.store.caches.blames;
        if let Some(known) = cache.get(&key) {
            return Ok(known);
        }
        let blame = Arc::new(self.find_blame(commit, path)?);
        cache.insert(key, Arc::clone(&blame));
        Ok(blame)
    }

    fn find_blame(&self, commit: ObjectId, path: &TreePath) -> Result<Blame> {
        let entry = self.entry(commit, path)?;
        if !entry.kind.is_blob() {
            return Err(Error::WrongKind("file"));
        }
        let text = self.text_of(entry.id)?;
        let lines = line_count(&text);
        if lines > MOST_LINES {
            return Err(Error::TooLarge { limit: MOST_BYTES });
        }
        let mut history = History::new(self, self.graph());
        let node = history.enter(commit.gix())?;
        let suspect = Suspect { node, path: path.as_str().as_bytes().into() };
        let mut search = Search {
            git: self,
            history,
            queue: BinaryHeap::new(),
            open: HashMap::new(),
            found: BTreeMap::new(),
        };
        search.add(suspect, entry.id, vec![Stretch { at: 0, there: 0, lines }]);
        while let Some((_, suspect)) = search.queue.pop() {
            if let Some((blob, stretches)) = search.open.remove(&suspect) {
                search.examine(&suspect, blob, stretches)?;
            }
        }
        Ok(search.blame())
    }

    fn text_of(&self, id: ObjectId) -> Result<Vec<u8>> {
        let blob = self.blob(id, MOST_BYTES)?;
        if blob.is_binary() {
            return Err(Error::WrongKind("text"));
        }
        blob.data.ok_or(Error::TooLarge { limit: MOST_BYTES })
    }

    /// The file at a path of a tree.
    fn file_in(&self, tree: gix::ObjectId, path: &[u8]) -> Result<Option<ObjectId>> {
        let mut at = tree;
        let mut names = path.split(|byte| *byte == b'/').peekable();
        while let Some(name) = names.next() {
            match self.find_in_tree(at, name)? {
                Some((mode, id)) if names.peek().is_none() => {
                    return Ok((mode.is_blob() || mode.is_link()).then(|| id.into()));
                }
                Some((mode, id)) if mode.is_tree() => at = id,
                _ => return Ok(None),
            }
        }
        Ok(None)
    }
}

fn line_count(text: &[u8]) -> usize {
    text.split_inclusive(|byte| *byte == b'\n').count()
}

struct Search<'git> {
    git: &'git OpenRepository,
    history: History<'git>,
    /// The newest commits first.
    queue: BinaryHeap<(i64, Suspect)>,
    open: HashMap<Suspect, (ObjectId, Vec<Stretch>)>,
    found: BTreeMap<usize, (Stretch, Suspect)>,
}

impl Search<'_> {
    fn add(&mut self, suspect: Suspect, blob: ObjectId, stretches: Vec<Stretch>) {
        if stretches.is_empty() {
            return;
        }
        self.queue.push((self.history.time(suspect.node), suspect.clone()));
        self.open.entry(suspect).or_insert_with(|| (blob, Vec::new())).1.extend(stretches);
    }

    /// Passes on what the parents of a suspect have too, and keeps the rest.
    fn examine(&mut self, suspect: &Suspect, blob: ObjectId, mut stretches: Vec<Stretch>) -> Result<()> {
        self.git.budget.charge(1, 0)?;
        let parents = self.history.parents(suspect.node)?;
        let mut origins: Vec<(Suspect, ObjectId)> = Vec::new();
        // Under the same name in any parent first, then under another.
        for follows_names in [false, true] {
            for parent in &parents {
                if origins.iter().any(|(origin, _)| origin.node == *parent) {
                    continue;
                }
                let Some((path, id)) = self.origin(suspect, *parent, follows_names)? else { continue };
                let origin = Suspect { node: *parent, path };
                if id == blob {
                    self.add(origin, id, stretches);
                    return Ok(());
                }
                if !origins.iter().any(|(_, known)| *known == id) {
                    origins.push((origin, id));
                }
            }
        }
        origins.sort_by_key(|(origin, _)| parents.iter().position(|parent| *parent == origin.node));
        let text = if origins.is_empty() { Vec::new() } else { self.git.text_of(blob)? };
        for (origin, id) in origins {
            let before = match self.git.text_of(id) {
                Err(Error::WrongKind(_) | Error::TooLarge { .. }) => continue,
                before => before?,
            };
            let same = unchanged(&before, &text)?;
            let (passed, kept) = divide(&stretches, &same);
            self.add(origin, id, passed);
            stretches = kept;
            if stretches.is_empty() {
                return Ok(());
            }
        }
        for stretch in stretches.into_iter().filter(|stretch| stretch.lines > 0) {
            self.found.insert(stretch.at, (stretch, suspect.clone()));
        }
        Ok(())
    }

    /// The file in a parent that became the suspect's.
    fn origin(
        &self,
        suspect: &Suspect,
        parent: Node,
        follows_names: bool,
    ) -> Result<Option<(Arc<[u8]>, ObjectId)>> {
        let tree = self.history.tree(parent);
        if !follows_names {
            let found = self.git.file_in(tree, &suspect.path)?;
            return Ok(found.map(|id| (Arc::clone(&suspect.path), id)));
        }
        let after = self.history.tree(suspect.node);
        let found = source_of(self.git, tree.into(), after.into(), &suspect.path)?;
        Ok(found.map(|(path, id)| (path.as_ref().into(), id)))
    }

    fn blame(self) -> Blame {
        let mut runs: Vec<BlameRun> = Vec::new();
        let mut names: HashMap<Arc<[u8]>, Arc<str>> = HashMap::new();
        let number = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
        for (_, (stretch, Suspect { node, path })) in self.found {
            let commit = ObjectId::from(self.history.id(node));
            let path = names.entry(path).or_insert_with_key(|path| String::from_utf8_lossy(path).into());
            let (lines, original_line) = (number(stretch.lines), number(stretch.there + 1));
            match runs.last_mut() {
                Some(last)
                    if last.commit == commit
                        && last.path == *path
                        && last.original_line + last.lines == original_line =>
                {
                    last.lines += lines;
                }
                _ => runs.push(BlameRun {
                    first_line: number(stretch.at + 1),
                    lines,
                    commit,
                    path: Arc::clone(path),
                    original_line,
                }),
            }
        }
        Blame { runs }
    }
}

/// Lines that two texts share, as where they are in the new one and in the old one.
fn unchanged(before: &[u8], after: &[u8]) -> Result<Vec<(Range<usize>, usize)>> {
    let mut options = git2::DiffOptions::new();
    options.context_lines(0).indent_heuristic(true);
    let patch = git2::Patch::from_buffers(before, None, after, None, Some(&mut options))?;
    let (mut old, mut new) = (0, 0);
    let mut same = Vec::new();
    for index in 0..patch.num_hunks() {
        let (hunk, _) = patch.hunk(index)?;
        // A side without lines names the line before it.
        let start = |first: u32, lines: u32| (first as usize + usize::from(lines == 0)).saturating_sub(1);
        let from = start(hunk.new_start(), hunk.new_lines());
        if from > new {
            same.push((new..from, old));
        }
        old = start(hunk.old_start(), hunk.old_lines()) + hunk.old_lines() as usize;
        new = from + hunk.new_lines() as usize;
    }
    let end = line_count(after);
    if end > new {
        same.push((new..end, old));
    }
    Ok(same)
}

/// The stretches that lie in shared lines, moved to the old text, and the rest. Both lists are in order.
fn divide(stretches: &[Stretch], same: &[(Range<usize>, usize)]) -> (Vec<Stretch>, Vec<Stretch>) {
    let (mut passed, mut kept) = (Vec::new(), Vec::new());
    for stretch in stretches {
        let (mut there, end) = (stretch.there, stretch.there + stretch.lines);
        let at = |line: usize| stretch.at + (line - stretch.there);
        let first = same.partition_point(|(range, _)| range.end <= there);
        for (range, old) in &same[first..] {
            if range.start >= end {
                break;
            }
            let (from, to) = (range.start.max(there), range.end.min(end));
            if from > there {
                kept.push(Stretch { at: at(there), there, lines: from - there });
            }
            passed.push(Stretch { at: at(from), there: old + (from - range.start), lines: to - from });
            there = to;
        }
        if end > there {
            kept.push(Stretch { at: at(there), there, lines: end - there });
        }
    }
    (passed, kept)
}
