//! Compares two binaries of Hearth in one run, alternating, so that other load on the machine affects both.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::client::Client;
use super::load::{self, Row};
use super::sample::Sample;
use super::subject::Subject;
use super::table::{Table, ms};
use super::{Options, git};
use crate::Outcome;
use crate::report::say;

/// How often each binary is measured per row.
const TURNS: u32 = 6;

/// Measures every page and the answer to a push for both binaries, and compares them.
pub(super) fn measure(binary: &Path, other: &Path, sample: &Sample, options: &Options) -> Outcome<String> {
    let folder = crate::program::target().join("bench");
    let mut subjects = [Subject::hearth(binary, &folder)?, Subject::hearth(other, &folder)?];
    for subject in &mut subjects {
        let mut unread = Table::new(subject.name());
        subject.begin()?;
        git::first_push(subject, sample, &mut unread)?;
        subject.open_issues(options.issues, &mut unread)?;
        subject.restart(&mut unread)?;
    }
    let mut text = "\n## Server CPU against another binary\n\n| what | ms | the other, ms | ratio |\n|---|--:|--:|--:|\n".to_owned();
    for row in load::rows(sample) {
        if let Some([one, other]) = turns(&subjects, &row, options.limit)? {
            line(&mut text, row.name, one, other);
        }
    }
    let [one, other] = git::push_costs(&subjects, sample)?;
    line(&mut text, "push of one commit, until its answer", one.cpu, other.cpu);
    line(&mut text, "push of one commit, wall time", one.wall, other.wall);
    Ok(text)
}

fn line(text: &mut String, name: &str, one: Duration, other: Duration) {
    let (one, other) = (ms(one), ms(other));
    let line = format!("| {name} | {one:.2} | {other:.2} | {:.2} |", one / other);
    say(&line);
    writeln!(text, "{line}").unwrap_or_default();
}

/// CPU time per request for each; `None` if one of them does not have such a page.
fn turns(subjects: &[Subject; 2], row: &Row, limit: Duration) -> Outcome<Option<[Duration; 2]>> {
    let mut clients = [row.client(&subjects[0])?, row.client(&subjects[1])?];
    for client in &mut clients {
        for path in &row.paths {
            match client.get(path)?.status {
                200 => {}
                404 => return Ok(None),
                status => return Err(format!("GET {path} answered {status}")),
            }
        }
    }
    let mut spent = [(Duration::ZERO, 0_u32); 2];
    for turn in 0..TURNS * 2 {
        // Alternate which one goes first.
        let which = usize::from(matches!(turn % 4, 1 | 2));
        let before = subjects[which].cpu()?;
        let asked = ask(&mut clients[which], &row.paths, limit / TURNS)?;
        spent[which].0 += subjects[which].cpu()?.saturating_sub(before);
        spent[which].1 += asked;
    }
    Ok(Some(spent.map(|(cpu, requests)| cpu / requests.max(1))))
}

/// Requests the paths in turn until the time is over, each equally often.
fn ask(client: &mut Client, paths: &[String], limit: Duration) -> Outcome<u32> {
    let (started, mut asked) = (Instant::now(), 0);
    while started.elapsed() < limit {
        for path in paths {
            let status = client.get(path)?.status;
            if status != 200 {
                return Err(format!("GET {path} answered {status}"));
            }
            asked += 1;
        }
    }
    Ok(asked)
}
