//! Whatever happens to a pod while its task runs is shown on the task's page.

use hearth_tests::{Agents, Answer, Site, TestCluster, wait_until};
use reqwest::Method;
use serde_json::{Value, json};

use super::{LONG, PATIENCE};

/// What happens to a pod.
enum Fate {
    /// Its container ends with this code, and this reason.
    Ends(i32, Option<&'static str>),
    /// The kubelet evicts it.
    PutOut,
    /// Somebody drains its machine.
    Drained,
    /// Somebody deletes its Job.
    Deleted,
    /// Its owner stops the task.
    Stopped,
}

/// A fate, the resulting state and reason, and what the page shows.
const FATES: [(Fate, &str, &str, [&str; 2]); 7] = [
    (
        Fate::Ends(137, Some("OOMKilled")),
        "FAILED",
        "run.oom",
        ["Out of memory: the program used more than the spec provides.", "Detail: OOMKilled"],
    ),
    (
        Fate::Ends(137, None),
        "FAILED",
        "platform.fault",
        ["The platform failed, not your program.", "Detail: the agent was killed"],
    ),
    (
        Fate::Ends(3, None),
        "FAILED",
        "platform.fault",
        ["The platform failed, not your program.", "Detail: the agent ended with code 3"],
    ),
    (
        Fate::PutOut,
        "FAILED",
        "run.evicted",
        ["The task was evicted", "Detail: The node was low on resource: memory."],
    ),
    (Fate::Drained, "FAILED", "run.evicted", ["The task was evicted", "Eviction API"]),
    (
        Fate::Deleted,
        "FAILED",
        "run.removed",
        ["Something other than Hearth deleted the task", "Run it again"],
    ),
    (Fate::Stopped, "STOPPED", "user.stop", ["Stopped by a user", "Run it again"]),
];

impl Fate {
    fn come_over(&self, site: &Site, task: u64, pod: &Value) {
        let word = |field: &str| pod["metadata"][field].as_str().unwrap();
        let (namespace, name) = (word("namespace"), word("name"));
        let path = format!("/api/v1/namespaces/{namespace}/pods/{name}");
        match self {
            Self::Ends(code, reason) => site.cluster.end_pod(namespace, name, *code, *reason),
            Self::PutOut => {
                let message = "The node was low on resource: memory.";
                let status = json!({ "phase": "Failed", "reason": "Evicted", "message": message });
                site.cluster.patch(&format!("{path}/status"), &json!({ "status": status }));
            }
            Self::Drained => {
                let eviction =
                    json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": name } });
                site.cluster.create(&format!("{path}/eviction"), &eviction);
            }
            Self::Deleted => {
                let job = format!("/apis/batch/v1/namespaces/{namespace}/jobs/hearth-{task}-1");
                let how = json!({ "propagationPolicy": "Background" });
                let answer = Answer::to(site.cluster.request(Method::DELETE, &job).json(&how));
                assert!(answer.status < 300, "{}", answer.body);
            }
            Self::Stopped => site.stop(task),
        }
    }
}

#[test]
fn whatever_becomes_of_a_pod_is_said_on_the_page_of_its_task() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    let _agents = Agents::play(&site.cluster, &site.selector(), LONG);
    let t4 = site.node("t4").nvidia("Tesla-T4", 15360, 8);
    let _nodes = site.cluster.add_nodes(&site.name("t4"), 1, &t4);
    site.make_pool("t4", "nvidia", "");
    site.make_spec("one", "nvidia", 1, "");
    site.make_image("torch", &[("cuda", "hearth.test/train:cuda")]);
    let tasks = [(); FATES.len()].map(|()| site.launch("one", "torch"));
    for task in tasks {
        site.wait_for_state(task, "RUNNING");
    }
    for (task, (fate, ..)) in tasks.iter().zip(&FATES) {
        fate.come_over(&site, *task, &site.pods(*task, 1)[0]);
    }
    for (task, (_, state, reason, words)) in tasks.into_iter().zip(FATES) {
        site.wait_for_state(task, state);
        assert_eq!(site.task(task)["reason"], reason, "{}", site.timeline(task));
        site.wait_for_words(&format!("/tasks/{task}"), &[words[0], words[1], reason]);
        assert_eq!(site.task(task)["attempts"], 1, "it is not run again by itself");
    }
    let jobs = format!("/apis/batch/v1/jobs?labelSelector={}", site.selector());
    wait_until("everything to be tidied up", PATIENCE, || site.cluster.list(&jobs).is_empty());
}
