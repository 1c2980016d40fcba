//! Tasks with several nodes: each node's log, how they find each other, and how they end.

use hearth_tests::{Agents, FakeNode, Script, Site, TestCluster, told};
use serde_json::{Value, json};
use std::time::Duration;

use super::{LONG, NODE, with_cards};

/// Four seconds: time to look at the objects.
const SHORT: Script = Script { lines: 20, burst: 1, pause: Duration::from_millis(200), failing: None };

fn node(site: &Site) -> FakeNode {
    site.node(NODE).nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8)
}

fn launch(site: &Site) -> u64 {
    site.launch_with(&site.mei, &json!({ "spec": "cards-8", "image": "torch", "nodes": 2 }))
}

/// The host names by which the agents of an attempt are told to find each other.
fn hosts(site: &Site, pod: &Value, attempt: &str) -> Vec<String> {
    let namespace = pod["metadata"]["namespace"].as_str().unwrap();
    let told: Value = serde_json::from_str(told(pod, "HEARTH_AGENT").unwrap()).unwrap();
    let service = site.cluster.get(&format!("/api/v1/namespaces/{namespace}/services/{attempt}"));
    assert_eq!(service["spec"]["clusterIP"], "None");
    let hosts = told["rendezvous"]["hosts"].as_array().unwrap();
    hosts.iter().map(|host| host.as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_node_of_a_gang_knows_the_others_and_has_a_log_of_its_own() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = with_cards(cluster);
    let _agents = Agents::play(&site.cluster, &site.selector(), SHORT);
    let _nodes = site.cluster.add_nodes(&site.name(NODE), 2, &node(&site));
    let gang = launch(&site);
    site.wait_for_state(gang, "RUNNING");

    let pods = site.pods(gang, 1);
    let word = |pod: &Value, field: &str| pod["spec"][field].as_str().unwrap_or_default().to_owned();
    let names: Vec<String> =
        pods.iter().map(|pod| format!("{}.{}", word(pod, "hostname"), word(pod, "subdomain"))).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names, hosts(&site, &pods[0], &format!("hearth-{gang}-1")));

    site.wait_for_state(gang, "SUCCEEDED");
    let said = |start: &str| -> String {
        (0..SHORT.lines).flat_map(|line| [start.to_owned(), format!("line {line}\n")]).collect()
    };
    assert_eq!(site.log(gang), said(""));
    assert_eq!(site.log_of(gang, 1), said("node 1 "));
    let first = site.page(&format!("/tasks/{gang}/log"));
    assert!(first.contains("line 19") && !first.contains("node 1 line"), "{first}");
    for (rank, pod) in pods.iter().enumerate() {
        let tab = format!("{rank} · {}", word(pod, "nodeName"));
        assert!(first.contains(&tab), "no tab {tab}: {first}");
    }
    let second = site.page(&format!("/tasks/{gang}/log?node=1"));
    assert!(second.contains("node 1 line 19"), "{second}");
}

#[test]
fn a_node_that_fails_ends_its_gang_and_is_named() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = with_cards(cluster);
    let script = Script { failing: Some(1), ..LONG };
    let _agents = Agents::play(&site.cluster, &site.selector(), script);
    let _nodes = site.cluster.add_nodes(&site.name(NODE), 2, &node(&site));
    let gang = launch(&site);
    site.wait_for_state(gang, "FAILED");
    let task = site.task(gang);
    assert_eq!(
        (&task["reason"], &task["runs"][0]["exit_code"]),
        (&json!("run.exit_nonzero"), &json!(3)),
        "{task}"
    );
    site.wait_for_words(&format!("/tasks/{gang}"), &["Node 1: The program failed with exit code 3."]);
    assert_eq!(site.log_of(gang, 1), "node 1 line 0\n");
}
