//! Maintenance whose git processes are killed.

use std::{
    io::Write as _,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use hearth_git::Repository;
use rustix::process::{Pid, Signal, kill_process};

use super::{age_leftovers, remove_bitmaps};
use crate::support::{Fixture, WorkingCopy, client, path};

/// The steps of a round of maintenance, in order.
const STEPS: [&str; 7] =
    ["pack-refs", "prune", "rev-list", "repack", "pack-objects", "multi-pack-index", "commit-graph"];
/// A step may end before it is seen, so each is retried.
const TRIES: usize = 25;
const REFERENCES: usize = 400;

/// The processes that run a step of git in a repository.
fn running(repository: &Path, step: &str) -> Vec<Pid> {
    let place = format!("GIT_DIR={}", repository.display());
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let has = |id: &i32, file: &str, wanted: &str| {
        let text = std::fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
        text.split(|byte| *byte == 0).any(|word| word == wanted.as_bytes())
    };
    ids.filter(|id| has(id, "cmdline", step) && has(id, "environ", &place))
        .filter_map(Pid::from_raw)
        .collect()
}

/// Leaves work for every step.
fn untidy(copy: &WorkingCopy, repository: &Repository, round: usize) {
    copy.write(&format!("folder/{round}"), format!("{round}"));
    let id = copy.commit(&format!("round {round}"));
    copy.git(&["push", "-q", "origin", "main"]);
    let mut update =
        client(repository.path()).args(["update-ref", "--stdin"]).stdin(Stdio::piped()).spawn().unwrap();
    let lines: Vec<String> = (0..REFERENCES).map(|n| format!("update refs/heads/many/{n} {id}\n")).collect();
    update.stdin.take().unwrap().write_all(lines.concat().as_bytes()).unwrap();
    assert!(update.wait().unwrap().success());
    remove_bitmaps(repository.path());
}

/// Kills a step of a round of maintenance. `false` if the round ended before the step was seen.
async fn kill(repository: &Repository, step: &'static str) -> bool {
    let round = tokio::spawn({
        let repository = repository.clone();
        async move { repository.maintain().await }
    });
    let folder = repository.path().to_owned();
    while !round.is_finished() {
        let found = running(&folder, step);
        for id in &found {
            // It may have exited already.
            let _ = kill_process(*id, Signal::KILL);
        }
        if !found.is_empty() {
            return round.await.unwrap().is_err();
        }
        tokio::task::yield_now().await;
    }
    // A round that was not interrupted must succeed.
    round.await.unwrap().unwrap();
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn a_git_that_is_killed_at_any_step_leaves_a_sound_repository_that_the_next_round_maintains() {
    let fixture = Fixture::new().await;
    let repository = &fixture.repository;
    let copy = fixture.working_copy();
    for number in 0..300 {
        copy.write(&format!("file{number}"), format!("{number}"));
    }
    copy.commit("much");
    copy.push();
    let mut round = 0;
    for step in STEPS {
        let mut is_killed = false;
        for _ in 0..TRIES {
            round += 1;
            untidy(&copy, repository, round);
            is_killed = kill(repository, step).await;
            wait_until_nothing_runs(repository.path()).await;
            let output = client(repository.path()).args(["fsck", "--full", "--strict"]).output().unwrap();
            assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stderr));
            let head = copy.head();
            let references = repository.run(move |git| {
                git.last_commit(head, &path("file7"))?;
                git.references("refs/heads/many/")
            });
            let references = references.await.unwrap();
            assert!(references.len() == REFERENCES && references.iter().all(|(_, id)| *id == head), "{step}");
            // Time passes, and nothing blocks the next round.
            age_leftovers(repository.path());
            let state = repository.maintain().await.unwrap();
            assert!(!state.needs_maintenance(), "{step}: {state:?}");
            assert_eq!(age_leftovers(repository.path()), Vec::<String>::new(), "{step}");
            if is_killed {
                break;
            }
        }
        assert!(is_killed, "{step} was never met");
    }
}

/// The children of a killed process may go on for a moment.
async fn wait_until_nothing_runs(repository: &Path) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while STEPS.iter().any(|step| !running(repository, step).is_empty()) {
        assert!(Instant::now() < deadline, "a git goes on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
