//! The test cluster itself: what the other tests rely on.

use std::time::Duration;

use hearth_tests::{FakeNode, TestCluster, wait_for, wait_until};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(1);

/// A Job that requests one card of a pool.
fn job(pool: &str, image: &str) -> Value {
    json!({
        "metadata": { "name": "train" },
        "spec": {
            "backoffLimit": 0,
            "template": { "spec": {
                "restartPolicy": "Never",
                "nodeSelector": { "pool": pool },
                "tolerations": [{ "operator": "Exists" }],
                "containers": [{
                    "name": "main",
                    "image": image,
                    "resources": { "limits": { "nvidia.com/gpu": "1" } },
                }],
            } },
        },
    })
}

fn only_pod(cluster: &TestCluster, namespace: &str) -> Value {
    wait_for("the Job's pod on a node", PATIENCE, || {
        let pods = cluster.list(&format!("/api/v1/namespaces/{namespace}/pods"));
        pods.into_iter().find(|pod| pod["status"]["startTime"].is_string())
    })
}

#[test]
fn a_job_runs_on_a_fake_node_until_its_fate_is_said() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let nodes = cluster.add_nodes("fate", 1, &FakeNode::of_pool("fate").nvidia("Tesla-T4", 15360, 2));
    let (namespace, jobs) = ("fate", "/apis/batch/v1/namespaces/fate/jobs");
    cluster.namespace(namespace);
    cluster.create(jobs, &job("fate", "train:1"));

    let pod = only_pod(&cluster, namespace);
    assert_eq!(pod["spec"]["nodeName"].as_str(), Some(nodes.names()[0].as_str()));
    let name = pod["metadata"]["name"].as_str().unwrap();
    cluster.end_pod(namespace, name, 137, Some("OOMKilled"));
    wait_until("the Job's end", PATIENCE, || cluster.get(&format!("{jobs}/train"))["status"]["failed"] == 1);
    let pod = cluster.get(&format!("/api/v1/namespaces/{namespace}/pods/{name}"));
    let end = &pod["status"]["containerStatuses"][0]["state"]["terminated"];
    assert_eq!((&end["exitCode"], &end["reason"]), (&json!(137), &json!("OOMKilled")), "{pod}");
    cluster.delete("/api/v1/namespaces/fate");
}

#[test]
fn a_fake_pod_waits_for_an_image_that_cannot_be_pulled() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let _nodes = cluster.add_nodes("pull", 1, &FakeNode::of_pool("pull").nvidia("Tesla-T4", 15360, 2));
    cluster.namespace("pull");
    cluster.create("/apis/batch/v1/namespaces/pull/jobs", &job("pull", "cannot-be-pulled:1"));
    let pod = only_pod(&cluster, "pull");
    let waiting = &pod["status"]["containerStatuses"][0]["state"]["waiting"];
    assert_eq!(
        (&pod["status"]["phase"], &waiting["reason"]),
        (&json!("Pending"), &json!("ImagePullBackOff"))
    );
    cluster.delete("/api/v1/namespaces/pull");
}

#[test]
fn a_watch_goes_on_after_the_api_server_was_killed() {
    let Some(cluster) = TestCluster::own() else { return };
    let watch = cluster.watch("/api/v1/namespaces");
    let mut seen = Vec::new();
    let mut wait_to_see = |name: &str| {
        wait_until(name, PATIENCE, || {
            seen.extend(watch.next(Duration::from_millis(100)).map(|it| it["metadata"]["name"].clone()));
            seen.contains(&json!(name))
        });
    };
    cluster.namespace("before");
    wait_to_see("before");
    drop(cluster.without("kube-apiserver"));
    cluster.wait_until_ready();
    cluster.namespace("after");
    wait_to_see("after");
}
