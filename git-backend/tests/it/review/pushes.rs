//! A pull request that is pushed to again and again, in every way that people do.

use super::model::{Edit, File, Import, Maker, Mark, State, apply};

/// How a version came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    First,
    Commit,
    Rebase,
    Amend,
    Reorder,
    Squash,
    Split,
    Revert,
    Reapply,
    /// The revert and what was done again are both taken out.
    Cleanup,
}

/// One pushed version, with what the lines of its head and base really are.
pub(super) struct Version {
    pub(super) kind: Kind,
    pub(super) base: Mark,
    pub(super) head: Mark,
    pub(super) base_state: State,
    pub(super) head_state: State,
    /// The files that the base changed since the version before.
    pub(super) base_changed: Vec<usize>,
}

pub(super) struct Story {
    pub(super) maker: Maker,
    pub(super) import: Import,
    bases: Vec<(Mark, State)>,
    commits: Vec<Vec<Edit>>,
    reverted: Option<State>,
}

impl Story {
    pub(super) fn new(seed: u64) -> Self {
        let mut maker = Maker::new(seed);
        let mut import = Import::default();
        let state: State = (0..2)
            .map(|number| {
                let lines = maker.lines(60);
                (number, File { path: format!("src/file_{number}.rs"), lines })
            })
            .collect();
        let mark = import.commit(None, "base", &state);
        let mut story =
            Self { maker, import, bases: vec![(mark, state)], commits: Vec::new(), reverted: None };
        for _ in 0..3 {
            story.add_commit();
        }
        story
    }

    fn base(&self) -> &(Mark, State) {
        self.bases.last().unwrap()
    }

    fn head_state(&self) -> State {
        let mut state = self.base().1.clone();
        self.commits.iter().flatten().for_each(|edit| apply(&mut state, edit));
        state
    }

    fn add_commit(&mut self) {
        let mut state = self.head_state();
        let mut edits = Vec::new();
        for _ in 0..=self.maker.dice.roll(3) {
            let edit = self.maker.edit(&state);
            apply(&mut state, &edit);
            edits.push(edit);
        }
        self.commits.push(edits);
    }

    fn move_base(&mut self) {
        for _ in 0..=self.maker.dice.roll(3) {
            let (parent, mut state) = self.base().clone();
            let edit = self.maker.edit(&state);
            apply(&mut state, &edit);
            let mark = self.import.commit(Some(parent), "base moves", &state);
            self.bases.push((mark, state));
        }
    }

    fn change(&mut self) -> Kind {
        let last = self.commits.len() - 1;
        if let Some(state) = self.reverted.take() {
            self.commits.push(vec![Edit::Become(state)]);
            return Kind::Reapply;
        }
        if matches!(self.commits[last].as_slice(), [Edit::Become(_)]) {
            self.commits.truncate(last - 1);
            return Kind::Cleanup;
        }
        match self.maker.dice.roll(12) {
            0..4 => {
                self.move_base();
                Kind::Rebase
            }
            4..6 => {
                let place = self.maker.dice.roll(last + 1);
                let mut state = self.base().1.clone();
                self.commits[..=place].iter().flatten().for_each(|edit| apply(&mut state, edit));
                let edit = self.maker.edit(&state);
                self.commits[place].push(edit);
                Kind::Amend
            }
            6 if last > 0 => {
                let place = self.maker.dice.roll(last);
                self.commits.swap(place, place + 1);
                Kind::Reorder
            }
            7 if last > 1 => {
                let place = self.maker.dice.roll(last);
                let other = self.commits.remove(place + 1);
                self.commits[place].extend(other);
                Kind::Squash
            }
            8 if self.commits[last].len() > 1 => {
                let rest = self.commits[last].split_off(1);
                self.commits.push(rest);
                Kind::Split
            }
            9 if last > 0 => {
                let mut before = self.base().1.clone();
                self.commits[..last].iter().flatten().for_each(|edit| apply(&mut before, edit));
                self.reverted = Some(self.head_state());
                self.commits.push(vec![Edit::Become(before)]);
                Kind::Revert
            }
            _ => {
                self.add_commit();
                Kind::Commit
            }
        }
    }

    /// The next version.
    pub(super) fn push(&mut self, is_first: bool) -> Version {
        let before = self.base().1.clone();
        let kind = if is_first { Kind::First } else { self.change() };
        // Nobody reviews a hundred commits. A revert is taken out before long.
        let has_revert = self.commits.iter().flatten().any(|edit| matches!(edit, Edit::Become(_)));
        if self.commits.len() > 6 && !has_revert {
            let all = self.commits.drain(..).flatten().collect();
            self.commits.push(all);
        }
        let (base, base_state) = self.base().clone();
        let base_changed = base_state
            .iter()
            .filter(|(number, file)| before[number] != **file)
            .map(|(number, _)| *number)
            .collect();
        let (mut head, mut state) = (base, base_state.clone());
        for (number, edits) in self.commits.clone().iter().enumerate() {
            for edit in edits {
                apply(&mut state, edit);
            }
            head = self.import.commit(Some(head), &format!("commit {number}"), &state);
        }
        Version { kind, base, head, base_state, head_state: state, base_changed }
    }
}
