//! Which line of one text is which line of another, as far as that is beyond doubt.
//!
//! A difference tool has to decide about every line, and where the same text stands several times it takes
//! whichever is cheapest. A comment must not move that way. So lines are matched outwards from what is unique:
//! a line that stands exactly once in each of two stretches, and has a neighbour in common, is the same line;
//! between two such lines the same is asked again of the shorter stretches (as a patience difference does).
//! What remains is the same only if the stretches are equal, or if nothing of its text was added or removed
//! and it lies right beside what is certain. Then blocks are looked for that were moved as a whole. All else has
//! no counterpart.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use crate::{
    OpenRepository, Result,
    diff::{count, lines_of},
};

/// How often stretches are divided; what is still undecided then has no counterpart.
const MOST_ROUNDS: usize = 64;

/// For each line of the old text, the line of the new one that it certainly is; both counted from 0.
pub(super) fn align(git: &OpenRepository, old: &[u8], new: &[u8]) -> Result<Vec<Option<u32>>> {
    let mut texts = Texts::default();
    let (old, new) = (texts.numbers(old), texts.numbers(new));
    let mut alignment =
        Alignment { counterparts: vec![None; old.len()], old: &old, new: &new, texts: &texts };
    let mut stretches = vec![Stretch { old: 0..old.len(), new: 0..new.len() }];
    for _ in 0..MOST_ROUNDS {
        let mut shorter = Vec::new();
        for stretch in stretches {
            git.budget.charge((stretch.old.len() + stretch.new.len()) as u64 / LINES_AN_ENTRY, 0)?;
            alignment.divide(&stretch, &mut shorter);
        }
        stretches = shorter;
        if stretches.is_empty() {
            break;
        }
    }
    alignment.find_moved();
    Ok(alignment.counterparts)
}

/// Lines whose comparison costs about as much as visiting one entry of a tree.
const LINES_AN_ENTRY: u64 = 16;

/// Texts of lines by number.
#[derive(Default)]
struct Texts<'text> {
    numbers: HashMap<&'text [u8], u32>,
    /// Whether a line says anything: braces and blanks are everywhere, and being the only one means little.
    says_something: Vec<bool>,
}

impl<'text> Texts<'text> {
    fn numbers(&mut self, text: &'text [u8]) -> Vec<u32> {
        let lines = lines_of(text).into_iter();
        lines
            .map(|line| {
                // The last line is the same with and without its line break.
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                let next = count(&self.says_something);
                *self.numbers.entry(line).or_insert_with(|| {
                    let says_something = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
                    self.says_something.push(line.iter().any(says_something));
                    next
                })
            })
            .collect()
    }
}

struct Stretch {
    old: Range<usize>,
    new: Range<usize>,
}

/// Where and how often a text stands in two stretches.
#[derive(Default, Clone, Copy)]
struct Places {
    old: usize,
    old_count: usize,
    new: usize,
    new_count: usize,
}

struct Alignment<'text> {
    old: &'text [u32],
    new: &'text [u32],
    texts: &'text Texts<'text>,
    counterparts: Vec<Option<u32>>,
}

impl Alignment<'_> {
    fn pair(&mut self, old: usize, new: usize) {
        self.counterparts[old] = u32::try_from(new).ok();
    }

    /// Matches what is unique in a stretch, and adds the stretches between to `shorter`.
    fn divide(&mut self, stretch: &Stretch, shorter: &mut Vec<Stretch>) {
        let (old, new) = (&self.old[stretch.old.clone()], &self.new[stretch.new.clone()]);
        if old.is_empty() || new.is_empty() {
            return;
        }
        if old == new {
            stretch.old.clone().zip(stretch.new.clone()).for_each(|(old, new)| self.pair(old, new));
            return;
        }
        let places = self.places(stretch);
        let anchors = self.anchors(stretch, &places);
        if anchors.is_empty() {
            self.settle(stretch);
            return;
        }
        let mut start = (stretch.old.start, stretch.new.start);
        for (old, new) in anchors {
            self.pair(old, new);
            shorter.push(Stretch { old: start.0..old, new: start.1..new });
            start = (old + 1, new + 1);
        }
        shorter.push(Stretch { old: start.0..stretch.old.end, new: start.1..stretch.new.end });
    }

    fn places(&self, stretch: &Stretch) -> HashMap<u32, Places> {
        let mut places: HashMap<u32, Places> = HashMap::new();
        for at in stretch.old.clone() {
            let place = places.entry(self.old[at]).or_default();
            (place.old, place.old_count) = (at, place.old_count + 1);
        }
        for at in stretch.new.clone() {
            let place = places.entry(self.new[at]).or_default();
            (place.new, place.new_count) = (at, place.new_count + 1);
        }
        places
    }

    /// The lines that stand once on either side and have a neighbour in common; of those that changed their
    /// order, the longest sequence that kept it.
    fn anchors(&self, stretch: &Stretch, places: &HashMap<u32, Places>) -> Vec<(usize, usize)> {
        let is_once = |text: &u32| {
            let place = places.get(text)?;
            let is_unique = place.old_count == 1 && place.new_count == 1;
            (is_unique && self.texts.says_something[*text as usize]).then_some((place.old, place.new))
        };
        let unique: Vec<_> = self.old[stretch.old.clone()].iter().filter_map(is_once).collect();
        let supported = unique.into_iter().filter(|(old, new)| self.has_same_neighbour(stretch, *old, *new));
        longest_rising(&supported.collect::<Vec<_>>())
    }

    fn has_same_neighbour(&self, stretch: &Stretch, old: usize, new: usize) -> bool {
        let before = match (old == stretch.old.start, new == stretch.new.start) {
            (false, false) => self.old[old - 1] == self.new[new - 1],
            (is_first, is_first_too) => is_first && is_first_too,
        };
        let after = match (old + 1 == stretch.old.end, new + 1 == stretch.new.end) {
            (false, false) => self.old[old + 1] == self.new[new + 1],
            (is_last, is_last_too) => is_last && is_last_too,
        };
        before || after
    }

    /// Two stretches that differ and have nothing unique in common: equal lines at their ends are the same if
    /// what lies between these ends has nothing of their text, before or now.
    fn settle(&mut self, stretch: &Stretch) {
        let (old, new) = (&self.old[stretch.old.clone()], &self.new[stretch.new.clone()]);
        let most = old.len().min(new.len());
        let first = (0..most).take_while(|step| old[*step] == new[*step]).count();
        let from_end = |step: &usize| old[old.len() - 1 - step] == new[new.len() - 1 - step];
        let last = (0..most - first).take_while(from_end).count();
        let between = old[first..old.len() - last].iter().chain(&new[first..new.len() - last]);
        let between: HashSet<u32> = between.copied().collect();
        let (start, end) =
            ((stretch.old.start, stretch.new.start), (stretch.old.end - last, stretch.new.end - last));
        let ends = (0..first).map(|step| (start.0 + step, start.1 + step));
        let ends = ends.chain((0..last).map(|step| (end.0 + step, end.1 + step)));
        for (old, new) in ends {
            if !between.contains(&self.old[old]) {
                self.pair(old, new);
            }
        }
    }

    /// What was moved with its surroundings: lines in a row, as they were in a row before, of which at least two stand
    /// once in either text; everything from the first of these to the last is the same. Of one alone, both
    /// neighbours have to be the same.
    fn find_moved(&mut self) {
        if self.counterparts.iter().all(Option::is_some) {
            return;
        }
        let places = self.places(&Stretch { old: 0..self.old.len(), new: 0..self.new.len() });
        let mut is_taken = vec![false; self.new.len()];
        self.counterparts.iter().flatten().for_each(|new| is_taken[*new as usize] = true);
        let mut old = 0;
        while old < self.old.len() {
            let Some(new) = self.only_place(&places, old) else {
                old += 1;
                continue;
            };
            let run =
                self.old[old..].iter().zip(&self.new[new..]).take_while(|(old, new)| old == new).count();
            for step in 0..self.certain_in_run(&places, old, new, run) {
                if self.counterparts[old + step].is_none() && !is_taken[new + step] {
                    self.pair(old + step, new + step);
                    is_taken[new + step] = true;
                }
            }
            old += run;
        }
    }

    /// Where the text of an old line stands in the new text, if it says something and stands once in either.
    fn only_place(&self, places: &HashMap<u32, Places>, old: usize) -> Option<usize> {
        let Places { old_count: 1, new_count: 1, new, .. } = places[&self.old[old]] else { return None };
        self.texts.says_something[self.old[old] as usize].then_some(new)
    }

    /// How many of the equal lines from here on are certainly the same ones; the first stands once in either text.
    fn certain_in_run(&self, places: &HashMap<u32, Places>, old: usize, new: usize, run: usize) -> usize {
        match (0..run).rev().find(|step| self.only_place(places, old + step).is_some()) {
            Some(0) | None => {
                let before = (old.checked_sub(1), new.checked_sub(1));
                let is_same_before =
                    matches!(before, (Some(old), Some(new)) if self.old[old] == self.new[new]);
                usize::from(is_same_before && run > 1)
            }
            Some(last) => last + 1,
        }
    }
}

/// The longest subsequence of pairs, sorted by their first part, whose second part rises.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair at which the sequence that ends lowest ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, second)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *second);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut rising = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        rising.push(pairs[index]);
        at = before[index];
    }
    rising.reverse();
    rising
}
