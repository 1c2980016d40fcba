//! Which file of the base became which file of one side.
//!
//! The order of the steps is git's, because whoever is paired first decides who is left: equal contents first, then
//! files whose name is unique on both sides (or that a renamed folder suggests), then the most similar of the rest.

use std::{
    cell::OnceCell,
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use super::{
    BASE, Leaf, OURS,
    bench::Bench,
    folder::{Counts, name, parent},
    walk::{Differences, Path, Worth},
};
use crate::{
    Bound, ObjectId, OpenRepository, Result,
    similarity::{LEAST, LEAST_OF_SAME_NAME, Pieces},
};

/// For each new file so many candidates compete with those of other new files.
const CANDIDATES: usize = 4;
/// Of files with equal contents so many are looked at.
const MOST_EQUAL: usize = 101;
/// So many distinct pieces of files are held in memory at once, in 64 MiB. What needs more is not merged.
const MOST_PIECES: usize = 4 << 20;

/// The renames of one side.
#[derive(Default)]
pub(super) struct Renames {
    /// From the path in the base to the path on that side.
    pub(super) pairs: BTreeMap<Path, Path>,
    /// What was added on that side and not paired.
    pub(super) added: Vec<Path>,
}

struct File {
    path: Path,
    leaf: Leaf,
    is_paired: bool,
    /// Once its content was looked into.
    pieces: OnceCell<Option<Pieces>>,
}

impl File {
    fn new(path: &Path, leaf: Leaf) -> Self {
        Self { path: Rc::clone(path), leaf, is_paired: false, pieces: OnceCell::new() }
    }

    /// None: it is too large to look into. `room` is how many more pieces may be held.
    fn pieces(&mut self, bench: &Bench<'_>, room: &mut usize) -> Result<Option<&Pieces>> {
        if self.pieces.get().is_none() {
            let pieces = bench.blob(self.leaf.id)?.map(|data| Pieces::cut(&data));
            let count = pieces.as_ref().map_or(0, Pieces::count);
            *room = room.checked_sub(count).ok_or_else(|| bench.git.budget.over(Bound::Bytes))?;
            self.pieces = OnceCell::from(pieces);
        }
        Ok(self.pieces.get().and_then(Option::as_ref))
    }
}

/// Pairs what one side no longer has with what it has instead.
pub(super) fn find(bench: &Bench<'_>, found: &Differences, side: usize) -> Result<Renames> {
    let empty = ObjectId::from(git2::Oid::hash_object(git2::ObjectType::Blob, b"")?);
    let mut search =
        Search { bench, found, side, sources: Vec::new(), targets: Vec::new(), room: MOST_PIECES };
    for (path, item) in &found.items {
        match (item.leaves[BASE], item.leaves[side]) {
            (Some(leaf), None) => search.sources.push(File::new(path, leaf)),
            (None, Some(leaf)) => search.targets.push(File::new(path, leaf)),
            _ => {}
        }
    }
    let added = search.targets.iter().map(|target| Rc::clone(&target.path)).collect();
    search.sources.retain(|file| file.leaf.id != empty);
    search.targets.retain(|file| file.leaf.id != empty);
    let mut renames = Renames { pairs: BTreeMap::new(), added };
    if !search.sources.is_empty() && !search.targets.is_empty() {
        search.equal(&mut renames);
        let worth = &found.worth[side - 1];
        search.sources.retain(|file| !file.is_paired && worth.contains_key(&file.path));
        search.same_name(&mut renames)?;
        search.sources.retain(|file| !file.is_paired);
        search.most_similar(&mut renames)?;
    }
    let paired: std::collections::HashSet<&Path> = renames.pairs.values().collect();
    renames.added.retain(|path| !paired.contains(path));
    Ok(renames)
}

struct Search<'a, 'git> {
    bench: &'a Bench<'git>,
    found: &'a Differences,
    side: usize,
    sources: Vec<File>,
    targets: Vec<File>,
    /// How many more pieces may be held.
    room: usize,
}

impl Search<'_, '_> {
    fn pair(&mut self, source: usize, target: usize, renames: &mut Renames) {
        let (source, target) = (&mut self.sources[source], &mut self.targets[target]);
        (source.is_paired, target.is_paired) = (true, true);
        renames.pairs.insert(Rc::clone(&source.path), Rc::clone(&target.path));
    }

    /// Equal contents; of several, one of the same file name.
    fn equal(&mut self, renames: &mut Renames) {
        let mut by_id: HashMap<ObjectId, Vec<usize>> = HashMap::new();
        for (index, source) in self.sources.iter().enumerate() {
            by_id.entry(source.leaf.id).or_default().push(index);
        }
        for target in 0..self.targets.len() {
            let File { path, leaf, .. } = &self.targets[target];
            let fits = |source: &&usize| {
                let source = &self.sources[**source];
                !source.is_paired
                    && (source.leaf.mode == leaf.mode || (source.leaf.is_file() && leaf.is_file()))
            };
            let candidates: Vec<usize> =
                by_id.get(&leaf.id).into_iter().flatten().filter(fits).copied().take(MOST_EQUAL).collect();
            let is_same_name = |source: &&usize| name(&self.sources[**source].path) == name(path);
            if let Some(source) = candidates.iter().find(is_same_name).or(candidates.first()) {
                self.pair(*source, target, renames);
            }
        }
    }

    /// Files whose name occurs once on both sides, and files that stand where their folder seems to have gone.
    fn same_name(&mut self, renames: &mut Renames) -> Result<()> {
        let sources = unique(self.sources.iter().enumerate());
        let targets = unique(self.targets.iter().enumerate().filter(|(_, target)| !target.is_paired));
        let by_path: HashMap<Path, usize> =
            self.targets.iter().enumerate().map(|(index, target)| (Rc::clone(&target.path), index)).collect();
        let mut counts = Counts::default();
        for (from, to) in &renames.pairs {
            counts.add(from, to, &self.found.gone_folders[self.side - 1]);
        }
        let guesses = counts.most_frequent();
        for source in 0..self.sources.len() {
            let path = Rc::clone(&self.sources[source].path);
            let Some(targets_of_name) = targets.get(name(&path)) else { continue };
            let target = match (sources.get(name(&path)), targets_of_name) {
                (Some(Some(_)), Some(target)) => Some(*target),
                _ => guesses.get(parent(&path)).and_then(|folder| {
                    let guess = super::folder::join(folder, name(&path));
                    by_path.get(guess.as_slice()).copied()
                }),
            };
            let Some(target) = target.filter(|target| !self.targets[*target].is_paired) else { continue };
            if self.score(source, target)? >= LEAST_OF_SAME_NAME {
                self.pair(source, target, renames);
            }
        }
        Ok(())
    }

    fn most_similar(&mut self, renames: &mut Renames) -> Result<()> {
        let mut candidates = Vec::new();
        for target in 0..self.targets.len() {
            if self.targets[target].is_paired {
                continue;
            }
            let mut best = Vec::new();
            for source in 0..self.sources.len() {
                let score = self.score(source, target)?;
                if score >= LEAST {
                    let is_same_name = name(&self.sources[source].path) == name(&self.targets[target].path);
                    best.push((Reverse(score), Reverse(is_same_name), source, target));
                }
            }
            best.sort_by_key(|(score, is_same_name, ..)| (*score, *is_same_name));
            candidates.extend(best.into_iter().take(CANDIDATES));
        }
        candidates.sort_by_key(|(score, is_same_name, ..)| (*score, *is_same_name));
        for (.., source, target) in candidates {
            if !self.sources[source].is_paired && !self.targets[target].is_paired {
                self.pair(source, target, renames);
            }
        }
        Ok(())
    }

    /// Every comparison is charged as one entry.
    fn score(&mut self, source: usize, target: usize) -> Result<u64> {
        self.bench.git.budget.charge(1, 0)?;
        let (source, target) = (&mut self.sources[source], &mut self.targets[target]);
        if !source.leaf.is_file() || !target.leaf.is_file() {
            return Ok(0);
        }
        let Some(before) = source.pieces(self.bench, &mut self.room)? else { return Ok(0) };
        Ok(target.pieces(self.bench, &mut self.room)?.map_or(0, |after| before.score(after)))
    }
}

/// The files by name; `None` for a name that occurs more than once.
fn unique<'a>(files: impl Iterator<Item = (usize, &'a File)>) -> HashMap<Vec<u8>, Option<usize>> {
    let mut names = HashMap::new();
    for (index, file) in files {
        names.entry(name(&file.path).to_vec()).and_modify(|known| *known = None).or_insert(Some(index));
    }
    names
}

/// The file of one tree that was renamed to a path of another tree, with its content.
pub(crate) fn source_of(
    git: &OpenRepository,
    before: ObjectId,
    after: ObjectId,
    path: &[u8],
) -> Result<Option<(Path, ObjectId)>> {
    let bench = Bench::new(git);
    let mut found = super::walk::walk(&bench, [before, after, before])?;
    let gone = found.items.iter().filter(|(_, item)| item.leaves[OURS].is_none());
    found.worth[0] = gone.map(|(gone, _)| (Rc::clone(gone), Worth::Content)).collect();
    // Only this file is looked for, as if nothing else had been added.
    found.items.retain(|other, item| item.leaves[OURS].is_none() || **other == *path);
    let renames = find(&bench, &found, OURS)?;
    let source = renames.pairs.into_iter().find(|(_, to)| **to == *path).map(|(from, _)| from);
    Ok(source.and_then(|from| {
        let id = found.items.get(&from)?.leaves[BASE]?.id;
        Some((from, id))
    }))
}
