//! Code review: opening and merging pull requests in a large repository, and the pages that compare two versions of
//! one. What git does by itself is measured beside it, in the same repository on the disk.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{Client, Response};
use super::git::{self, median, timed};
use super::review_sample;
use super::subject::Subject;
use super::table::{Table, ms};
use crate::Outcome;
use crate::program::{cargo, output};

/// The name of the repository of 100,000 files.
pub(super) const LARGE: &str = "large";
/// Requests of each page, and commands of git, of which the median counts.
const REQUESTS: usize = 20;
const COMMANDS: usize = 5;
/// How long it may take until a pull request is known to merge.
const PATIENCE: Duration = Duration::from_mins(1);

/// Opens pull requests in a repository of 100,000 files and 100 MB and merges each, which moves the branch that the
/// next one is merged into.
pub(super) fn merges(subject: &Subject, folder: &Path, table: &mut Table) -> Outcome {
    let mut hosted = Hosted::create(subject, LARGE, review_sample::large(folder)?)?;
    let topics: Vec<String> = (0..review_sample::TOPICS).map(review_sample::topic).collect();
    hosted.push(&["main"])?;
    hosted.push(&topics.iter().map(String::as_str).collect::<Vec<_>>())?;
    let (mut opened, mut known, mut merged, mut near) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for topic in &topics {
        let merge = ["merge-tree", "--write-tree", "main", topic];
        near.push(timed(git::git(&hosted.path).args(merge))?);
        let started = Instant::now();
        let number = hosted.open(topic)?;
        opened.push(started.elapsed());
        hosted.wait_until_known(number, topic)?;
        known.push(started.elapsed());
        let started = Instant::now();
        hosted.merge(number)?;
        merged.push(started.elapsed());
    }
    let (near, merged) = (median(&mut near), median(&mut merged));
    table.figure("opening a pull request, 100 MB", ms(median(&mut opened)), "ms");
    table.figure("opening it until it is known to merge, 100,000 files", ms(median(&mut known)), "ms");
    table.figure("git merge-tree, 100,000 files", ms(near), "ms");
    table.figure("merging a pull request, 100,000 files", ms(merged), "ms");
    table.figure("merging it against git merge-tree", times(merged, near), "times");
    Ok(())
}

/// Opens the pages of a pull request of fifty commits that was rebased and changed, and of one of 300 files.
pub(super) fn pages(subject: &Subject, folder: &Path, table: &mut Table) -> Outcome {
    let mut hosted = Hosted::create(subject, "versions", review_sample::versions(folder)?)?;
    hosted.push(&["base-1:main", "topic-1:topic"])?;
    let topic = hosted.open("topic")?;
    hosted.wait_until_known(topic, "topic-1")?;
    hosted.push(&["base-2:main", "+topic-2:topic", "wide"])?;
    hosted.wait_until_known(topic, "topic-2")?;
    let wide = hosted.open("wide")?;
    hosted.wait_until_known(wide, "wide")?;
    range_diff(subject, &hosted, topic, table)?;
    let files = format!("/{}/pulls/{wide}/files", hosted.name);
    table.figure(
        "files of a pull request of 300 files",
        ms(page(&mut subject.visitor(), &files, "")?[1]),
        "ms",
    );
    blame(&hosted.path, table)
}

fn range_diff(subject: &Subject, hosted: &Hosted<'_>, number: u64, table: &mut Table) -> Outcome {
    let mut near = Vec::new();
    for _ in 0..COMMANDS {
        let ranges = ["range-diff", "--no-color", "base-1..topic-1", "base-2..topic-2"];
        near.push(timed(git::git(&hosted.path).args(ranges))?);
    }
    let address = format!("/{}/pulls/{number}/files?since=1", hosted.name);
    let last = review_sample::title(review_sample::COMMITS - 1);
    let [first, warm] = page(&mut subject.visitor(), &address, &last)?;
    let near = median(&mut near);
    table.figure("range-diff of 50 commits, first time", ms(first), "ms");
    table.figure("range-diff of 50 commits", ms(warm), "ms");
    table.figure("git range-diff of 50 commits", ms(near), "ms");
    table.figure("range-diff against git range-diff", times(warm, near), "times");
    Ok(())
}

/// The origin of each line of a file, by the library that the pages use, and by git.
fn blame(path: &Path, table: &mut Table) -> Outcome {
    let file = review_sample::LONG_FILE;
    let mut near = Vec::new();
    for _ in 0..COMMANDS {
        near.push(timed(git::git(path).args(["blame", "base-1", "--", file]))?);
    }
    let mut program = cargo();
    program.args(["run", "--quiet", "--release", "--package", "hearth-git", "--example", "blame", "--"]);
    let said = output(program.arg(path).args(["base-1", file]))?;
    let taken: Vec<f64> = said.lines().filter_map(|line| line.parse().ok()).collect();
    let [first, second] = taken[..] else { return Err(format!("the example blame printed {said:?}")) };
    let near = ms(median(&mut near));
    table.figure("blame of 2,000 lines, first time", first, "ms");
    table.figure("blame of 2,000 lines, second time", second, "ms");
    table.figure("git blame of 2,000 lines", near, "ms");
    table.figure("first blame against git blame", first / near, "times");
    Ok(())
}

fn times(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// The time of the first request of a page, which has to contain a text, and the median of those that follow.
fn page(client: &mut Client, path: &str, text: &str) -> Outcome<[Duration; 2]> {
    let started = Instant::now();
    let shown = client.page(path)?;
    let first = started.elapsed();
    if !String::from_utf8_lossy(&shown.body).contains(text) {
        return Err(format!("{path} does not show {text:?}"));
    }
    let mut later = Vec::new();
    for _ in 0..REQUESTS {
        let started = Instant::now();
        client.page(path)?;
        later.push(started.elapsed());
    }
    Ok([first, median(&mut later)])
}

/// A repository on the server, and the one on the disk that it was pushed from.
pub(super) struct Hosted<'subject> {
    subject: &'subject Subject,
    program: Client,
    /// Owner and name.
    pub(super) name: String,
    path: PathBuf,
}

impl<'subject> Hosted<'subject> {
    pub(super) fn create(subject: &'subject Subject, name: &str, path: PathBuf) -> Outcome<Self> {
        let name = subject.create(name)?;
        Ok(Self { subject, program: subject.program(), name, path })
    }

    pub(super) fn push(&self, refs: &[&str]) -> Outcome {
        let mut push = git::git(&self.path);
        push.args(["push", "--quiet", &self.subject.address_of(&self.name)]).args(refs);
        output(&mut push).map(drop)
    }

    fn pulls(&self, rest: &str) -> String {
        format!("/api/v1/repos/{}/pulls{rest}", self.name)
    }

    /// Opens a pull request to merge a branch into the main one; its number.
    fn open(&mut self, branch: &str) -> Outcome<u64> {
        let asked = json!({ "title": format!("Merge {branch}"), "head": branch, "base": "main" });
        let answer = self.program.send("POST", &self.pulls(""), &asked.to_string())?;
        let opened = read(&answer, 201, "opening a pull request")?;
        opened["number"].as_u64().ok_or_else(|| "a pull request has no number".to_owned())
    }

    /// Waits until the server knows that the head, a branch of the repository on the disk, can be merged.
    fn wait_until_known(&mut self, number: u64, head: &str) -> Outcome {
        let head = output(Command::new("git").arg("-C").arg(&self.path).args(["rev-parse", head]))?;
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let answer = self.program.get(&self.pulls(&format!("/{number}")))?;
            let pull = read(&answer, 200, "reading a pull request")?;
            if pull["head"]["sha"] == head.trim() && pull["mergeable"] == true {
                return Ok(());
            }
            sleep(Duration::from_millis(2));
        }
        Err(format!("nobody knows whether pull request {number} merges"))
    }

    fn merge(&mut self, number: u64) -> Outcome {
        let path = self.pulls(&format!("/{number}/merge"));
        let answer = self.program.send("POST", &path, r#"{"Do":"merge"}"#)?;
        if answer.status == 200 { Ok(()) } else { Err(refused(&answer, "merging a pull request")) }
    }
}

fn read(answer: &Response, status: u16, what: &str) -> Outcome<Value> {
    if answer.status != status {
        return Err(refused(answer, what));
    }
    serde_json::from_slice(&answer.body).map_err(|e| format!("{what} answered no JSON: {e}"))
}

fn refused(answer: &Response, what: &str) -> String {
    format!("{what} answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body))
}
