//! Which files differ between two trees.

use std::cmp::Ordering;

use gix::objs::{
    TreeRefIter,
    tree::{EntryMode, EntryRef},
};

use crate::{Answer, Bound, Error, ObjectId, OpenRepository, Result, read::EntryKind};

/// A file on one side.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    /// The path; bytes that are not UTF-8 are replaced.
    pub(crate) path: String,
    /// The path as it is, where it is not UTF-8.
    raw_path: Option<Box<[u8]>>,
    pub(crate) kind: EntryKind,
    pub(crate) id: ObjectId,
}

impl Side {
    fn of_entry(path: &[u8], mode: EntryMode, id: gix::ObjectId) -> Self {
        let shown = String::from_utf8_lossy(path).into_owned();
        let raw_path = (shown.as_bytes() != path).then(|| path.into());
        Self { path: shown, raw_path, kind: EntryKind::of(mode), id: ObjectId::from(id) }
    }

    /// A file whose path is UTF-8.
    pub(crate) fn new(path: String, kind: EntryKind, id: ObjectId) -> Self {
        Self { path, raw_path: None, kind, id }
    }

    /// The path as it is in the tree.
    pub(crate) fn path_bytes(&self) -> &[u8] {
        self.raw_path.as_deref().unwrap_or(self.path.as_bytes())
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it can be part of a rename.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.kind, EntryKind::File | EntryKind::Executable)
    }
}

/// A file that differs between the sides; at least one side is present.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) old: Option<Side>,
    pub(crate) new: Option<Side>,
}

impl Change {
    /// The sides that are present.
    pub(crate) fn sides(&self) -> impl Iterator<Item = &Side> {
        self.old.iter().chain(&self.new)
    }
}

/// The changed files, at most `most`; folders themselves are not listed.
pub(crate) fn between(
    git: &OpenRepository,
    from: Option<gix::ObjectId>,
    to: gix::ObjectId,
    most: usize,
) -> Result<Answer<Vec<Change>>> {
    let mut comparison =
        Comparison { git, path: Vec::new(), changes: Vec::new(), most, path_bytes: 0, is_too_deep: false };
    let compared = comparison.compare(from, Some(to), 0);
    let mut answer = git.budget.answer(compared, comparison.changes)?;
    answer.left_out = answer.left_out.or(comparison.is_too_deep.then_some(Bound::Depth));
    Ok(answer)
}

/// What the paths of the changed files may take of memory: folders in folders may be made so that they are far more bytes
/// than all objects.
const MOST_PATH_BYTES: usize = 64 << 20;
/// The nesting depth to which folders are compared; anything deeper is left out.
const MAX_DEPTH: usize = 128;

struct Comparison<'git> {
    git: &'git OpenRepository,
    path: Vec<u8>,
    changes: Vec<Change>,
    most: usize,
    path_bytes: usize,
    is_too_deep: bool,
}

impl Comparison<'_> {
    /// Compares two versions of a folder, either of which may be absent.
    fn compare(
        &mut self,
        old: Option<gix::ObjectId>,
        new: Option<gix::ObjectId>,
        depth: usize,
    ) -> Result<()> {
        if old == new {
            return Ok(());
        }
        if depth > MAX_DEPTH {
            self.is_too_deep = true;
            return Ok(());
        }
        let (old, new) = (self.tree_data(old)?, self.tree_data(new)?);
        let (mut old, mut new) = (entries(&old).peekable(), entries(&new).peekable());
        loop {
            self.git.budget.charge(1, 0)?;
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(Ok(old)), Some(Ok(new))) => place(old).cmp(place(new)),
                // An unreadable entry is an error below.
                (Some(_), Some(_)) => Ordering::Equal,
            };
            let old = if order.is_le() { old.next().transpose()? } else { None };
            let new = if order.is_ge() { new.next().transpose()? } else { None };
            self.entry(old, new, depth)?;
        }
    }

    /// Compares one entry present in both versions, or in one.
    fn entry(&mut self, old: Option<EntryRef<'_>>, new: Option<EntryRef<'_>>, depth: usize) -> Result<()> {
        let Some(any) = old.or(new) else { return Ok(()) };
        if old.is_some_and(|old| new.is_some_and(|new| (old.oid, old.mode) == (new.oid, new.mode))) {
            return Ok(());
        }
        let length = self.path.len();
        self.path.extend_from_slice(any.filename);
        if any.mode.is_tree() {
            self.path.push(b'/');
            let id = |entry: Option<EntryRef<'_>>| entry.map(|entry| entry.oid.to_owned());
            self.compare(id(old), id(new), depth + 1)?;
        } else {
            if self.changes.len() == self.most {
                return Err(self.git.budget.over(Bound::Entries));
            }
            self.git.budget.charge(1, self.path.len() as u64)?;
            // Both sides keep theirs, once as it is shown and once as it is.
            self.path_bytes += 4 * self.path.len();
            if self.path_bytes > MOST_PATH_BYTES {
                return Err(self.git.budget.over(Bound::Bytes));
            }
            let side = |entry: EntryRef<'_>| Side::of_entry(&self.path, entry.mode, entry.oid.to_owned());
            self.changes.push(Change { old: old.map(side), new: new.map(side) });
        }
        self.path.truncate(length);
        Ok(())
    }

    fn tree_data(&self, tree: Option<gix::ObjectId>) -> Result<Vec<u8>> {
        match tree.filter(|tree| *tree != ObjectId::EMPTY_TREE.gix()) {
            Some(tree) => self.git.with_object(tree, gix::objs::Kind::Tree, |data| Ok(data.to_owned())),
            None => Ok(Vec::new()),
        }
    }
}

fn entries(tree: &[u8]) -> impl Iterator<Item = Result<EntryRef<'_>>> {
    let entries = TreeRefIter::from_bytes(tree, gix::hash::Kind::Sha1);
    entries.map(|entry| entry.map_err(|error| Error::Damaged(error.to_string())))
}

/// The sort key git uses: a folder as if its name ended in a slash. A file and a folder of one name are two
/// entries.
fn place<'data>(entry: &EntryRef<'data>) -> impl Iterator<Item = u8> + use<'data> {
    entry.filename.iter().copied().chain(entry.mode.is_tree().then_some(b'/'))
}
