//! Which commits of two versions of a change belong together, and what became of each: `git range-diff`.

use std::collections::HashMap;

use super::{
    MOST_COMMITS, Range, assignment, pairing,
    patch_text::{DiffOfDiffLine, PatchText, Texts},
};
use crate::{Answer, Bound, Commit, OpenRepository, Result};

/// What became of a commit from one version to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PairStatus {
    /// The same change, by the same author, with the same message.
    Same,
    /// The same change; message or author are others.
    MessageOnly,
    /// Another change.
    Changed,
    /// Only the older version has it.
    Removed,
    /// Only the newer version has it.
    Added,
}

/// A commit of the older version, one of the newer, or one that is in both.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CommitPair {
    /// In the older version.
    pub old: Option<Commit>,
    /// In the newer version.
    pub new: Option<Commit>,
    /// What became of it.
    pub status: PairStatus,
    /// How message and patch differ; `None` where they do not, or only one of the commits is there, or they are
    /// too large.
    pub diff: Option<Vec<DiffOfDiffLine>>,
    /// Whether lines of it were left out.
    pub is_cut: bool,
}

/// Two versions of a change, commit by commit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RangeDiff {
    /// In the order of the newer version; removed commits stand where they were. Merges are left out.
    pub pairs: Vec<CommitPair>,
    /// Whether there were too many commits, or too large ones, to compare their content: then those that
    /// changed were paired by their titles only.
    pub is_by_title: bool,
}

/// How much of a commit may change before it counts as another one, in percent of its size: git's default.
const CREATION_FACTOR: usize = 60;
/// Lines of patches that are compared with each other, over all commits.
const MOST_LINES: usize = 200_000;

impl OpenRepository {
    /// Compares two versions commit by commit: equal changes are paired first, then the others so that least
    /// is to be explained. Above [`MOST_COMMITS`] commits, the newest ones are compared.
    pub fn range_diff(&self, old: &Range, new: &Range) -> Result<Answer<RangeDiff>> {
        let (old, new) = (Side::read(self, old)?, Side::read(self, new)?);
        let left_out = old.left_out.or(new.left_out);
        let mut matching = Matching::new(&old, &new);
        for (one, other) in pairing::pairs(&old.patch_ids(self)?, &new.patch_ids(self)?).all {
            matching.pair(one, other);
        }
        let is_by_title = left_out.is_some() || !matching.by_content(self, &old, &new)?;
        if is_by_title {
            matching.by_title(&old, &new);
        }
        let pairs = matching.pairs(self, old, new)?;
        Ok(Answer { value: RangeDiff { pairs, is_by_title }, left_out })
    }
}

/// One version's commits, oldest first.
struct Side {
    commits: Vec<Commit>,
    left_out: Option<Bound>,
}

impl Side {
    fn read(git: &OpenRepository, range: &Range) -> Result<Self> {
        let Answer { value: mut commits, left_out } = git.commits_between(range, MOST_COMMITS)?;
        commits.retain(|commit| commit.parent_count < 2);
        Ok(Self { commits, left_out })
    }

    fn patch_ids(&self, git: &OpenRepository) -> Result<Vec<crate::PatchId>> {
        self.commits.iter().map(|commit| git.commit_patch_id(commit.id)).collect()
    }
}

/// Which commits belong together so far, and the texts that were read for it.
struct Matching {
    new_of: Vec<Option<usize>>,
    old_of: Vec<Option<usize>>,
    texts: Texts,
}

impl Matching {
    fn new(old: &Side, new: &Side) -> Self {
        Self {
            new_of: vec![None; old.commits.len()],
            old_of: vec![None; new.commits.len()],
            texts: Texts::default(),
        }
    }

    fn pair(&mut self, old: usize, new: usize) {
        (self.new_of[old], self.old_of[new]) = (Some(new), Some(old));
    }

    fn open(matches: &[Option<usize>]) -> Vec<usize> {
        (0..matches.len()).filter(|place| matches[*place].is_none()).collect()
    }

    /// Pairs what is left so that the differences are the smallest. False if there is too much to compare.
    fn by_content(&mut self, git: &OpenRepository, old: &Side, new: &Side) -> Result<bool> {
        let (old_open, new_open) = (Self::open(&self.new_of), Self::open(&self.old_of));
        if old_open.is_empty() || new_open.is_empty() {
            return Ok(true);
        }
        let mut lines = 0;
        let mut read = |commits: &[Commit], open: &[usize]| -> Result<Option<Vec<PatchText>>> {
            let mut texts = Vec::new();
            for place in open {
                let commit = &commits[*place];
                let text = match self.texts.read(git, commit, commit.parents.first().copied()) {
                    Err(crate::Error::OverBudget { bound: Bound::Entries, .. }) => return Ok(None),
                    text => text?,
                };
                lines += text.patch().len();
                if lines > MOST_LINES {
                    return Ok(None);
                }
                texts.push(text);
            }
            Ok(Some(texts))
        };
        let Some(old_texts) = read(&old.commits, &old_open)? else { return Ok(false) };
        let Some(new_texts) = read(&new.commits, &new_open)? else { return Ok(false) };
        let costs = self.costs(git, &old_texts, &new_texts)?;
        for (row, column) in assignment::cheapest(git, &costs)?.into_iter().enumerate() {
            if let (Some(old), Some(new)) = (old_open.get(row), new_open.get(column)) {
                self.pair(*old, *new);
            }
        }
        Ok(true)
    }

    /// What each pair costs; the rows and columns beyond the commits stand for removing and for adding one.
    fn costs(&self, git: &OpenRepository, old: &[PatchText], new: &[PatchText]) -> Result<Vec<Vec<i64>>> {
        let alone = |text: &PatchText| text.patch().len() * CREATION_FACTOR / 100;
        let number = |cost: usize| i64::try_from(cost).unwrap_or(i64::MAX / 4);
        let size = old.len() + new.len();
        let mut costs = vec![vec![0; size]; size];
        for (row, one) in old.iter().enumerate() {
            for (column, other) in new.iter().enumerate() {
                git.budget
                    .charge(1 + (one.patch().len() + other.patch().len()) as u64 / LINES_AN_ENTRY, 0)?;
                costs[row][column] = number(self.texts.cost(one, other, alone(one) + alone(other)));
            }
            costs[row][new.len()..].fill(number(alone(one)));
        }
        for (column, other) in new.iter().enumerate() {
            costs[old.len()..].iter_mut().for_each(|row| row[column] = number(alone(other)));
        }
        Ok(costs)
    }

    /// Pairs what is left by equal titles that occur once on either side.
    fn by_title(&mut self, old: &Side, new: &Side) {
        let titles = |commits: &[Commit], open: Vec<usize>| {
            let mut titles: HashMap<String, Vec<usize>> = HashMap::new();
            for place in open {
                titles.entry(commits[place].title.clone()).or_default().push(place);
            }
            titles
        };
        let old = titles(&old.commits, Self::open(&self.new_of));
        let new = titles(&new.commits, Self::open(&self.old_of));
        for (title, places) in old {
            if let ([one], Some([other])) = (places.as_slice(), new.get(&title).map(Vec::as_slice)) {
                self.pair(*one, *other);
            }
        }
    }

    /// The pairs in the order of git: by the newer version, a removed commit once all before it were shown.
    fn pairs(mut self, git: &OpenRepository, old: Side, new: Side) -> Result<Vec<CommitPair>> {
        let mut pairs = Vec::new();
        let mut olds: Vec<Option<Commit>> = old.commits.into_iter().map(Some).collect();
        let mut at = 0;
        let mut removed =
            |olds: &mut Vec<Option<Commit>>, new_of: &[Option<usize>], pairs: &mut Vec<CommitPair>| {
                while at < olds.len() && (olds[at].is_none() || new_of[at].is_none()) {
                    pairs.extend(olds[at].take().map(|old| alone(Some(old), None)));
                    at += 1;
                }
            };
        for (place, commit) in new.commits.into_iter().enumerate() {
            let Some(before) = self.old_of[place] else {
                removed(&mut olds, &self.new_of, &mut pairs);
                pairs.push(alone(None, Some(commit)));
                continue;
            };
            removed(&mut olds, &self.new_of, &mut pairs);
            match olds[before].take() {
                Some(old) => pairs.push(self.compared(git, old, commit)?),
                None => pairs.push(alone(None, Some(commit))),
            }
        }
        removed(&mut olds, &self.new_of, &mut pairs);
        Ok(pairs)
    }

    fn compared(&mut self, git: &OpenRepository, old: Commit, new: Commit) -> Result<CommitPair> {
        let author = |commit: &Commit| (commit.author.name.clone(), commit.author.email.clone());
        let has_same_message = (&old.title, &old.body, author(&old)) == (&new.title, &new.body, author(&new));
        let has_same_patch = git.commit_patch_id(old.id)? == git.commit_patch_id(new.id)?;
        let status = match (has_same_patch, has_same_message) {
            (true, true) => PairStatus::Same,
            (true, false) => PairStatus::MessageOnly,
            (false, _) => PairStatus::Changed,
        };
        let (mut diff, mut is_cut) = (None, false);
        if status != PairStatus::Same {
            let mut read =
                |commit: &Commit| match self.texts.read(git, commit, commit.parents.first().copied()) {
                    Err(crate::Error::OverBudget { bound: Bound::Entries, .. }) => Ok(None),
                    text => text.map(Some),
                };
            if let (Some(one), Some(other)) = (read(&old)?, read(&new)?) {
                let (lines, is_shortened) = self.texts.lines_between(&one, &other);
                (diff, is_cut) = (Some(lines), is_shortened);
            }
        }
        Ok(CommitPair { old: Some(old), new: Some(new), status, diff, is_cut })
    }
}

/// Lines of patches whose comparison costs about as much as visiting one entry of a tree.
const LINES_AN_ENTRY: u64 = 64;

fn alone(old: Option<Commit>, new: Option<Commit>) -> CommitPair {
    let status = if old.is_some() { PairStatus::Removed } else { PairStatus::Added };
    CommitPair { old, new, status, diff: None, is_cut: false }
}
