//! What changed between two versions of a change, without what only their base brought.
//!
//! For each file that either version touches, the older version's change is made once more on the newer base,
//! as a rebase would, and the result is compared with the newer head. Where that does not apply, the two heads
//! are compared, and the file is named in [`Diff::mixed_with_base`].

use std::collections::{BTreeMap, BTreeSet};

use super::Range;
use crate::{
    Bound, Diff, DiffRequest, ObjectId, OpenRepository, Result, TreePath,
    diff::{Change, Content, Reader, Side, identity_of_file},
};

impl OpenRepository {
    /// What changed from one version to another. Files that both versions change in the same way are left out,
    /// however their bases differ.
    pub fn interdiff(&self, old: &Range, new: &Range, request: &DiffRequest) -> Result<Diff> {
        let read = |range: &Range| -> Result<BTreeMap<String, Change>> {
            let changes = self.changed_files(Some(range.base), range.head, &request.limits)?;
            Ok(changes.into_iter().map(|change| (path_of(&change), change)).collect())
        };
        let comparison = Comparison { git: self, old, new, request, touched: [read(old)?, read(new)?] };
        comparison.read()
    }
}

/// The path after, or that of a deleted file.
fn path_of(change: &Change) -> String {
    change.new.as_ref().or(change.old.as_ref()).map(|side| side.path.clone()).unwrap_or_default()
}

struct Comparison<'a> {
    git: &'a OpenRepository,
    old: &'a Range,
    new: &'a Range,
    request: &'a DiffRequest,
    /// What the older and the newer version change, by path.
    touched: [BTreeMap<String, Change>; 2],
}

/// One side to compare: the file and its content.
struct File {
    side: Option<Side>,
    content: Content,
}

/// The older version of a file on the newer base.
enum Rebased {
    File(File),
    /// It does not apply there: the file as the older version has it.
    Mixed(File),
}

impl Comparison<'_> {
    fn read(self) -> Result<Diff> {
        let mut reader = Reader::new(self.git, self.request);
        let (mut files, mut mixed_with_base, mut total_files) = (Vec::new(), Vec::new(), 0);
        let mut is_truncated = false;
        for path in self.touched.iter().flat_map(BTreeMap::keys).collect::<BTreeSet<_>>() {
            if self.is_same_change(path)? {
                continue;
            }
            let head = self.file(self.new.head, path)?;
            let (before, is_mixed) = match self.rebased(path)? {
                Rebased::File(file) => (file, false),
                Rebased::Mixed(file) => (file, true),
            };
            let kind = |file: &File| file.side.as_ref().map(|side| side.kind);
            if before.content == head.content && kind(&before) == kind(&head) {
                continue;
            }
            let change = Change { old: before.side, new: head.side };
            if change.sides().all(|side| !self.is_asked(&side.path)) {
                continue;
            }
            total_files += 1;
            if total_files <= self.request.skip || files.len() == self.request.limits.files {
                is_truncated |= total_files > self.request.skip;
                continue;
            }
            files.push(reader.file(change, &before.content, &head.content)?);
            if is_mixed {
                mixed_with_base.push(path.clone());
            }
        }
        Ok(Diff {
            additions: files.iter().map(|file| file.additions).sum(),
            deletions: files.iter().map(|file| file.deletions).sum(),
            total_files,
            left_out: None::<Bound>,
            is_truncated,
            files,
            mixed_with_base,
        })
    }

    fn is_asked(&self, path: &str) -> bool {
        self.request.only.as_ref().is_none_or(|only| only == path)
    }

    /// Whether both versions do the same to a file.
    fn is_same_change(&self, path: &str) -> Result<bool> {
        let [Some(old), Some(new)] = [self.touched[0].get(path), self.touched[1].get(path)] else {
            return Ok(false);
        };
        let identity = |change: &Change| {
            let (before, after) = Content::of_both(self.git, change, &self.request.limits)?;
            identity_of_file(change, &before, &after)
        };
        Ok(identity(old)? == identity(new)?)
    }

    /// The file of the older version, with its change made on the newer base.
    fn rebased(&self, path: &str) -> Result<Rebased> {
        let before = |change: &Change| change.old.as_ref().map(|side| side.path.clone());
        let old_base = match self.touched[0].get(path) {
            Some(change) => self.file_if(self.old.base, before(change).as_deref())?,
            None => self.file(self.old.base, path)?,
        };
        let new_base = match self.touched[1].get(path).or(self.touched[0].get(path)) {
            Some(change) => self.file_if(self.new.base, before(change).as_deref())?,
            None => self.file(self.new.base, path)?,
        };
        let old_head = self.file(self.old.head, path)?;
        if old_base.content == new_base.content && old_base.side.is_some() == new_base.side.is_some() {
            return Ok(Rebased::File(old_head));
        }
        if !self.touched[0].contains_key(path) {
            return Ok(Rebased::File(new_base));
        }
        let merged = match (&old_base, &old_head, &new_base) {
            // The older version removes it, wherever it is by now.
            (_, File { side: None, .. }, _) => return Ok(Rebased::File(old_head)),
            (
                File { side: Some(_), content: base },
                File { side: Some(_), content: ours },
                File { side: Some(_), content: theirs },
            ) => merged(base, ours, theirs)?,
            _ => None,
        };
        Ok(match merged {
            Some(merged) => Rebased::File(File { content: Content::Bytes(merged), ..old_head }),
            None => Rebased::Mixed(old_head),
        })
    }

    fn file_if(&self, commit: ObjectId, path: Option<&str>) -> Result<File> {
        path.map_or(Ok(File { side: None, content: Content::NOTHING }), |path| self.file(commit, path))
    }

    fn file(&self, commit: ObjectId, path: &str) -> Result<File> {
        let entry = match TreePath::new(path) {
            Ok(path) if !path.is_root() => self.git.find_entry(commit, &path)?,
            Ok(_) | Err(_) => None,
        };
        let entry = entry.filter(|entry| entry.kind != crate::EntryKind::Directory);
        let side = entry.map(|entry| Side::new(path.to_owned(), entry.kind, entry.id));
        let content = Content::of(self.git, side.as_ref(), &self.request.limits)?;
        Ok(File { side, content })
    }
}

/// Both changes made to the same text; `None` if they are in each other's way or it is no text.
fn merged(base: &Content, ours: &Content, theirs: &Content) -> Result<Option<Vec<u8>>> {
    let (Some(base), Some(ours), Some(theirs)) = (base.text(), ours.text(), theirs.text()) else {
        return Ok(None);
    };
    let input = |content| {
        let mut input = git2::MergeFileInput::new();
        input.content(content);
        input
    };
    let merged = git2::merge_file(&input(base), &input(ours), &input(theirs), None)?;
    Ok(merged.is_automergeable().then(|| merged.content().to_owned()))
}
