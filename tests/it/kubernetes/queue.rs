//! When tasks run: quotas, order, gangs.

mod gang;
mod kueue;

use std::time::Duration;

use hearth_tests::{Agents, Script, Site, TestCluster, wait_until};
use serde_json::json;

const PATIENCE: Duration = Duration::from_mins(2);
const LONG: Script = Script { lines: 600, burst: 1, pause: Duration::from_millis(200), failing: None };

/// One node with eight cards in one pool, for specs with one, four and eight.
const NODE: &str = "a100";

fn with_cards(cluster: TestCluster) -> Site {
    let site = with_image(cluster);
    site.make_pool(NODE, "nvidia", "");
    site
}

/// Without a pool.
fn with_image(cluster: TestCluster) -> Site {
    let site = Site::on(cluster, "");
    for cards in [1, 4, 8] {
        site.make_spec(&format!("cards-{cards}"), "nvidia", cards, "");
    }
    site.make_image("torch", &[("cuda", "hearth.test/train:cuda")]);
    site
}

#[test]
fn a_quota_holds_back_its_owner_and_nobody_else() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = with_cards(cluster);
    let _agents = Agents::play(&site.cluster, &site.selector(), LONG);
    let node = site.node(NODE).nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
    let _nodes = site.cluster.add_nodes(&site.name(NODE), 1, &node);
    let lin = site.person("lin");
    site.make_quota("of-lin", "lin", 1, "0");

    let asked = json!({ "spec": "cards-1", "image": "torch" });
    let of_lin = [(); 3].map(|()| site.launch_with(&lin, &asked));
    let of_mei = [(); 3].map(|()| site.launch("cards-1", "torch"));
    site.wait_for_state(of_lin[0], "RUNNING");
    for task in of_mei {
        site.wait_for_state(task, "RUNNING");
    }
    for task in &of_lin[1..] {
        site.wait_for_reason(*task, "queue.quota");
        assert_eq!(site.state(*task), "WAITING");
    }
}

#[test]
fn a_gang_starts_on_all_of_its_nodes_or_on_none() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = with_cards(cluster);
    let agents = Agents::play(&site.cluster, &site.selector(), LONG);
    let node = site.node(NODE).nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
    let _nodes = site.cluster.add_nodes(&site.name(NODE), 2, &node);
    let alone = site.launch("cards-8", "torch");
    site.wait_for_state(alone, "RUNNING");

    let gang = site.launch_with(&site.mei, &json!({ "spec": "cards-8", "image": "torch", "nodes": 2 }));
    site.wait_for_reason(gang, "queue.");
    std::thread::sleep(Duration::from_secs(3));
    let pods = format!("/api/v1/pods?labelSelector={}", site.selector());
    assert_eq!(site.cluster.list(&pods).len(), 1, "half a gang holds no cards");

    site.mei.api.post(&format!("/api/v1/tasks/{alone}/stop"), &json!({}));
    let name = format!("hearth-{gang}-1");
    wait_until("both halves", PATIENCE, || {
        let lives = agents.lives();
        let mut nodes: Vec<_> =
            lives.iter().filter(|life| life.attempt == name).map(|life| &life.node).collect();
        nodes.sort();
        nodes.dedup();
        nodes.len() == 2
    });
    site.wait_for_state(gang, "RUNNING");
}

#[test]
fn who_borrowed_cards_makes_room_for_their_owner_and_goes_on_later() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = with_cards(cluster);
    let agents = Agents::play(&site.cluster, &site.selector(), LONG);
    let node = site.node(NODE).nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
    let _nodes = site.cluster.add_nodes(&site.name(NODE), 1, &node);
    let lin = site.person("lin");
    site.make_quota("of-mei", "mei", 4, "");
    site.make_quota("of-lin", "lin", 4, "");

    let own = site.launch("cards-4", "torch");
    site.wait_for_state(own, "RUNNING");
    let borrowed = site.launch("cards-4", "torch");
    site.wait_for_state(borrowed, "RUNNING");
    let asked = json!({ "spec": "cards-4", "image": "torch" });
    let of_lin = site.launch_with(&lin, &asked);
    site.wait_for_state(of_lin, "RUNNING");
    assert_eq!(site.state(own), "RUNNING", "what is mei's own stays");
    site.wait_for_state(borrowed, "WAITING");
    assert!(site.timeline(borrowed).contains("preempted"), "{}", site.timeline(borrowed));

    let stopped = lin.api.post(&format!("/api/v1/tasks/{of_lin}/stop"), &json!({}));
    assert!(stopped.status < 300, "{}", stopped.body);
    site.wait_for_state(borrowed, "RUNNING");
    let second = format!("hearth-{borrowed}-2");
    wait_until("its second pod", PATIENCE, || agents.lives().iter().any(|life| life.attempt == second));
}
