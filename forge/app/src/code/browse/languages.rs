use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use hearth_core::{Read, Result};
use hearth_git::{EntryKind, Kept, ObjectId, OpenRepository, TreePath};
use moka::sync::Cache;

use super::folder::{PATIENCE, optional};
use crate::{Access, App, GitResult as _, highlight::Language, repository};

/// One language's share of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub name: &'static str,
    pub bytes: u64,
    /// Of a thousand.
    pub permille: u64,
}

/// At most this many are shown.
const MOST_SHARES: usize = 8;
/// Folders of files that were not written in this repository.
const NOT_COUNTED: &[&str] = &["node_modules", "vendor", "third_party", "dist"];

/// Deeper trees are considered malicious and not counted.
const MOST_DEPTH: usize = 64;

pub(super) type Bytes = Vec<(&'static str, u64)>;

/// Bytes of each language below a tree. A tree never changes, so each is counted once: after a push, only the
/// folders on the paths to changed files are read again.
static COUNTED: LazyLock<Cache<ObjectId, Arc<Bytes>>> = LazyLock::new(|| Cache::new(200_000));

/// The languages of the default branch, by bytes, largest first; empty while it has no commits. None if they
/// were not counted: git is busy, or there is too much to count. Partial counts are remembered, so the next
/// attempt gets further.
pub async fn languages(app: &App, access: &Access<Read>) -> Result<Option<Vec<Share>>> {
    let git = repository::git(app, access.repository()).await?;
    let look = git.run(|git| git.head()?.map(|head| Ok((head, known(git, head)?))).transpose());
    let counted = match look.await.map_git()? {
        None => return Ok(Some(Vec::new())),
        Some((_, Some(known))) => Some(known),
        Some((head, None)) => {
            optional(git.run_expensive_within(PATIENCE, move |git| count(git, head)).await)?
        }
    };
    Ok(counted.map(|bytes| shares(&bytes)))
}

/// What [`count`] counted earlier, even before a restart if it was the tip of the default branch.
pub(super) fn known(git: &OpenRepository, commit: ObjectId) -> hearth_git::Result<Option<Arc<Bytes>>> {
    let root = git.tree_id(commit, &TreePath::root())?;
    if let Some(known) = COUNTED.get(&root) {
        return Ok(Some(known));
    }
    let kept = git.kept(Kept::Languages).and_then(|kept| from_kept(&kept, root)).map(Arc::new);
    if let Some(kept) = &kept {
        COUNTED.insert(root, Arc::clone(kept));
    }
    Ok(kept)
}

/// Counts in the background, before anybody asks, and keeps it for after a restart.
pub(crate) async fn warm(git: &hearth_git::Repository) -> Result<()> {
    let counted = git.run_in_background(|git| {
        let Some(head) = git.head()? else { return Ok(()) };
        let bytes = count(git, head)?;
        git.keep(Kept::Languages, to_keep(git.tree_id(head, &TreePath::root())?, &bytes).as_bytes())
    });
    optional(counted.await)?;
    Ok(())
}

/// A line for the tree, and one for each language.
fn to_keep(root: ObjectId, bytes: &Bytes) -> String {
    let lines = bytes.iter().map(|(name, bytes)| format!("{bytes} {name}\n"));
    std::iter::once(format!("{root}\n")).chain(lines).collect()
}

/// What was kept, if it is about this tree and names only languages that there still are.
fn from_kept(kept: &[u8], root: ObjectId) -> Option<Bytes> {
    let mut lines = std::str::from_utf8(kept).ok()?.lines();
    let is_of_tree = lines.next()?.parse() == Ok(root);
    let language = |line: &str| {
        let (bytes, name) = line.split_once(' ')?;
        let language = Language::all().map(Language::name).find(|known| *known == name)?;
        Some((language, bytes.parse().ok()?))
    };
    if is_of_tree { lines.map(language).collect() } else { None }
}

/// Counts the whole tree of a commit; expensive.
pub(super) fn count(git: &OpenRepository, commit: ObjectId) -> hearth_git::Result<Arc<Bytes>> {
    let root = git.tree_id(commit, &TreePath::root())?;
    Count { git, by_ending: HashMap::new() }.tree(root, 0)
}

struct Count<'a> {
    git: &'a OpenRepository,
    /// By ending; by the whole name where that says it.
    by_ending: HashMap<String, Option<&'static str>>,
}

impl Count<'_> {
    fn tree(&mut self, tree: ObjectId, depth: usize) -> hearth_git::Result<Arc<Bytes>> {
        if let Some(known) = COUNTED.get(&tree) {
            return Ok(known);
        }
        let mut bytes: HashMap<&'static str, u64> = HashMap::new();
        let mut entries = Vec::new();
        self.git.visit_tree(tree, |entry| entries.push(entry))?;
        for entry in entries {
            match entry.kind {
                EntryKind::Directory if depth < MOST_DEPTH && !NOT_COUNTED.contains(&entry.name.as_str()) => {
                    for (language, size) in self.tree(entry.id, depth + 1)?.iter() {
                        add(&mut bytes, language, *size);
                    }
                }
                EntryKind::File | EntryKind::Executable => {
                    if let Some(language) = self.language(&entry.name) {
                        add(&mut bytes, language, self.git.blob_size(entry.id)?);
                    }
                }
                EntryKind::Directory | EntryKind::Symlink | EntryKind::Submodule => {}
            }
        }
        let bytes = Arc::new(bytes.into_iter().collect::<Bytes>());
        COUNTED.insert(tree, Arc::clone(&bytes));
        Ok(bytes)
    }

    /// The programming language, by the file's name.
    fn language(&mut self, name: &str) -> Option<&'static str> {
        let ending = match name.rsplit_once('.') {
            Some((_, ending)) if !Language::is_in_name(name) => ending,
            _ => name,
        };
        if let Some(known) = self.by_ending.get(ending) {
            return *known;
        }
        let language =
            Language::of_file(name, "").filter(|language| language.is_program()).map(Language::name);
        self.by_ending.insert(ending.to_owned(), language);
        language
    }
}

/// Saturating: a tree that contains itself many times over can have more bytes than fit into a `u64`.
fn add(bytes: &mut HashMap<&'static str, u64>, language: &'static str, size: u64) {
    let sum = bytes.entry(language).or_default();
    *sum = sum.saturating_add(size);
}

pub(super) fn shares(bytes: &[(&'static str, u64)]) -> Vec<Share> {
    let total: u128 = bytes.iter().map(|(_, bytes)| u128::from(*bytes)).sum();
    let permille = |bytes: u64| u64::try_from(u128::from(bytes) * 1000 / total.max(1)).unwrap_or(1000);
    let mut shares: Vec<Share> = bytes
        .iter()
        .filter(|(_, bytes)| *bytes > 0)
        .map(|&(name, bytes)| Share { name, bytes, permille: permille(bytes) })
        .collect();
    shares.sort_by(|one, other| other.bytes.cmp(&one.bytes).then(one.name.cmp(other.name)));
    shares.truncate(MOST_SHARES);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_languages_are_those_of_one_tree() {
        let (root, bytes) = (ObjectId::EMPTY_TREE, vec![("Rust", 750), ("Vim script", 2)]);
        let kept = to_keep(root, &bytes);
        assert_eq!(from_kept(kept.as_bytes(), root), Some(bytes));
        assert_eq!(from_kept(kept.as_bytes(), ObjectId::ZERO), None);
        assert_eq!(from_kept(format!("{root}\n1 No such language\n").as_bytes(), root), None);
    }

    #[test]
    fn shares_are_sorted_and_of_a_thousand() {
        let shares = shares(&[("Python", 250), ("Rust", 750), ("Go", 0)]);
        assert_eq!(
            shares.iter().map(|s| (s.name, s.permille)).collect::<Vec<_>>(),
            [("Rust", 750), ("Python", 250)]
        );
    }
}
