//! A server that is killed among merges.

use std::{cell::RefCell, thread, time::Duration};

use hearth_tests::{Answer, Dice, PullRequest, wait_or_tell};
use reqwest::Method;
use serde_json::{Value, json};

use super::{PATIENCE, Scene};

const PULLS: usize = 20;
/// Some merges end within this.
const SOON_MS: usize = 300;
const METHODS: [&str; 3] = ["merge", "squash", "rebase"];

fn file(number: usize) -> String {
    format!("idea-{number}.txt")
}

fn method(number: usize) -> &'static str {
    METHODS[number % METHODS.len()]
}

/// Which pull requests are merged, by what is recorded and by what git has; an error names one about which they
/// differ.
fn merged(scene: &Scene) -> Result<Vec<bool>, String> {
    let listed = scene.mei.api.get("/api/v1/repos/mei/llm/pulls?state=all&limit=50").expect(200).json();
    scene.git.run(&["fetch", "--quiet", "origin", "main"]);
    let log =
        ["log", "--first-parent", "--diff-merges=first-parent", "--format=", "--name-only", "FETCH_HEAD"];
    let touched = scene.git.run(&log);
    let is_merged = |number: usize| {
        let is_it = |card: &&Value| card["head"]["label"] == format!("idea-{number}");
        let card = listed.as_array().into_iter().flatten().find(is_it).ok_or("it is gone")?;
        let commits = touched.lines().filter(|line| *line == file(number)).count();
        match (card["merged"].as_bool(), card["state"].as_str(), commits) {
            (Some(true), Some("closed"), 1) => Ok(true),
            (Some(false), Some("open"), 0) => Ok(false),
            _ => Err(format!("idea-{number} has {commits} commits in main and is {card}")),
        }
    };
    (0..PULLS).map(is_merged).collect()
}

/// The same, as soon as both say the same.
#[track_caller]
fn settled(scene: &Scene) -> Vec<bool> {
    let last = RefCell::new(String::new());
    let look = || {
        let look = merged(scene);
        look.inspect_err(|difference| last.borrow_mut().clone_from(difference)).ok()
    };
    wait_or_tell(PATIENCE, look, || last.take())
}

/// Merges one after the other until the server is gone, and returns the answers.
fn merge_all(scene: &Scene, pulls: &[(usize, PullRequest)]) -> thread::JoinHandle<Vec<(usize, u16)>> {
    let (api, pulls) = (scene.mei.api.clone(), pulls.to_vec());
    thread::spawn(move || {
        let merge = |(number, pull): &(usize, PullRequest)| {
            let asked = json!({ "Do": method(*number) });
            let answer = Answer::attempt(api.request(Method::POST, &pull.api("/merge")).json(&asked))?;
            Some((*number, answer.status))
        };
        pulls.iter().map_while(merge).collect()
    })
}

#[test]
fn a_server_killed_among_merges_leaves_each_pull_request_merged_or_open() {
    let mut scene = Scene::new();
    let mut dice = Dice::drawn();
    eprintln!("HEARTH_TEST_SEED={}", dice.seed());
    let mut left: Vec<(usize, PullRequest)> = Vec::new();
    for number in 0..PULLS {
        scene.push_branch(&format!("idea-{number}"), &file(number), "An idea\n");
        left.push((number, scene.open(&format!("idea-{number}"), "main")));
    }
    left[0].1.wait_until_followed(&scene.server);

    while !left.is_empty() {
        let merging = merge_all(&scene, &left);
        thread::sleep(Duration::from_millis(dice.below(SOON_MS) as u64));
        scene.server.kill();
        let answers = merging.join().unwrap();
        scene.server.start_again();
        let merged = settled(&scene);
        for (number, status) in answers {
            assert_eq!(status, 200, "idea-{number}");
            assert!(merged[number], "idea-{number} was acknowledged, and is lost");
        }
        left.retain(|(number, _)| !merged[*number]);
        // However early the server is killed each time, it comes to an end; and nothing was left locked.
        if let Some((number, pull)) = left.pop() {
            let _ = pull.merge(&scene.mei, method(number)).expect(200);
        }
    }
    assert_eq!(settled(&scene), [true; PULLS]);
    let announced = "SELECT COUNT(*) FROM events WHERE kind = 'pull_request.merged'";
    assert_eq!(scene.server.ask_database(announced), [PULLS.to_string()], "each is announced once");
    let found = scene.server.attempt(&["doctor", "--deep"]);
    assert!(found.succeeded, "{}{}", found.out, found.err);
}
