//! Many tasks on many machines of two vendors.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use hearth_tests::{Agents, Script, Site, TestCluster, wait_until};
use serde_json::json;

const TASKS: usize = 1000;
/// Per vendor; each with eight cards, so that more than half of the tasks have to wait at first.
const NODES: usize = 25;
const CARDS: usize = NODES * 8;
const PATIENCE: Duration = Duration::from_mins(8);

#[test]
fn a_thousand_tasks_run_once_each_on_fifty_nodes_of_two_makers() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    let script = Script { lines: 2, burst: 1, pause: Duration::from_millis(10), failing: None };
    let a100 = site.node("a100").nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
    let _a100 = site.cluster.add_nodes(&site.name("a100"), NODES, &a100);
    let _npu = site.cluster.add_nodes(&site.name("npu"), NODES, &site.node("npu").ascend(8));
    site.make_pool("a100", "nvidia", "");
    site.make_pool("npu", "ascend-910", "64 GiB");
    site.make_spec("any", "*", 1, "40 GiB");
    site.make_image("torch", &[("cuda", "hearth.test/train:cuda"), ("cann", "hearth.test/train:cann")]);

    // More tasks than one vendor's cards before the first one ends, however slowly they are created.
    let asked = json!({ "spec": "any", "image": "torch" });
    let mut tasks = site.launch_many(CARDS + CARDS / 4, &asked);
    let agents = Agents::play(&site.cluster, &site.selector(), script);
    tasks.extend(site.launch_many(TASKS - tasks.len(), &asked));
    wait_until("the end of all tasks", PATIENCE, || site.count("SUCCEEDED") == TASKS);

    let lives = agents.lives();
    let mut of_attempt: HashMap<&str, usize> = HashMap::new();
    let mut families: HashSet<&str> = HashSet::new();
    for life in &lives {
        *of_attempt.entry(&life.attempt).or_default() += 1;
        let family = if life.node.starts_with(&site.name("a100")) { "cuda" } else { "cann" };
        assert_eq!(life.image, format!("hearth.test/train:{family}"), "{} on {}", life.attempt, life.node);
        families.insert(family);
    }
    assert_eq!(families.len(), 2, "neither maker's machines stand idle");
    for task in tasks {
        let attempt = format!("hearth-{task}-1");
        assert_eq!(of_attempt.remove(attempt.as_str()), Some(1), "{attempt}: {}", site.timeline(task));
        assert_eq!(site.log(task), "line 0\nline 1\n", "task {task}");
    }
    assert!(of_attempt.is_empty(), "second attempts: {of_attempt:?}");
}
