//! The same Jobs without Hearth: what the cluster itself can do.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use hearth_tests::{Site, Watch};
use k8s_openapi::api::batch::v1::Job;
use kube::api::{Api, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};

use crate::cost::Cost;

/// As many as the concurrent clients that launch tasks.
const HANDS: usize = 8;
const PATIENCE: Duration = Duration::from_mins(10);

/// A copy of the Job that Hearth creates for a task.
pub(crate) fn like(site: &Site, asked: &Value) -> Value {
    let task = site.launch_with(&site.mei, asked);
    let path =
        format!("/apis/batch/v1/jobs?labelSelector=hearth.dev/attempt=hearth-{task}-1,{}", site.selector());
    let made = hearth_tests::wait_for("its Job", PATIENCE, || site.cluster.list(&path).pop());
    site.stop(task);
    site.wait_for_state(task, "STOPPED");
    let mut template = made["spec"]["template"].clone();
    // The cluster adds these, and Hearth would adopt anything with its label.
    if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
        labels.retain(|name, _| name.starts_with("hearth.dev/"));
        labels.insert("hearth.dev/instance".to_owned(), json!("bare"));
    }
    json!({ "metadata": { "labels": template["metadata"]["labels"] }, "spec": { "backoffLimit": 0, "template": template } })
}

/// From the creation of the first Job to the start of the last pod.
pub(crate) fn run(site: &Site, turn: &str, count: usize, model: &Value) -> Cost {
    let namespace = site.name(turn);
    site.cluster.namespace(&namespace);
    let pods = site.cluster.watch(&format!("/api/v1/namespaces/{namespace}/pods"));
    let cost = Cost::of(site, count, || {
        create(site, &namespace, count, model);
        wait_until_running(&pods, count);
    });
    let path = format!("/api/v1/namespaces/{namespace}");
    site.cluster.delete(&path);
    // Wait for the last event of the last pod: it would slow down what is measured next.
    hearth_tests::wait_until("the end of the namespace", PATIENCE, || site.cluster.look(&path).status == 404);
    cost
}

fn create(site: &Site, namespace: &str, count: usize, model: &Value) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let read = Kubeconfig::read_from(site.cluster.kubeconfig()).expect("the cluster has a kubeconfig");
    runtime.block_on(async {
        let config = Config::from_custom_kubeconfig(read, &KubeConfigOptions::default()).await;
        let client = Client::try_from(config.expect("a good kubeconfig")).expect("a client");
        let jobs: Api<Job> = Api::namespaced(client, namespace);
        let model: Job = serde_json::from_value(model.clone()).expect("a Job");
        let hands = (0..HANDS).map(|hand| {
            let (jobs, model) = (jobs.clone(), model.clone());
            tokio::spawn(async move {
                for number in (hand..count).step_by(HANDS) {
                    let mut job = model.clone();
                    job.metadata.name = Some(format!("bare-{number}"));
                    jobs.create(&PostParams::default(), &job).await.expect("a Job is made");
                }
            })
        });
        for hand in hands.collect::<Vec<_>>() {
            hand.await.expect("no hand panics");
        }
    });
}

/// Waits until this many pods have run.
fn wait_until_running(pods: &Watch, count: usize) {
    let mut seen = HashSet::new();
    let deadline = Instant::now() + PATIENCE;
    while seen.len() < count {
        assert!(Instant::now() < deadline, "{} of {count} pods run", seen.len());
        let Some(pod) = pods.next(Duration::from_secs(1)) else { continue };
        if matches!(pod["status"]["phase"].as_str(), Some("Running" | "Succeeded")) {
            seen.insert(pod["metadata"]["uid"].as_str().unwrap_or_default().to_owned());
        }
    }
}
