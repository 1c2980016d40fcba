//! Several people who merge at the same moment.

use std::{sync::Barrier, thread};

use super::Scene;

const ROUNDS: usize = 6;

#[test]
fn of_two_who_merge_at_once_one_does_and_the_other_is_told() {
    let scene = Scene::new();
    for round in 0..ROUNDS {
        let (branch, file) = (format!("idea-{round}"), format!("idea-{round}.txt"));
        scene.push_branch(&branch, &file, "An idea\n");
        let pull = scene.open(&branch, "main");
        // The first rounds race with the check that follows the opening, too.
        if round >= ROUNDS / 2 {
            pull.wait_until_followed(&scene.server);
        }
        let start = Barrier::new(2);
        let merge = |by, method| {
            start.wait();
            pull.merge(by, method)
        };
        let (one, other) = thread::scope(|scope| {
            let one = scope.spawn(|| merge(&scene.mei, "merge"));
            let other = scope.spawn(|| merge(&scene.lin, if round % 2 == 0 { "squash" } else { "merge" }));
            (one.join().unwrap(), other.join().unwrap())
        });
        let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
        assert_eq!(won.status, 200, "round {round}: {} and {}", won.body, lost.body);
        assert!(matches!(lost.status, 405 | 409), "round {round}: {} {}", lost.status, lost.body);
        let told = lost.json()["message"].as_str().unwrap_or_default().to_owned();
        assert!(!told.is_empty(), "round {round}: {}", lost.body);
        assert_eq!(pull.state(&scene.mei), "merged", "round {round}: {told}");
        assert_eq!(scene.commits_of(&file), 1, "round {round}");
    }
}

#[test]
fn many_pull_requests_merged_at_once_are_all_merged_once() {
    let scene = Scene::new();
    let pulls: Vec<_> = (0..ROUNDS)
        .map(|number| {
            scene.push_branch(&format!("idea-{number}"), &format!("idea-{number}.txt"), "An idea\n");
            scene.open(&format!("idea-{number}"), "main")
        })
        .collect();
    let merged: Vec<u16> = thread::scope(|scope| {
        let merging: Vec<_> =
            pulls.iter().map(|pull| scope.spawn(|| pull.merge(&scene.lin, "merge").status)).collect();
        merging.into_iter().map(|merging| merging.join().unwrap()).collect()
    });
    for (number, (pull, status)) in pulls.iter().zip(merged).enumerate() {
        // Whoever lost the race for the base too often is told so, and tries again.
        assert!(matches!(status, 200 | 409), "{number}: {status}");
        if status == 409 {
            let _ = pull.merge(&scene.lin, "merge").expect(200);
        }
        assert_eq!(pull.state(&scene.mei), "merged", "{number}");
        assert_eq!(scene.commits_of(&format!("idea-{number}.txt")), 1, "{number}");
    }
}
