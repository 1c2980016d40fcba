//! Tasks whose pools name a `LocalQueue`: the real Kueue queues, admits and preempts them.

use std::time::Duration;

use hearth_tests::{Agents, LOCAL_QUEUE, NodeGuard, Site, TestCluster, wait_for, wait_until};
use serde_json::{Value, json};

use super::{LONG, NODE, PATIENCE, with_image};

const SOON: Duration = Duration::from_mins(1);

/// A site whose pool has machines for three tasks with eight cards, and names a `LocalQueue`.
struct Queued {
    site: Site,
    _agents: Agents,
}

impl Queued {
    fn on(cluster: TestCluster) -> Self {
        let site = with_image(cluster);
        site.make_queued_pool(NODE, "nvidia", &format!("pool={}", site.pool_label(NODE)));
        let agents = Agents::play(&site.cluster, &site.selector(), LONG);
        Self { site, _agents: agents }
    }

    #[must_use]
    fn add_nodes(&self) -> NodeGuard<'_> {
        let node = self.site.node(NODE).nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
        self.site.cluster.add_nodes(&self.site.name(NODE), 3, &node)
    }

    fn make_queues(&self) {
        self.site.make_cluster_queue("nvidia.com/gpu.present", "true");
        self.site.make_local_queue();
    }

    fn launch(&self) -> u64 {
        self.site.launch("cards-8", "torch")
    }

    /// The Job of a task's first attempt, once Hearth has created it.
    fn job(&self, task: u64) -> Value {
        let selector = format!("{},hearth.dev/attempt=hearth-{task}-1", self.site.selector());
        let path = format!("/apis/batch/v1/jobs?labelSelector={selector}");
        wait_for("the task's Job", PATIENCE, || self.site.cluster.list(&path).pop())
    }

    /// Puts a task's Job ahead of all others.
    fn hurry(&self, task: u64) {
        let class = self.site.make_priority_class();
        let word = |job: &Value, field: &str| job["metadata"][field].as_str().unwrap().to_owned();
        let job = self.job(task);
        let path =
            format!("/apis/batch/v1/namespaces/{}/jobs/{}", word(&job, "namespace"), word(&job, "name"));
        let label = json!({ "kueue.x-k8s.io/priority-class": class });
        self.site.cluster.patch(&path, &json!({ "metadata": { "labels": label } }));
    }

    fn wait_for_words(&self, task: u64, words: &[&str]) {
        self.site.wait_for_words(&format!("/tasks/{task}"), words);
    }

    fn wait_for_place(&self, task: u64, place: u32) {
        let place = format!("place {place} in {}", self.site.cluster_queue());
        let sentence = "Waiting in the cluster’s queue";
        self.wait_for_words(
            task,
            &[sentence, "queue.cluster", &place, "insufficient unused quota for nvidia.com/gpu"],
        );
    }

    fn attempts(&self, task: u64) -> u64 {
        self.site.task(task)["attempts"].as_u64().unwrap_or_default()
    }
}

#[test]
fn kueue_lets_a_task_go_when_its_quota_has_room_and_the_page_says_meanwhile_what_it_waits_for() {
    let Some(cluster) = TestCluster::with_kueue() else { return };
    let queued = Queued::on(cluster);
    queued.make_queues();
    let _nodes = queued.add_nodes();
    let site = &queued.site;
    let first = queued.launch();
    site.wait_for_state_within(first, "RUNNING", SOON);
    let job = queued.job(first);
    assert_eq!(job["metadata"]["labels"]["kueue.x-k8s.io/queue-name"], LOCAL_QUEUE);
    assert_eq!(
        job["spec"]["template"]["spec"]["nodeSelector"]["nvidia.com/gpu.present"], "true",
        "Kueue has said on which machines it has room"
    );

    let second = queued.launch();
    queued.wait_for_place(second, 1);
    let third = queued.launch();
    queued.wait_for_place(third, 2);
    assert_eq!(queued.job(second)["spec"]["suspend"], true);
    site.stop(first);
    site.wait_for_state_within(second, "RUNNING", SOON);
    assert_eq!(site.state(third), "CREATING", "there is room for one");
    queued.wait_for_place(third, 1);
}

#[test]
fn a_localqueue_that_is_not_there_is_named_to_the_user_and_to_the_administrator() {
    let Some(cluster) = TestCluster::with_kueue() else { return };
    let queued = Queued::on(cluster);
    let _nodes = queued.add_nodes();
    let site = &queued.site;
    let task = queued.launch();
    let sentence = "The cluster queue of this pool is closed.";
    queued.wait_for_words(task, &[sentence, "queue.cluster_closed", "LocalQueue research doesn"]);
    site.wait_for_words("/-/admin/compute", &["is closed. Task", &format!("#{task}")]);
    queued.make_queues();
    site.wait_for_state_within(task, "RUNNING", SOON);
}

#[test]
fn a_task_that_kueue_preempts_waits_again_and_runs_when_there_is_room() {
    let Some(cluster) = TestCluster::with_kueue() else { return };
    let queued = Queued::on(cluster);
    queued.make_queues();
    let _nodes = queued.add_nodes();
    let site = &queued.site;
    let patient = queued.launch();
    site.wait_for_state_within(patient, "RUNNING", SOON);
    let urgent = queued.launch();
    queued.wait_for_place(urgent, 1);
    queued.hurry(urgent);
    site.wait_for_state_within(urgent, "RUNNING", SOON);
    wait_until("a second attempt", SOON, || queued.attempts(patient) == 2);
    queued.wait_for_words(
        patient,
        &["Preempted by another workload in the cluster", "Preempted to accommodate"],
    );
    queued.wait_for_place(patient, 1);
    site.stop(urgent);
    site.wait_for_state_within(patient, "RUNNING", SOON);
}

#[test]
fn a_task_whose_clusterqueue_is_drained_ends_and_says_so() {
    let Some(cluster) = TestCluster::with_kueue() else { return };
    let queued = Queued::on(cluster);
    queued.make_queues();
    let _nodes = queued.add_nodes();
    let site = &queued.site;
    let task = queued.launch();
    site.wait_for_state_within(task, "RUNNING", SOON);
    site.drain_cluster_queue();
    site.wait_for_state_within(task, "FAILED", SOON);
    let sentence = "The cluster queue suspended the running task.";
    queued.wait_for_words(task, &[sentence, "run.suspended", "The ClusterQueue is stopped"]);
    let late = queued.launch();
    queued.wait_for_words(late, &["queue.cluster_closed", "ClusterQueue", "is inactive"]);
}

#[test]
fn where_kueue_is_not_installed_a_pool_that_names_its_queue_says_so() {
    let Some(cluster) = TestCluster::own() else { return };
    let queued = Queued::on(cluster);
    let _nodes = queued.add_nodes();
    let task = queued.launch();
    let sentence = "The cluster queue of this pool is closed.";
    queued
        .wait_for_words(task, &[sentence, "queue.cluster_closed", "Kueue is not installed in this cluster"]);
    queued.site.wait_for_words("/-/admin/compute", &["is closed. Task", &format!("#{task}")]);
}
