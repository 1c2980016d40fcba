//! The files of the commits that lines are followed through, each looked up once.

use std::{collections::HashMap, rc::Rc};

use crate::{
    ObjectId, OpenRepository, Result, TreePath,
    diff::{Change, Content, DiffLimits, Side},
};

/// What was looked up for one question.
pub(super) struct Files<'git> {
    pub(super) git: &'git OpenRepository,
    sides: HashMap<(ObjectId, String), Option<Side>>,
    changes: HashMap<(Option<ObjectId>, ObjectId), Rc<Vec<Change>>>,
    contents: HashMap<ObjectId, Rc<Content>>,
}

impl<'git> Files<'git> {
    pub(super) fn new(git: &'git OpenRepository) -> Self {
        Self { git, sides: HashMap::new(), changes: HashMap::new(), contents: HashMap::new() }
    }

    /// The file at a path of a commit.
    pub(super) fn side(&mut self, commit: ObjectId, path: &str) -> Result<Option<Side>> {
        let key = (commit, path.to_owned());
        if let Some(known) = self.sides.get(&key) {
            return Ok(known.clone());
        }
        let entry = match TreePath::new(path) {
            Ok(path) if !path.is_root() => self.git.find_entry(commit, &path)?,
            Ok(_) | Err(_) => None,
        };
        let side = entry.filter(|entry| entry.kind.is_blob());
        let side = side.map(|entry| Side::new(path.to_owned(), entry.kind, entry.id));
        self.sides.insert(key, side.clone());
        Ok(side)
    }

    /// The files that differ between two commits.
    pub(super) fn changes(&mut self, from: Option<ObjectId>, to: ObjectId) -> Result<Rc<Vec<Change>>> {
        if let Some(known) = self.changes.get(&(from, to)) {
            return Ok(Rc::clone(known));
        }
        let changes = Rc::new(self.git.changed_files(from, to, &DiffLimits::PAGE)?);
        self.changes.insert((from, to), Rc::clone(&changes));
        Ok(changes)
    }

    /// The text of one line of a file, counted from 0, without its line break.
    pub(super) fn line(&mut self, side: &Side, line: u32) -> Result<Option<Vec<u8>>> {
        let content = match self.contents.get(&side.id) {
            Some(known) => Rc::clone(known),
            None => {
                let read = Rc::new(Content::of(self.git, Some(side), &DiffLimits::PAGE)?);
                self.contents.insert(side.id, Rc::clone(&read));
                read
            }
        };
        let lines = content.text().map(|text| text.split_inclusive(|byte| *byte == b'\n'));
        let line = lines.and_then(|mut lines| lines.nth(line as usize));
        Ok(line.map(|line| line.strip_suffix(b"\n").unwrap_or(line).to_owned()))
    }
}
