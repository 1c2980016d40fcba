//! Kueue's own kind of object, without Kueue: the test says what Kueue would say.

use std::time::Duration;

use hearth_tests::{Agents, Answer, Site, TestCluster, wait_for, wait_until};
use reqwest::Method;
use serde_json::{Value, json};

use super::{LONG, NODE, PATIENCE, with_image};

const WORKLOADS: &str = "/apis/kueue.x-k8s.io/v1beta1";
const QUEUE: &str = "research";

fn serve_workloads(cluster: &TestCluster) {
    let names = json!({ "kind": "Workload", "plural": "workloads", "singular": "workload", "listKind": "WorkloadList" });
    let schema = json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true });
    let version = json!({ "name": "v1beta1", "served": true, "storage": true, "schema": { "openAPIV3Schema": schema } });
    let definition = json!({
        "metadata": { "name": "workloads.kueue.x-k8s.io" },
        "spec": { "group": "kueue.x-k8s.io", "scope": "Namespaced", "names": names, "versions": [version] },
    });
    let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let answer = Answer::to(cluster.request(Method::POST, path).json(&definition));
    assert!(matches!(answer.status, 201 | 409), "{}", answer.body);
    wait_until("Workloads to be served", PATIENCE, || {
        cluster.look(&format!("{WORKLOADS}/workloads")).status == 200
    });
}

/// The Job of a task, when it is there.
fn job(site: &Site, task: u64) -> Option<Value> {
    let selector = format!("{},hearth.dev/attempt=hearth-{task}-1", site.selector());
    site.cluster.list(&format!("/apis/batch/v1/jobs?labelSelector={selector}")).pop()
}

/// Takes a Job into the queue, as Kueue does.
fn queue_up(site: &Site, job: &Value, priority: i64) {
    let name = &job["metadata"]["name"];
    let namespace = job["metadata"]["namespace"].as_str().unwrap();
    let owner =
        json!({ "apiVersion": "batch/v1", "kind": "Job", "name": name, "uid": job["metadata"]["uid"] });
    let waits = json!({ "type": "QuotaReserved", "status": "False", "message": "insufficient unused quota for nvidia.com/gpu" });
    let workload = json!({
        "apiVersion": "kueue.x-k8s.io/v1beta1",
        "kind": "Workload",
        "metadata": { "name": name, "ownerReferences": [owner] },
        "spec": { "queueName": QUEUE, "priority": priority },
        "status": { "conditions": [waits] },
    });
    site.cluster.create(&format!("{WORKLOADS}/namespaces/{namespace}/workloads"), &workload);
}

/// Lets a Job go, as Kueue does.
fn admit(site: &Site, job: &Value) {
    let word = |field: &str| job["metadata"][field].as_str().unwrap();
    let (namespace, name) = (word("namespace"), word("name"));
    site.cluster.delete(&format!("{WORKLOADS}/namespaces/{namespace}/workloads/{name}"));
    let path = format!("/apis/batch/v1/namespaces/{namespace}/jobs/{name}");
    site.cluster.patch(&path, &json!({ "spec": { "suspend": false } }));
}

#[test]
fn what_kueue_says_of_a_task_is_on_its_page_until_it_lets_the_task_go() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    serve_workloads(&cluster);
    let site = with_image(cluster);
    site.make_queued_pool(NODE, "nvidia", QUEUE);
    let _agents = Agents::play(&site.cluster, &site.selector(), LONG);
    let node = site.node(NODE).nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
    let _nodes = site.cluster.add_nodes(&site.name(NODE), 1, &node);
    let tasks = [(); 2].map(|()| site.launch("cards-8", "torch"));
    let jobs = tasks.map(|task| wait_for("the task's Job", PATIENCE, || job(&site, task)));
    for (job, priority) in jobs.iter().zip([0, 5]) {
        assert_eq!(job["spec"]["suspend"], true);
        assert_eq!(job["metadata"]["labels"]["kueue.x-k8s.io/queue-name"], QUEUE);
        queue_up(&site, job, priority);
    }
    for (task, place) in tasks.iter().zip(["place 2", "place 1"]) {
        let words = format!("{place} in {QUEUE}: insufficient unused quota for nvidia.com/gpu");
        let sentence = "It waits in the queue of the cluster.";
        site.wait_for_words(&format!("/tasks/{task}"), &[sentence, "queue.cluster", &words]);
    }
    admit(&site, &jobs[1]);
    site.wait_for_state_within(tasks[1], "RUNNING", Duration::from_mins(1));
    assert_eq!(site.state(tasks[0]), "CREATING", "Kueue has not let it go");
}
