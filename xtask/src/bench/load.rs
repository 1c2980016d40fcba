//! Page requests: one connection for the latency, several for the rate. Bounded in count and in time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::client::Client;
use super::sample::Sample;
use super::subject::{REPOSITORY, Subject};
use super::table::{Page, Table};
use crate::Outcome;

/// No row sends more requests than this, however fast the responses come.
const MOST_REQUESTS: usize = 20_000;

/// As many as browsers open to one host; two would leave a core idle between response and request.
const CONNECTIONS: usize = 4;

/// One kind of page, at one or more addresses.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) paths: Vec<String>,
    /// Whether it is requested by a signed-in user.
    is_personal: bool,
}

impl Row {
    /// A page that everybody may see.
    pub(super) fn of(name: &'static str, path: String) -> Self {
        Self { name, paths: vec![path], is_personal: false }
    }

    /// The client for this page.
    pub(super) fn client(&self, subject: &Subject) -> Outcome<Client> {
        if self.is_personal { subject.person() } else { Ok(subject.visitor()) }
    }
}

/// The pages to measure.
pub(super) fn rows(sample: &Sample) -> Vec<Row> {
    let branch = |view: &str, path: &str| format!("/{REPOSITORY}/{view}/branch/{}/{path}", sample.branch);
    let commit = |id: &String| format!("/{REPOSITORY}/commit/{id}");
    let api = |rest: &str| format!("/api/v1/repos/{REPOSITORY}{rest}");
    let everybodys: Vec<(&'static str, Vec<String>)> = vec![
        ("repository home", vec![format!("/{REPOSITORY}")]),
        ("deep tree", vec![branch("src", &sample.deepest_tree)]),
        ("different trees", sample.trees.iter().map(|path| branch("src", path)).collect()),
        ("largest source file", vec![branch("src", &sample.largest_file)]),
        ("different files", sample.files.iter().map(|path| branch("src", path)).collect()),
        ("commits list", vec![format!("/{REPOSITORY}/commits/branch/{}", sample.branch)]),
        ("one commit, about 10 files", vec![commit(&sample.wide_commit)]),
        ("different commits", sample.commits.iter().map(commit).collect()),
        ("branches", vec![format!("/{REPOSITORY}/branches")]),
        ("issues list", vec![format!("/{REPOSITORY}/issues")]),
        ("one issue", vec![format!("/{REPOSITORY}/issues/1")]),
        ("profile", vec!["/bench".to_owned()]),
        ("explore", vec!["/explore/repos".to_owned()]),
        ("API: repository", vec![api("")]),
        ("API: 50 issues", vec![api("/issues?limit=50")]),
        ("API: contents of the root", vec![api("/contents")]),
        ("API: 30 commits", vec![api("/commits?limit=30")]),
        ("raw file", vec![branch("raw", &sample.files[0])]),
    ];
    let personal = [("dashboard", vec!["/".to_owned()])];
    let row = |is_personal| move |(name, paths)| Row { name, paths, is_personal };
    everybodys.into_iter().map(row(false)).chain(personal.into_iter().map(row(true))).collect()
}

/// Measures every row of the table.
pub(super) fn pages(subject: &Subject, sample: &Sample, limit: Duration, table: &mut Table) -> Outcome {
    for asked in rows(sample).into_iter().filter(|row| !row.is_personal || subject.is_hearth()) {
        table.page(row(subject, &asked, limit)?);
    }
    Ok(())
}

/// Measures one row.
pub(super) fn row(subject: &Subject, asked: &Row, limit: Duration) -> Outcome<Page> {
    let paths = &asked.paths;
    let mut first = asked.client(subject)?;
    let bytes = warm(&mut first, paths)?;
    let before = subject.cpu()?;
    let started = Instant::now();
    let mut times = ask(&mut first, paths, &AtomicUsize::new(0), started + limit)?;
    times.sort_unstable();
    let alone = times.len();
    let together = Instant::now();
    let done = AtomicUsize::new(0);
    let many = thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let mut client = first.another();
                let done = &done;
                scope.spawn(move || ask(&mut client, paths, done, together + limit))
            })
            .collect();
        let ended =
            workers.into_iter().map(|worker| worker.join().map_err(|_| "a worker failed".to_owned())?);
        ended.map(|times| times.map(|times| times.len())).sum::<Outcome<usize>>()
    })?;
    let took = together.elapsed();
    let count = |requests: usize| u32::try_from(requests).map_err(|_| "too many requests".to_owned());
    Ok(Page {
        name: asked.name,
        bytes,
        p50: times[alone / 2],
        p99: times[alone * 99 / 100],
        per_second: f64::from(count(many)?) / took.as_secs_f64(),
        cpu: subject.cpu()?.saturating_sub(before) / count(alone + many)?,
    })
}

/// Requests every path once, so that the figures are those of the second visitor. Returns the mean size.
fn warm(client: &mut Client, paths: &[String]) -> Outcome<usize> {
    let mut bytes = 0;
    for path in paths {
        bytes += client.page(path)?.body.len();
    }
    Ok(bytes / paths.len().max(1))
}

fn ask(client: &mut Client, paths: &[String], done: &AtomicUsize, until: Instant) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    loop {
        let turn = done.fetch_add(1, Ordering::Relaxed);
        if turn >= MOST_REQUESTS || (Instant::now() >= until && !times.is_empty()) {
            return Ok(times);
        }
        let path = &paths[turn % paths.len()];
        let started = Instant::now();
        client.page(path)?;
        times.push(started.elapsed());
    }
}
