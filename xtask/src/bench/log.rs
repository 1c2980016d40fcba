//! The log of a task, as a page: a large one against a small one, which should make no difference, and going
//! through all of it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::client::Client;
use super::subject::{REPOSITORY, Subject};
use super::table::{Table, ms};
use crate::Outcome;

const LARGE_BYTES: u64 = 500_000_000;
const SMALL_BYTES: u64 = 1_000_000;
/// Requests of each page, of which the median counts.
const REQUESTS: usize = 20;
/// How long a task may take to print its log.
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs a task with a log of 500 MB and one of 1 MB, and asks for their pages.
pub(super) fn pages(subject: &mut Subject, table: &mut Table) -> Outcome {
    let small = printed(subject, SMALL_BYTES)?;
    let large = printed(subject, LARGE_BYTES)?;
    subject.restart_once()?;
    let mut visitor = subject.visitor();
    let first = time(&mut visitor, &format!("/tasks/{large}/log"))?;
    table.figure("log of 500 MB: its end, first visitor after a start", ms(first), "ms");
    let end = median(&mut visitor, &format!("/tasks/{large}/log"))?;
    table.figure("log of 500 MB: its end", ms(end), "ms");
    let middle = median(&mut visitor, &format!("/tasks/{large}/log?line=4000000"))?;
    table.figure("log of 500 MB: around a line", ms(middle), "ms");
    let of_small = median(&mut visitor, &format!("/tasks/{small}/log"))?;
    table.figure(
        "log of 500 MB against one of 1 MB: its end",
        end.as_secs_f64() / of_small.as_secs_f64(),
        "times",
    );
    let search = time(&mut visitor, &format!("/tasks/{large}/log?q=step%3D7777777"))?;
    table.figure("log of 500 MB: searching all of it", ms(search), "ms");
    let error = time(&mut visitor, &format!("/tasks/{large}/log?error=first"))?;
    table.figure("log of 500 MB: looking for an error that is not there", ms(error), "ms");
    Ok(())
}

/// A task that has printed so many bytes; its number.
fn printed(subject: &Subject, bytes: u64) -> Outcome<String> {
    let line =
        format!("seq -f 'step=%.0f loss=0.4321 lr=0.0001 tokens a second: 18233' 99999999 | head -c {bytes}");
    let asked = format!(r#"{{"command":"{line}","name":"{bytes} bytes"}}"#);
    let mut program = subject.program();
    let answer = program.send("POST", &format!("/api/v1/repos/{REPOSITORY}/tasks"), &asked)?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let number = word_after(&text, r#""id":"#);
    let number =
        number.filter(|_| answer.status == 201).ok_or_else(|| format!("launching answered {text}"))?;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let task = program.get(&format!("/api/v1/tasks/{number}"))?;
        let text = String::from_utf8_lossy(&task.body).into_owned();
        match word_after(&text, r#""state":"#).as_deref() {
            Some("SUCCEEDED") => return Ok(number),
            Some("FAILED" | "STOPPED" | "CREATED_FAILED") => return Err(format!("a task failed: {text}")),
            _ => sleep(Duration::from_millis(200)),
        }
    }
    Err("a task did not end".to_owned())
}

/// A number or a quoted word that follows a key of JSON.
fn word_after(json: &str, key: &str) -> Option<String> {
    let rest = json.split(key).nth(1)?.trim_start().trim_start_matches('"');
    let word: String =
        rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    (!word.is_empty()).then_some(word)
}

fn time(client: &mut Client, path: &str) -> Outcome<Duration> {
    let started = Instant::now();
    client.page(path)?;
    Ok(started.elapsed())
}

fn median(client: &mut Client, path: &str) -> Outcome<Duration> {
    let mut times = (0..REQUESTS).map(|_| time(client, path)).collect::<Outcome<Vec<_>>>()?;
    times.sort_unstable();
    Ok(times[REQUESTS / 2])
}
