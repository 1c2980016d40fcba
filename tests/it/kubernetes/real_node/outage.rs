//! A gang on two real machines, one of which loses its kubelet; and a pod that is killed.

use std::fmt::Write as _;

use hearth_tests::{RealNode, Site, TestCluster, wait_until};
use serde_json::{Value, json};

use super::PATIENCE;

/// Twelve seconds on every node, after printing the frameworks' variables.
const PROGRAM: &str = "\
import os, time
rank = os.environ['NODE_RANK'] if 'NODE_RANK' in os.environ else 'alone'
names = 'RANK WORLD_SIZE MASTER_ADDR PET_NODE_RANK PET_NNODES MS_NODE_ID MS_WORKER_NUM MS_SCHED_HOST HOROVOD_RANK HOROVOD_SIZE'
for name in names.split():
    print(name, os.environ.get(name), flush=True)
for line in range(120):
    print('node', rank, 'line', line, flush=True)
    time.sleep(0.1)
";

/// The complete log of a node of a gang of two.
fn whole(task: u64, rank: u32) -> String {
    let master = format!("hearth-{task}-1-0.hearth-{task}-1");
    let mut said = format!(
        "RANK {rank}\nWORLD_SIZE 2\nMASTER_ADDR {master}\nPET_NODE_RANK {rank}\nPET_NNODES 2\nMS_NODE_ID {rank}\n\
         MS_WORKER_NUM 2\nMS_SCHED_HOST {master}\nHOROVOD_RANK {rank}\nHOROVOD_SIZE 2\n"
    );
    for line in 0..120 {
        writeln!(said, "node {rank} line {line}").unwrap();
    }
    said
}

/// Gives the shared machine and the test's own a label that only this test uses.
fn label(site: &Site, value: &Value, own: &RealNode<'_>) {
    for name in [site.cluster.real_node().as_str(), own.name()] {
        let labels = json!({ "metadata": { "labels": { "hearth.test/gang": value } } });
        site.cluster.patch(&format!("/api/v1/nodes/{name}"), &labels);
    }
}

#[test]
fn an_outage_of_a_kubelet_costs_a_gang_nothing_and_a_killed_pod_says_so() {
    let Some((cluster, address)) = TestCluster::with_real_node() else { return };
    let site = Site::at(cluster, &address, PROGRAM);
    let own = site.cluster.add_real_node(&site.pool_label("own"));
    let gang = site.name("gang");
    label(&site, &json!(gang), &own);
    site.make_pool_of("pair", "nvidia", "", &format!("hearth.test/gang={gang}"));
    site.make_spec("one-card", "nvidia", 1, "");
    site.make_image("python", &[("cuda", "hearth.test/python:1")]);

    let task = site.launch_with(&site.mei, &json!({ "spec": "one-card", "image": "python", "nodes": 2 }));
    for rank in [0, 1] {
        let begun = format!("node {rank} line 9\n");
        wait_until("both nodes to be at work", PATIENCE, || site.log_of(task, rank).contains(&begun));
    }
    own.hold_kubelet();
    for rank in [0, 1] {
        let later = format!("node {rank} line 70\n");
        wait_until("both nodes to go on", PATIENCE, || site.log_of(task, rank).contains(&later));
    }
    own.kill_kubelet();
    site.wait_for_state(task, "SUCCEEDED");
    for rank in [0, 1] {
        assert_eq!(site.log_of(task, rank), whole(task, rank));
    }
    assert_eq!(site.task(task)["attempts"], 1);

    label(&site, &Value::Null, &own);
    site.make_pool("own", "nvidia", "");
    // The device plugin has to find the new kubelet first.
    let alone = site.launch("one-card", "python");
    wait_until("the task to be at work", PATIENCE, || site.log(alone).contains("node alone line 3\n"));
    own.kill_agent(site.pods(alone, 1)[0]["metadata"]["name"].as_str().unwrap());
    site.wait_for_state(alone, "FAILED");
    assert_eq!(site.task(alone)["reason"], "platform.fault", "{}", site.timeline(alone));
    let words = ["The platform failed, not your program.", "Detail: the agent was killed"];
    site.wait_for_words(&format!("/tasks/{alone}"), &words);
}
