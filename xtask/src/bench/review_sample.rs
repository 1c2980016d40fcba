//! The repositories for code review and for large folders, the same every time: a large one to merge in, one with two
//! versions of a change, and one with a long folder.

use std::{
    fmt::Write as _,
    io::{Result, Write},
    path::{Path, PathBuf},
};

use super::sample::{file, made, mixed, source};
use crate::Outcome;

const LARGE_FILES: u32 = 100_000;
/// Branches of the large repository that can be merged into its main one, one after the other.
pub(super) const TOPICS: u32 = 9;
/// Commits of each version.
pub(super) const COMMITS: u32 = 50;
/// Files of the repository with versions: two for each commit, and those that only the base changes.
const FILES: u32 = 300;
const LINES: u32 = 60;
/// A file of so many lines, and the commits that wrote them.
pub(super) const LONG_FILE: &str = "long.py";
const LONG_LINES: u32 = 2_000;
const LONG_COMMITS: u32 = 200;
const FOLDER_FILES: u32 = 5_000;
const FOLDER_COMMITS: u32 = 300;

pub(super) fn topic(number: u32) -> String {
    format!("topic-{number}")
}

/// The title of a commit of either version.
pub(super) fn title(number: u32) -> String {
    format!("Change step {number} of the topic")
}

/// 100,000 files in 1,000 folders, that take 100 MB however they are packed. The topics have what `main` had at its
/// first commit, and each changes five files; `main` has changed others since.
pub(super) fn large(folder: &Path) -> Outcome<PathBuf> {
    made(folder, "large-100000", "a repository of 100,000 files and 100 MB", |out| {
        let mut marks = Marks::default();
        let begin = marks.commit(out, "main", None, "Begin")?;
        for index in 0..LARGE_FILES {
            file(out, &large_name(index), &noise(index, 0))?;
        }
        for number in 0..TOPICS {
            marks.commit(out, &topic(number), Some(begin), "Change a few files")?;
            for index in 0..5 {
                file(out, &large_name(number * 500 + index * 100 + 1), &noise(index, number + 1))?;
            }
        }
        marks.commit(out, "main", Some(begin), "Go on")?;
        (0..50).try_for_each(|index| file(out, &large_name(50_000 + index * 100), &noise(index, 100)))
    })
}

/// A folder with 5,000 files, of which each of 300 commits changes ten.
pub(super) fn wide_folder(folder: &Path) -> Outcome<PathBuf> {
    made(folder, "folder-5000", "a repository with a folder of 5,000 files", |out| {
        let mut marks = Marks::default();
        let name = |index: u32| format!("samples/sample_{index:04}.rs");
        let mut head = marks.commit(out, "main", None, "Begin")?;
        for index in 0..FOLDER_FILES {
            file(out, &name(index), &source(index, 10, 0))?;
        }
        for number in 1..=FOLDER_COMMITS {
            head = marks.commit(out, "main", Some(head), &format!("Change round {number}"))?;
            for turn in 0..10 {
                let index = mixed(number * 16 + turn) % FOLDER_FILES;
                file(out, &name(index), &source(index, 10, number))?;
            }
        }
        Ok(())
    })
}

fn large_name(index: u32) -> String {
    format!("part{:02}/unit{:02}/data_{index:05}.txt", index / 100 % 40, index / 4_000)
}

/// About a kilobyte that no compression makes smaller, as twice as many hexadecimal digits.
fn noise(index: u32, version: u32) -> String {
    let mut text = String::new();
    for line in 0..32 {
        for place in 0..8 {
            let word = mixed(mixed(index * 64 + line) ^ mixed(version * 16 + place));
            let _ = write!(text, "{word:08x}");
        }
        text.push('\n');
    }
    text
}

/// `base-1` with `topic-1` of fifty commits; `base-2`, one commit further, with the same fifty as `topic-2`, of which
/// every fifth is another one; and `wide`, which changes 300 files of `base-2`.
pub(super) fn versions(folder: &Path) -> Outcome<PathBuf> {
    made(folder, "versions-50", "a repository with two versions of fifty commits", |out| {
        let mut marks = Marks::default();
        let mut base = marks.commit(out, "base-1", None, "Begin")?;
        for index in 0..FILES {
            file(out, &name(index), &source(index, LINES, 0))?;
        }
        for number in 0..LONG_COMMITS {
            base = marks.commit(out, "base-1", Some(base), &format!("Lines of round {number}"))?;
            file(out, LONG_FILE, &long(number))?;
        }
        topic_commits(&mut marks, out, "topic-1", base, |_| 1)?;
        let next = marks.commit(out, "base-2", Some(base), "Change what the topic leaves alone")?;
        for index in 2 * COMMITS..3 * COMMITS {
            file(out, &name(index), &source(index, LINES, 3))?;
        }
        topic_commits(&mut marks, out, "topic-2", next, |number| if number % 5 == 0 { 2 } else { 1 })?;
        marks.commit(out, "wide", Some(next), "Change every file")?;
        (0..FILES).try_for_each(|index| file(out, &name(index), &source(index, LINES, 7)))
    })
}

/// Fifty commits of two files each; the version of what each writes decides whether two of them are the same.
fn topic_commits(
    marks: &mut Marks,
    out: &mut dyn Write,
    branch: &str,
    base: u32,
    version: fn(u32) -> u32,
) -> Result<()> {
    let mut head = base;
    for number in 0..COMMITS {
        head = marks.commit(out, branch, Some(head), &title(number))?;
        for index in [number * 2, number * 2 + 1] {
            file(out, &name(index), &source(index, LINES, version(number)))?;
        }
    }
    Ok(())
}

fn name(index: u32) -> String {
    format!("part{:02}/module_{index:03}.rs", index / 20)
}

/// The long file after a round: in each, every two hundredth line is written anew.
fn long(round: u32) -> String {
    let written = |line: u32| if line % LONG_COMMITS <= round { line % LONG_COMMITS + 1 } else { 0 };
    let mut text = String::new();
    for line in 0..LONG_LINES {
        let _ = writeln!(text, "step_{line} = weight * {} + {}", mixed(line), written(line));
    }
    text
}

/// Commits for `git fast-import`, numbered from 1.
#[derive(Default)]
struct Marks(u32);

impl Marks {
    /// Begins a commit on a branch; its files follow.
    fn commit(&mut self, out: &mut dyn Write, branch: &str, parent: Option<u32>, title: &str) -> Result<u32> {
        self.0 += 1;
        let (mark, time) = (self.0, 1_600_000_000 + u64::from(self.0) * 7200);
        writeln!(out, "commit refs/heads/{branch}\nmark :{mark}")?;
        writeln!(out, "committer Bench <bench@example.org> {time} +0800\ndata {}\n{title}", title.len())?;
        if let Some(parent) = parent {
            writeln!(out, "from :{parent}")?;
        }
        Ok(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_large_repository_are_spread_over_a_thousand_folders() {
        let folders: std::collections::HashSet<PathBuf> = (0..LARGE_FILES)
            .filter_map(|index| Some(Path::new(&large_name(index)).parent()?.into()))
            .collect();
        assert_eq!(folders.len(), 1000);
    }
}
