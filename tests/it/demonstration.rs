//! The first command of the README, run many times, on a busy machine.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use hearth_tests::{Process, TestServer};

const ROUNDS: usize = 30;
/// This many at once per core keep all cores busy.
const AT_ONCE: usize = 3;
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs one demonstration; an error says what went wrong.
fn demonstrate() -> Result<(), String> {
    let home = tempfile::tempdir().unwrap();
    let mut command = TestServer::program(home.path());
    command.args(["demo", "--once", "--listen", "127.0.0.1:0"]);
    let mut demonstration = Process::start(&mut command);
    let status = demonstration.wait(PATIENCE);
    let said = demonstration.said();
    let losses: Vec<f64> = said
        .lines()
        .filter_map(|line| line.split("loss=").nth(1)?.split_whitespace().next()?.parse().ok())
        .collect();
    let wrong = if !status.success() {
        status.to_string()
    } else if let Some(part) =
        ["/demo/digits\n", "/tasks/1\n", "/models/demo/digits\n"].iter().find(|part| !said.contains(**part))
    {
        format!("it does not say {part:?}")
    } else if losses.len() < 4 || losses.last() >= losses.first() {
        "the loss does not fall".to_owned()
    } else if !home.path().join("hearth-demo/hearth.db").is_file() {
        "without --data it is not kept where it was started".to_owned()
    } else {
        return Ok(());
    };
    Err(format!("{wrong}\n{said}"))
}

#[test]
fn the_first_command_ends_with_a_model_every_time_on_a_busy_machine() {
    if std::env::var("HEARTH_E2E_DATABASE").is_ok_and(|database| database == "postgres") {
        // It always uses SQLite, which is covered by the other run.
        return;
    }
    let next = AtomicUsize::new(0);
    let round = || {
        let mut failed = Vec::new();
        while next.fetch_add(1, Ordering::Relaxed) < ROUNDS {
            failed.extend(demonstrate().err());
        }
        failed
    };
    let failures: Vec<String> = thread::scope(|scope| {
        let at_once = AT_ONCE * thread::available_parallelism().map_or(2, usize::from);
        let running: Vec<_> = (0..at_once).map(|_| scope.spawn(round)).collect();
        running.into_iter().flat_map(|running| running.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{} of {ROUNDS} failed:\n{}", failures.len(), failures.join("\n---\n"));
}
