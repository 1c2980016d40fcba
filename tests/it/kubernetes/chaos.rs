//! Everything breaks while tasks run: none is lost, none runs twice, no log line is missing or duplicated.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hearth_tests::{Agents, Dice, NodeGuard, Script, Site, TestCluster, wait_until};
use serde_json::{Value, json};

const TASKS: usize = 48;
const LINES: u64 = 60;
const BLOWS: usize = 12;
/// Four nodes with eight cards each: some tasks always wait.
const NODES: usize = 4;
const PATIENCE: Duration = Duration::from_mins(5);

/// The kinds of faults. With every seed each occurs at least twice.
const KINDS: [&str; 6] =
    ["the server", "the API server", "a pod", "a node", "the controllers", "the watches"];

/// The kinds of faults, each equally often, in random order.
fn blows(dice: &mut Dice) -> Vec<&'static str> {
    let mut blows: Vec<_> = KINDS.iter().copied().cycle().take(BLOWS).collect();
    for last in (1..blows.len()).rev() {
        blows.swap(last, dice.below(last + 1));
    }
    blows
}

#[test]
fn nothing_is_lost_and_nothing_runs_twice_whatever_breaks() {
    let Some(cluster) = TestCluster::own() else { return };
    let mut site = Site::on(cluster, "");
    let cluster = Arc::clone(&site.cluster);
    let script = Script { lines: LINES, burst: 1, pause: Duration::from_millis(200), failing: None };
    let agents = Agents::play(&cluster, &site.selector(), script);
    let node = site.node("a100").nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
    let mut nodes: Vec<NodeGuard<'_>> =
        (0..NODES).map(|number| cluster.add_nodes(&site.name(&format!("n{number}")), 1, &node)).collect();
    site.make_pool("a100", "nvidia", "");
    site.make_spec("one", "nvidia", 1, "");
    site.make_image("torch", &[("cuda", "hearth.test/train:cuda")]);
    let tasks = site.launch_many(TASKS, &json!({ "spec": "one", "image": "torch" }));
    wait_until("the first ones to run", PATIENCE, || site.count("RUNNING") > NODES);

    let mut dice = Dice::of_this_run(20_261_122);
    let seed = dice.seed();
    for (number, blow) in blows(&mut dice).into_iter().enumerate() {
        std::thread::sleep(Duration::from_millis(500 + dice.below(2000) as u64));
        match blow {
            "the server" => {
                site.server.kill();
                std::thread::sleep(Duration::from_millis(dice.below(2000) as u64));
                site.server.start_again();
            }
            "the API server" => {
                let absence = cluster.without("kube-apiserver");
                std::thread::sleep(Duration::from_millis(dice.below(3000) as u64));
                drop(absence);
                cluster.wait_until_ready();
            }
            "a pod" => {
                let path = format!("/api/v1/pods?labelSelector={}", site.selector());
                let running = |pod: &Value| pod["status"]["phase"] == "Running";
                let pods: Vec<Value> = cluster.list(&path).into_iter().filter(running).collect();
                if let Some(pod) = pods.get(dice.below(pods.len().max(1))) {
                    let place = |field: &str| pod["metadata"][field].as_str().unwrap_or_default().to_owned();
                    cluster.delete(&format!(
                        "/api/v1/namespaces/{}/pods/{}",
                        place("namespace"),
                        place("name")
                    ));
                }
            }
            "a node" => {
                let mut lost = nodes.swap_remove(dice.below(nodes.len()));
                let name = lost.names()[0].clone();
                agents.lose_node(&name);
                lost.lose(&name);
                nodes.push(cluster.add_nodes(&site.name(&format!("again{number}")), 1, &node));
            }
            "the controllers" => cluster.kill("kube-controller-manager"),
            _ => {
                cluster.expire_watches();
                cluster.wait_until_ready();
            }
        }
    }

    let over = || ["SUCCEEDED", "FAILED", "STOPPED"].map(|state| site.count(state)).iter().sum::<usize>();
    wait_until(&format!("the end of all tasks (seed {seed})"), PATIENCE, || over() == TASKS);
    let lives = agents.lives();
    let mut of_attempt: HashMap<&str, Vec<_>> = HashMap::new();
    for life in &lives {
        of_attempt.entry(&life.attempt).or_default().push(life);
    }
    // A cluster may start a pod twice when its API server dies at the wrong moment; only one of them gets the
    // work.
    for (attempt, lives) in &of_attempt {
        let at_work = lives.iter().filter(|life| life.began).count();
        assert!(at_work <= 1, "{attempt} ran twice (seed {seed})");
    }
    let whole: String =
        (0..LINES).flat_map(|number| ["line ".to_owned(), number.to_string(), "\n".to_owned()]).collect();
    for task in tasks {
        let log = site.log(task);
        let state = site.state(task);
        let taken = was_taken_away(&lives, task);
        if state == "SUCCEEDED" {
            assert_eq!(log, whole, "task {task} (seed {seed})");
        } else {
            let timeline = site.timeline(task);
            assert!(taken, "task {task} failed, and nothing had happened to it (seed {seed}): {timeline}");
            assert!(whole.starts_with(&log), "task {task} (seed {seed}): {log}");
        }
    }
}

/// Whether the pod of a task's latest attempt was removed.
fn was_taken_away(lives: &[hearth_tests::Life], task: u64) -> bool {
    let prefix = format!("hearth-{task}-");
    let number = |life: &hearth_tests::Life| life.attempt.strip_prefix(&prefix)?.parse::<u32>().ok();
    let last = lives.iter().filter(|life| number(life).is_some()).max_by_key(|life| number(life));
    last.is_some_and(hearth_tests::Life::was_killed)
}
