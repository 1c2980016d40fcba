//! The sample repository: a real one given by its path, or a generated one, the same every time.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::program::{output, run};
use crate::report::say;

const FILES: u32 = 20_000;
const COMMITS: u32 = 5_000;
/// As many as a project of some years has; each is on the repository's home, and on its way to every clone.
const BRANCHES: u32 = 75;
const TAGS: u32 = 395;
/// Lines of the one large file.
const LARGE: u32 = 4_500;

/// A bare repository and the paths to request.
pub(super) struct Sample {
    pub(super) path: PathBuf,
    pub(super) branch: String,
    pub(super) deepest_tree: String,
    pub(super) trees: Vec<String>,
    pub(super) largest_file: String,
    pub(super) files: Vec<String>,
    pub(super) wide_commit: String,
    pub(super) commits: Vec<String>,
    counts: (usize, usize),
}

impl Sample {
    /// Examines a repository.
    pub(super) fn of(path: &Path) -> Outcome<Self> {
        let git = |words: &[&str]| output(Command::new("git").arg("-C").arg(path).args(words));
        let branch = git(&["symbolic-ref", "--short", "HEAD"])?.trim().to_owned();
        let listed = git(&["ls-tree", "-r", "-l", "HEAD"])?;
        let mut sized: Vec<(u64, &str)> = listed.lines().filter_map(source_file).collect();
        sized.sort_unstable();
        let (_, largest_file) = *sized.last().ok_or("the repository has no source files")?;
        let files = spread(&sized.iter().map(|(_, name)| (*name).to_owned()).collect::<Vec<_>>(), 200);
        let folders = git(&["ls-tree", "-r", "-d", "--name-only", "HEAD"])?;
        let folders: Vec<String> = folders.lines().map(str::to_owned).collect();
        let deepest = folders.iter().max_by_key(|name| name.matches('/').count());
        let deepest_tree = deepest.ok_or("the repository has no folders")?.clone();
        let history = git(&["rev-list", "--no-merges", "HEAD"])?;
        let history: Vec<String> = history.lines().map(str::to_owned).collect();
        let commits = spread(&history, 200);
        let wide_commit = widest(path, &commits)?;
        Ok(Self {
            path: path.to_path_buf(),
            branch,
            deepest_tree,
            trees: spread(&folders, 100),
            largest_file: largest_file.to_owned(),
            wide_commit,
            counts: (listed.lines().count(), history.len()),
            files,
            commits,
        })
    }

    pub(super) fn describe(&self) -> String {
        let (files, commits) = self.counts;
        format!("{files} files, {commits} commits in {}", self.path.display())
    }
}

/// Size and name of a file with syntax highlighting, from a line of `ls-tree -l`.
fn source_file(line: &str) -> Option<(u64, &str)> {
    const SOURCE: &[&str] = &["rs", "py", "c", "h", "go", "js", "ts", "java", "cc"];
    let (facts, name) = line.split_once('\t')?;
    let is_source = SOURCE.contains(&Path::new(name).extension()?.to_str()?);
    let size = facts.split_whitespace().nth(3)?.parse().ok()?;
    (is_source && size < 500_000).then_some((size, name))
}

/// `count` of them, evenly spread.
fn spread(all: &[String], count: usize) -> Vec<String> {
    let step = (all.len() / count).max(1);
    all.iter().step_by(step).take(count).cloned().collect()
}

/// The commit whose number of changed files is nearest to ten.
fn widest(path: &Path, commits: &[String]) -> Outcome<String> {
    let mut best = (u64::MAX, String::new());
    for commit in commits {
        let words = ["diff-tree", "--root", "--no-commit-id", "--name-only", "-r", commit];
        let changed = output(Command::new("git").arg("-C").arg(path).args(words))?;
        let distance = (changed.lines().count() as u64).abs_diff(10);
        if distance < best.0 {
            best = (distance, commit.clone());
        }
    }
    Ok(best.1)
}

/// Generates the repository once; later runs reuse it.
pub(super) fn generate(folder: &Path) -> Outcome<PathBuf> {
    let what =
        format!("a repository of {FILES} files, {COMMITS} commits, {BRANCHES} branches and {TAGS} tags");
    made(folder, &format!("sample-{FILES}-{COMMITS}-{}", BRANCHES + TAGS), &what, write_history)
}

/// A bare repository in this folder, from a stream for `git fast-import`, unless an earlier run has made it.
pub(super) fn made(
    folder: &Path,
    name: &str,
    what: &str,
    write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
) -> Outcome<PathBuf> {
    let path = folder.join(format!("{name}.git"));
    if path.join("complete").is_file() {
        return Ok(path);
    }
    let wrong = |e: std::io::Error| format!("cannot make the repository: {e}");
    if path.exists() {
        fs::remove_dir_all(&path).map_err(wrong)?;
    }
    fs::create_dir_all(folder).map_err(wrong)?;
    say(&format!("Making {what}"));
    run(Command::new("git").args(["init", "--quiet", "--bare", "--initial-branch=main"]).arg(&path))?;
    let mut import = Command::new("git")
        .arg("-C")
        .arg(&path)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(wrong)?;
    let mut stream = BufWriter::new(import.stdin.take().ok_or("git fast-import takes no input")?);
    write(&mut stream).and_then(|()| stream.flush()).map_err(wrong)?;
    drop(stream);
    let status = import.wait().map_err(wrong)?;
    if !status.success() {
        return Err(format!("git fast-import: {status}"));
    }
    run(Command::new("git").arg("-C").arg(&path).args(["repack", "-a", "-d", "-q"]))?;
    fs::write(path.join("complete"), "").map_err(wrong)?;
    Ok(path)
}

/// The first commit adds every file; each later one changes some, every twentieth about ten. Branches and annotated tags
/// are spread over the history.
fn write_history(out: &mut dyn std::io::Write) -> std::io::Result<()> {
    for number in 0..COMMITS {
        let (person, time) = (number % 37, 1_600_000_000 + u64::from(number) * 7200);
        let message = format!("Change part {} of the sample\n\nReason {number}.\n", mixed(number) % 4000);
        writeln!(out, "commit refs/heads/main")?;
        writeln!(out, "committer Person {person} <person{person}@example.org> {time} +0800")?;
        write!(out, "data {}\n{message}", message.len())?;
        if number == 0 {
            file(out, "README.md", &readme())?;
            file(out, "LICENSE", "Permission is granted to use this sample.\n")?;
            file(out, "core/large.rs", &source(1, LARGE, 0))?;
            for index in 0..FILES - 3 {
                file(out, &name(index), &source(index, 20 + index % 60, 0))?;
            }
        } else {
            let width = if number % 20 == 0 { 10 } else { 1 + number % 4 };
            for turn in 0..width {
                let index = mixed(number * 16 + turn) % (FILES - 3);
                file(out, &name(index), &source(index, 20 + index % 60, number))?;
            }
        }
        if let Some(turn) = turn_at(number, BRANCHES - 1) {
            writeln!(out, "reset refs/heads/topic/{turn:02}\nfrom refs/heads/main\n")?;
        }
        if let Some(turn) = turn_at(number, TAGS) {
            writeln!(out, "tag v1.{turn}.0\nfrom refs/heads/main")?;
            writeln!(out, "tagger Person {person} <person{person}@example.org> {time} +0800")?;
            writeln!(out, "data 7\nRelease")?;
        }
    }
    writeln!(out, "done")
}

/// Which of `count` things that are spread over the history comes at this commit.
fn turn_at(commit: u32, count: u32) -> Option<u32> {
    let step = COMMITS / count;
    Some(commit / step).filter(|turn| commit.is_multiple_of(step) && *turn < count)
}

/// One file of a commit.
pub(super) fn file(out: &mut dyn std::io::Write, name: &str, content: &str) -> std::io::Result<()> {
    write!(out, "M 644 inline {name}\ndata {}\n{content}\n", content.len())
}

/// 40 folders of 25 folders of 20 files.
fn name(index: u32) -> String {
    format!("part{:02}/unit{:02}/module_{index:05}.{}", index % 40, index / 40 % 25, extension(index))
}

/// One of four languages.
pub(super) fn extension(index: u32) -> &'static str {
    ["rs", "py", "c", "js"][(index % 4) as usize]
}

/// A text that looks like a program: names, numbers, strings, comments.
pub(super) fn source(index: u32, lines: u32, version: u32) -> String {
    let mut text = format!("// Module {index}, version {version}.\n");
    for line in 0..lines {
        let value = mixed(index.wrapping_mul(977).wrapping_add(line));
        let changed = if line == version % lines { version } else { 0 };
        let written = match line % 4 {
            0 => writeln!(text, "fn step_{line}(input: u64) -> u64 {{"),
            1 => {
                writeln!(text, "    let weight = input * {value} + {changed}; // keeps \"order\" of {index}")
            }
            2 => writeln!(text, "    weight.rotate_left({}) ^ 0x{value:08x}", value % 31),
            _ => writeln!(text, "}}\n"),
        };
        written.unwrap_or_default();
    }
    text
}

fn readme() -> String {
    let mut text = String::from("# Sample\n\nA repository that is made to be measured.\n\n## Parts\n\n");
    for part in 0..40 {
        writeln!(
            text,
            "- **part{part:02}** holds `unit00` to `unit24`, see [its first](part{part:02}/unit00)"
        )
        .unwrap_or_default();
    }
    text
}

/// A deterministic pseudo-random number.
pub(super) fn mixed(number: u32) -> u32 {
    let mut x = number.wrapping_add(0x9E37_79B9);
    x = (x ^ (x >> 16)).wrapping_mul(0x85EB_CA6B);
    x = (x ^ (x >> 13)).wrapping_mul(0xC2B2_AE35);
    x ^ (x >> 16)
}
