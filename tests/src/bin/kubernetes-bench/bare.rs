//! The same Jobs without Hearth: what the cluster itself can do.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use hearth_tests::{Site, Watch};
use k8s_openapi::api::batch::v1::Job;
use kube::api::{Api, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};

/// As many at once as the hands that launch tasks.
const HANDS: usize = 8;
const PATIENCE: Duration = Duration::from_mins(10);

/// From the first Job that is made to the last pod that runs.
pub(crate) fn run(site: &Site, count: usize) -> Duration {
    let namespace = site.name("bare");
    site.cluster.namespace(&namespace);
    let pods = site.cluster.watch(&format!("/api/v1/namespaces/{namespace}/pods"));
    let pool = site.pool_label("cards");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let read = Kubeconfig::read_from(site.cluster.kubeconfig()).expect("the cluster has a kubeconfig");
    let started = Instant::now();
    runtime.block_on(async {
        let config = Config::from_custom_kubeconfig(read, &KubeConfigOptions::default()).await;
        let client = Client::try_from(config.expect("a good kubeconfig")).expect("a client");
        let jobs: Api<Job> = Api::namespaced(client, &namespace);
        let hands = (0..HANDS).map(|hand| {
            let (jobs, pool) = (jobs.clone(), pool.clone());
            tokio::spawn(async move {
                for number in (hand..count).step_by(HANDS) {
                    let job = serde_json::from_value(job(number, &pool)).expect("a Job");
                    jobs.create(&PostParams::default(), &job).await.expect("a Job is made");
                }
            })
        });
        for hand in hands.collect::<Vec<_>>() {
            hand.await.expect("no hand panics");
        }
    });
    wait_until_running(&pods, count);
    let took = started.elapsed();
    site.cluster.delete(&format!("/api/v1/namespaces/{namespace}"));
    hearth_tests::wait_until("the end of the bare Jobs", PATIENCE, || {
        site.cluster.list(&format!("/api/v1/namespaces/{namespace}/pods")).is_empty()
    });
    took
}

/// Waits until so many pods have run.
pub(crate) fn wait_until_running(pods: &Watch, count: usize) {
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

fn job(number: usize, pool: &str) -> Value {
    json!({
        "metadata": { "name": format!("bare-{number}") },
        "spec": {
            "backoffLimit": 0,
            "template": { "spec": {
                "restartPolicy": "Never",
                "nodeSelector": { "pool": pool },
                "tolerations": [{ "operator": "Exists" }],
                "containers": [{
                    "name": "task",
                    "image": "hearth.test/train:cuda",
                    "resources": { "limits": { "cpu": "1", "memory": "2Gi", "nvidia.com/gpu": "1" } },
                }],
            } },
        },
    })
}
