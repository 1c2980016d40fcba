//! Histories in which every line has a hidden identity besides its text, which many lines may share.

use std::{collections::BTreeMap, io::Write as _, process::Stdio};

use hearth_git::{ObjectId, Repository};

use crate::support::client;

/// A generator of numbers that gives the same ones for the same seed.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) identity: u64,
    pub(super) text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) lines: Vec<Line>,
}

/// The files of one commit, by a number that they keep when they are renamed.
pub(super) type State = BTreeMap<usize, File>;

/// What a commit does, in terms of identities: so it can be done again elsewhere.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// After the line of this identity, or at the top.
    Insert {
        file: usize,
        after: Option<u64>,
        lines: Vec<Line>,
    },
    Delete {
        file: usize,
        identities: Vec<u64>,
    },
    /// These lines, together, to behind the line of this identity, or to the top.
    Move {
        file: usize,
        identities: Vec<u64>,
        after: Option<u64>,
    },
    Rename {
        file: usize,
        path: String,
    },
    /// Everything becomes as it is here.
    Become(State),
}

/// Texts that stand in a file many times.
const COMMON: [&str; 8] = ["}", "", "    }", "    return x;", "end", "{", "    return None", "        pass"];

/// Makes lines, each with an identity of its own.
pub(super) struct Maker {
    pub(super) dice: Dice,
    next: u64,
}

impl Maker {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), next: 1 }
    }

    pub(super) fn line(&mut self) -> Line {
        let identity = self.next;
        self.next += 1;
        let text = if self.dice.chance(50) {
            COMMON[self.dice.roll(COMMON.len())].to_owned()
        } else {
            format!("    let value_{identity} = {identity};")
        };
        Line { identity, text }
    }

    pub(super) fn lines(&mut self, count: usize) -> Vec<Line> {
        (0..count).map(|_| self.line()).collect()
    }

    /// Something that a person might do to one file.
    pub(super) fn edit(&mut self, state: &State) -> Edit {
        let file = *state.keys().nth(self.dice.roll(state.len())).unwrap();
        let lines = &state[&file].lines;
        let at = self.dice.roll(lines.len().max(1));
        match self.dice.roll(12) {
            0..6 => {
                let count = 1 + self.dice.roll(4);
                let after = at.checked_sub(1).map(|before| lines[before].identity);
                Edit::Insert { file, after, lines: self.lines(count) }
            }
            6..9 if lines.len() > 20 => {
                let count = 1 + self.dice.roll(3);
                Edit::Delete {
                    file,
                    identities: lines.iter().skip(at).take(count).map(|line| line.identity).collect(),
                }
            }
            9..11 if lines.len() > 20 => self.moved(file, lines),
            _ => {
                let number = self.dice.roll(1000);
                Edit::Rename { file, path: format!("src/renamed_{number}_{file}.rs") }
            }
        }
    }

    /// A block to somewhere else in its file.
    fn moved(&mut self, file: usize, lines: &[Line]) -> Edit {
        let count = 3 + self.dice.roll(8);
        let first = self.dice.roll(lines.len() - count);
        let identities: Vec<u64> = lines[first..first + count].iter().map(|line| line.identity).collect();
        let rest: Vec<u64> =
            lines.iter().map(|line| line.identity).filter(|line| !identities.contains(line)).collect();
        let after = self.dice.roll(rest.len() + 1).checked_sub(1).map(|before| rest[before]);
        Edit::Move { file, identities, after }
    }
}

/// Where a line goes that is put behind the line of this identity, or to the top.
fn place_after(lines: &[Line], after: Option<u64>) -> Option<usize> {
    let Some(after) = after else { return Some(0) };
    lines.iter().position(|line| line.identity == after).map(|place| place + 1)
}

/// Does it; what it names and is not there any more is left out.
pub(super) fn apply(state: &mut State, edit: &Edit) {
    match edit {
        Edit::Insert { file, after, lines } => {
            let Some(file) = state.get_mut(file) else { return };
            if let Some(at) = place_after(&file.lines, *after) {
                file.lines.splice(at..at, lines.iter().cloned());
            }
        }
        Edit::Move { file, identities, after } => {
            let Some(file) = state.get_mut(file) else { return };
            let (moved, mut rest): (Vec<Line>, Vec<Line>) =
                file.lines.iter().cloned().partition(|line| identities.contains(&line.identity));
            let Some(at) = place_after(&rest, *after) else { return };
            rest.splice(at..at, moved);
            // Nobody moves lines so that nothing changes.
            if !is_same_text(&rest, &file.lines) {
                file.lines = rest;
            }
        }
        Edit::Delete { file, identities } => {
            if let Some(file) = state.get_mut(file) {
                file.lines.retain(|line| !identities.contains(&line.identity));
            }
        }
        Edit::Rename { file, path } => {
            if let Some(file) = state.get_mut(file) {
                file.path.clone_from(path);
            }
        }
        Edit::Become(other) => state.clone_from(other),
    }
}

fn is_same_text(one: &[Line], other: &[Line]) -> bool {
    one.iter().map(|line| &line.text).eq(other.iter().map(|line| &line.text))
}

/// Commits for `git fast-import`.
#[derive(Default)]
pub(super) struct Import {
    stream: Vec<u8>,
    commits: usize,
}

/// A commit that will be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(usize);

impl Import {
    pub(super) fn commit(&mut self, parent: Option<Mark>, message: &str, state: &State) -> Mark {
        self.commits += 1;
        let mark = Mark(self.commits);
        let time = 1_700_000_000 + self.commits;
        write!(
            self.stream,
            "commit refs/heads/imported\nmark :{}\ncommitter Mei <mei@example.org> {time} +0000\ndata {}\n{message}\n",
            mark.0,
            message.len()
        )
        .unwrap();
        match parent {
            Some(parent) => writeln!(self.stream, "from :{}\ndeleteall", parent.0).unwrap(),
            None => writeln!(self.stream, "deleteall").unwrap(),
        }
        for file in state.values() {
            let text: String = file.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
            write!(self.stream, "M 100644 inline {}\ndata {}\n{text}\n", file.path, text.len()).unwrap();
        }
        if parent.is_none() {
            writeln!(self.stream).unwrap();
        }
        mark
    }

    /// Writes all commits to a repository and gives the id of each.
    pub(super) fn run(self, repository: &Repository) -> impl Fn(Mark) -> ObjectId + use<> {
        let mut child = client(repository.path())
            .args(["fast-import", "--quiet", "--force", "--export-marks=marks"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&self.stream).unwrap();
        assert!(child.wait().unwrap().success());
        let marks = std::fs::read_to_string(repository.path().join("marks")).unwrap();
        let ids: BTreeMap<usize, ObjectId> = marks
            .lines()
            .map(|line| {
                let (mark, id) = line[1..].split_once(' ').unwrap();
                (mark.parse().unwrap(), id.parse().unwrap())
            })
            .collect();
        move |mark| ids[&mark.0]
    }
}
