//! The engine against a real API server, scheduler and job controller. Nodes are fake: annotations determine
//! the fate of a pod.

mod agents;
mod registries;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use futures_util::{StreamExt as _, stream::BoxStream};
use hearth_core::{EngineState, Reason, TaskId, TaskState};
use hearth_runner::{
    Error, Secret,
    engine::{
        AgentLaunch, Change, Device, Engine, Handle, KubernetesEngine, KubernetesOptions, Observation,
        Placement, Toleration,
    },
    spec::{Accelerator, Image, Node as SpecNode},
};
use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{Namespace, Node, Pod, ResourceQuota, Secret as ClusterSecret},
    networking::v1::NetworkPolicy,
};
use kube::{
    Api, Client, Config, ResourceExt as _,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
};

use crate::{
    server::{Server, TOKEN},
    setup::{known, spec, tar},
};

const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster in which this test has an engine of its own: its prefix and its nodes are not shared.
struct Cluster {
    name: String,
    kubeconfig: PathBuf,
    client: Client,
    engine: KubernetesEngine,
    changes: BoxStream<'static, Change>,
}

impl Cluster {
    /// `None`, with a message, if there is no cluster.
    async fn open(name: &str) -> Option<Self> {
        Self::open_with(name, |_| {}).await
    }

    async fn open_with(name: &str, change: impl FnOnce(&mut KubernetesOptions)) -> Option<Self> {
        let Some(kubeconfig) = std::env::var_os("HEARTH_TEST_KUBECONFIG").map(PathBuf::from) else {
            hearth_skip::skip("HEARTH_TEST_KUBECONFIG names no cluster");
            return None;
        };
        let name = format!("{name}-{}", std::process::id());
        let read = Kubeconfig::read_from(&kubeconfig).unwrap();
        let config = Config::from_custom_kubeconfig(read, &KubeConfigOptions::default()).await.unwrap();
        let client = Client::try_from(config).unwrap();
        let mut options = options(&name, &kubeconfig);
        change(&mut options);
        let engine = KubernetesEngine::open(options).await;
        let changes = engine.watch();
        Some(Self { name, kubeconfig, client, engine, changes })
    }

    /// The engine of a restarted server.
    async fn again(&self) -> KubernetesEngine {
        KubernetesEngine::open(options(&self.name, &self.kubeconfig)).await
    }

    async fn add_node(&self, name: &str, change: impl FnOnce(&mut serde_json::Value)) -> String {
        let name = format!("{}-{name}", self.name);
        let room = serde_json::json!({
            "cpu": "16", "memory": "64Gi", "pods": "250", "ephemeral-storage": "1Ti", "example.com/card": "4"
        });
        let mut node = serde_json::json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {
                "name": name,
                "annotations": { "kwok.x-k8s.io/node": "fake" },
                "labels": { "pool": self.name, "example.com/model": "C-1", "example.com/memory": "32768" },
            },
            "spec": { "taints": [{ "key": "example.com/card", "value": "present", "effect": "NoSchedule" }] },
            "status": { "capacity": room, "allocatable": room },
        });
        change(&mut node);
        let nodes: Api<Node> = Api::all(self.client.clone());
        nodes.create(&PostParams::default(), &serde_json::from_value(node).unwrap()).await.unwrap();
        name
    }

    fn launch(&self, task: i64) -> AgentLaunch {
        let mut spec = spec("train.py");
        spec.task = TaskId(task);
        spec.image = Image {
            label: "PyTorch".into(),
            reference: Some("registry.example/torch:1".into()),
            digest: None,
            python: "python3".into(),
        };
        spec.resources.accelerators =
            vec![Accelerator { vendor: "example".into(), model: "C-1".into(), index: 0 }];
        AgentLaunch {
            spec,
            server: "http://10.0.0.5:3000/".parse().unwrap(),
            token: Secret::new("a-token-that-nobody-sees"),
            placement: Placement {
                owner: "mei".into(),
                pool: "cards".into(),
                machines: vec![],
                node_selector: BTreeMap::from([("pool".to_owned(), self.name.clone())]),
                device: Some(device()),
                local_queue: None,
            },
        }
    }

    fn namespace(&self) -> String {
        format!("{}-mei", self.name)
    }

    async fn pods(&self, handle: &Handle) -> Vec<Pod> {
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), &self.namespace());
        let ours = ListParams::default().labels(&format!("hearth.dev/attempt={}", handle.0));
        pods.list(&ours).await.unwrap().items
    }

    async fn annotate(&self, handle: &Handle, annotations: serde_json::Value) {
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), &self.namespace());
        for pod in self.pods(handle).await {
            let patch = serde_json::json!({ "metadata": { "annotations": annotations } });
            pods.patch(&pod.name_any(), &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
        }
    }

    /// The next change that matches; earlier ones are skipped.
    async fn next(&mut self, is_wanted: impl Fn(&Observation) -> bool) -> Observation {
        let mut seen = Vec::new();
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                let change = self.changes.next().await.expect("the engine watches");
                if is_wanted(&change.observation) {
                    return change.observation;
                }
                seen.push(change.observation);
            }
        });
        let found = found.await;
        found.unwrap_or_else(|_| panic!("only this was seen: {seen:?}"))
    }

    async fn running(&mut self) -> Observation {
        self.next(|seen| matches!(seen, Observation::Running { .. })).await
    }

    async fn over(&mut self) -> Observation {
        self.next(Observation::is_over).await
    }

    async fn clean(self) {
        let namespaces: Api<Namespace> = Api::all(self.client.clone());
        let _ = namespaces.delete(&self.namespace(), &DeleteParams::default()).await;
        let nodes: Api<Node> = Api::all(self.client.clone());
        let ours = ListParams::default().labels(&format!("pool={}", self.name));
        for node in nodes.list(&ours).await.unwrap() {
            let _ = nodes.delete(&node.name_any(), &DeleteParams::default()).await;
        }
    }
}

fn options(name: &str, kubeconfig: &std::path::Path) -> KubernetesOptions {
    KubernetesOptions {
        name: name.to_owned(),
        kubeconfig: Some(kubeconfig.to_owned()),
        context: None,
        namespace_prefix: format!("{name}-"),
        agent_image: "registry.example/hearth-agent:1".into(),
        image_pull_secret_file: None,
        server: "http://10.0.0.5:3000/".parse().unwrap(),
        server_ca_file: None,
        blocked_networks: vec![],
        run_as_user: None,
        image_patience: Duration::from_secs(4),
    }
}

fn device() -> Device {
    Device {
        code: "example".into(),
        resource: "example.com/card".into(),
        model_label: Some("example.com/model".into()),
        memory_label: Some("example.com/memory".into()),
        runtime_class: None,
        tolerations: vec![Toleration { key: "example.com/card".into(), value: None, effect: None }],
        environment: BTreeMap::new(),
        mounts: vec![],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_is_one_job_however_often_it_is_started() {
    let Some(mut cluster) = Cluster::open("once").await else { return };
    let machine = cluster.add_node("n", |_| {}).await;
    let launch = cluster.launch(1);
    let first = cluster.engine.start(launch.clone()).await.unwrap();
    let second = cluster.engine.start(launch.clone()).await.unwrap();
    assert_eq!((first.clone(), first.0.as_str()), (second, "hearth-1-1"));
    assert_eq!(cluster.running().await, Observation::Running { machine: Some(machine) });
    assert_eq!(cluster.pods(&first).await.len(), 1);
    let pod = cluster.pods(&first).await.remove(0);
    assert!(!serde_json::to_string(&pod).unwrap().contains("a-token-that-nobody-sees"));
    let policies: Api<NetworkPolicy> = Api::namespaced(cluster.client.clone(), &cluster.namespace());
    assert_eq!(policies.list(&ListParams::default()).await.unwrap().items.len(), 2);

    cluster.annotate(&first, serde_json::json!({ "fake.hearth/exit-code": "0" })).await;
    assert_eq!(cluster.over().await, Observation::Exited { delivered: true });
    cluster.engine.forget(&first).await.unwrap();
    cluster.engine.forget(&first).await.unwrap();
    assert!(matches!(cluster.engine.observe(&first).await, Err(Error::UnknownHandle(_))));
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_brings_an_earlier_token_makes_room_for_one_with_the_new() {
    let Some(cluster) = Cluster::open("token").await else { return };
    let jobs: Api<Job> = Api::namespaced(cluster.client.clone(), &cluster.namespace());
    let handle = cluster.engine.start(cluster.launch(1)).await.unwrap();
    let made = jobs.get(&handle.0).await.unwrap().uid();
    let launch = AgentLaunch { token: Secret::new("the-token-since"), ..cluster.launch(1) };
    assert!(matches!(cluster.engine.start(launch.clone()).await, Err(Error::Unreachable(_))));
    let replaced = async {
        while cluster.engine.start(launch.clone()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, replaced).await.unwrap();
    assert_ne!(jobs.get(&handle.0).await.unwrap().uid(), made);
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_have_their_reasons() {
    let Some(mut cluster) = Cluster::open("ends").await else { return };
    cluster.add_node("n", |_| {}).await;
    for (task, code, reason, wanted) in
        [(1, "137", "OOMKilled", Reason::RunOutOfMemory), (2, "137", "Error", Reason::PlatformFault)]
    {
        let handle = cluster.engine.start(cluster.launch(task)).await.unwrap();
        cluster.running().await;
        let end = serde_json::json!({ "fake.hearth/reason": reason, "fake.hearth/exit-code": code });
        cluster.annotate(&handle, end).await;
        let Observation::Lost { reason, .. } = cluster.over().await else { panic!("it is lost") };
        assert_eq!(reason, wanted);
    }
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_cannot_be_pulled_is_told_and_then_given_up() {
    let Some(mut cluster) = Cluster::open("image").await else { return };
    cluster.add_node("n", |_| {}).await;
    let mut launch = cluster.launch(1);
    launch.spec.image.reference = Some("registry.example/cannot-be-pulled:1".into());
    cluster.engine.start(launch).await.unwrap();
    cluster.next(|seen| matches!(seen, Observation::Pending { reason: Reason::ImagePullFailed, .. })).await;
    let Observation::Lost { reason, detail } = cluster.over().await else { panic!("it is lost") };
    assert_eq!(reason, Reason::ImagePullFailed);
    assert!(detail.contains("cannot-be-pulled"), "{detail}");
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_scheduler_lacks_is_said_and_room_ends_the_wait() {
    let Some(mut cluster) = Cluster::open("room").await else { return };
    let handle = cluster.engine.start(cluster.launch(1)).await.unwrap();
    let waits = |seen: &Observation| {
        matches!(seen, Observation::Pending { reason: Reason::QueueUnschedulable | Reason::QueueNoCard, .. })
    };
    let Observation::Pending { detail, .. } = cluster.next(waits).await else { panic!("it waits") };
    assert!(detail.contains("nodes are available"), "{detail}");
    cluster.add_node("n", |_| {}).await;
    cluster.running().await;
    cluster.engine.kill(&handle).await.unwrap();
    assert!(matches!(cluster.over().await, Observation::Lost { .. }));
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_of_the_cluster_is_said_in_its_words() {
    let Some(mut cluster) = Cluster::open("quota").await else { return };
    cluster.add_node("n", |_| {}).await;
    let first = cluster.engine.start(cluster.launch(1)).await.unwrap();
    cluster.running().await;
    let quotas: Api<ResourceQuota> = Api::namespaced(cluster.client.clone(), &cluster.namespace());
    let quota = serde_json::json!({
        "metadata": { "name": "cards" }, "spec": { "hard": { "requests.example.com/card": "1" } }
    });
    quotas.create(&PostParams::default(), &serde_json::from_value(quota).unwrap()).await.unwrap();
    let counted = async {
        while quotas.get("cards").await.unwrap().status.and_then(|status| status.used).is_none() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, counted).await.unwrap();
    cluster.engine.start(cluster.launch(2)).await.unwrap();
    let refused =
        |seen: &Observation| matches!(seen, Observation::Pending { reason: Reason::QueueClusterRefused, .. });
    let Observation::Pending { detail, .. } = cluster.next(refused).await else { panic!("it waits") };
    assert!(detail.starts_with("exceeded quota"), "{detail}");
    cluster.engine.forget(&first).await.unwrap();
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_known_again_after_a_restart_and_others_are_gone() {
    let Some(mut cluster) = Cluster::open("again").await else { return };
    cluster.add_node("n", |_| {}).await;
    let handle = cluster.engine.start(cluster.launch(1)).await.unwrap();
    let seen = cluster.running().await;
    let again = cluster.again().await;
    let unknown = Handle("hearth-99-1".to_owned());
    let adopted = again.adopt(&[handle.clone(), unknown.clone()]).await.unwrap();
    assert_eq!(adopted[0], (handle.clone(), seen));
    assert!(matches!(&adopted[1], (_, Observation::Lost { reason: Reason::RunRemoved, .. })));
    // Starting it again creates nothing, as after a server stopped before it stored the handle.
    again.start(cluster.launch(1)).await.unwrap();
    assert_eq!(cluster.pods(&handle).await.len(), 1);
    cluster.changes = again.watch();
    cluster.annotate(&handle, serde_json::json!({ "fake.hearth/exit-code": "0" })).await;
    assert_eq!(cluster.over().await, Observation::Exited { delivered: true });
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_somebody_deletes_is_lost() {
    let Some(mut cluster) = Cluster::open("gone").await else { return };
    cluster.add_node("n", |_| {}).await;
    let handle = cluster.engine.start(cluster.launch(1)).await.unwrap();
    cluster.running().await;
    let jobs: Api<Job> = Api::namespaced(cluster.client.clone(), &cluster.namespace());
    jobs.delete(&handle.0, &DeleteParams::background()).await.unwrap();
    let Observation::Lost { reason, .. } = cluster.over().await else { panic!("it is lost") };
    assert_eq!(reason, Reason::RunRemoved);
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_waits_for_a_pod_that_runs_and_takes_away_one_that_does_not() {
    let Some(mut cluster) = Cluster::open("stop").await else { return };
    let waiting = cluster.engine.start(cluster.launch(1)).await.unwrap();
    cluster.next(|seen| matches!(seen, Observation::Pending { .. })).await;
    cluster.engine.stop(&waiting, Duration::from_secs(1)).await.unwrap();
    assert!(matches!(cluster.over().await, Observation::Lost { .. }));
    cluster.add_node("n", |_| {}).await;
    let handle = cluster.engine.start(cluster.launch(2)).await.unwrap();
    cluster.running().await;
    cluster.annotate(&handle, serde_json::json!({ "fake.hearth/stop-delay": "2s" })).await;
    cluster.engine.stop(&handle, Duration::from_secs(30)).await.unwrap();
    assert!(matches!(cluster.engine.observe(&handle).await.unwrap(), Observation::Running { .. }));
    assert!(matches!(cluster.over().await, Observation::Lost { .. } | Observation::Exited { .. }));
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_nodes_start_together_and_end_together() {
    let Some(mut cluster) = Cluster::open("team").await else { return };
    cluster.add_node("n", |_| {}).await;
    let mut launch = cluster.launch(1);
    launch.spec.node = SpecNode { rank: 0, count: 3 };
    let handle = cluster.engine.start(launch).await.unwrap();
    cluster.running().await;
    assert_eq!(cluster.pods(&handle).await.len(), 3);
    cluster.annotate(&handle, serde_json::json!({ "fake.hearth/exit-code": "0" })).await;
    assert_eq!(cluster.over().await, Observation::Exited { delivered: true });
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_are_told_with_what_others_hold_of_them() {
    let Some(cluster) = Cluster::open("room-of").await else { return };
    let name = cluster.add_node("n", |node| node["spec"] = serde_json::json!({})).await;
    cluster.add_node("off", |node| node["spec"] = serde_json::json!({ "unschedulable": true })).await;
    let theirs = serde_json::json!({
        "metadata": { "name": format!("theirs-{}", cluster.name) },
        "spec": { "nodeName": name, "containers": [{ "name": "c", "image": "x", "resources": {
            "limits": { "cpu": "1500m", "memory": "1Gi", "example.com/card": "1" } } }] },
    });
    let pods: Api<Pod> = Api::namespaced(cluster.client.clone(), "default");
    pods.create(&PostParams::default(), &serde_json::from_value(theirs).unwrap()).await.unwrap();
    let found = async {
        loop {
            let capacity = cluster.engine.capacity(&[device()]).await.unwrap();
            let ours =
                capacity.machines.into_iter().filter(|machine| machine.name.starts_with(&cluster.name));
            let ours: Vec<_> = ours.collect();
            if ours.len() == 2 && ours[0].others.cards.contains_key(&device().code) && !ours[0].is_cordoned {
                return ours;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, found).await.unwrap();
    assert_eq!((found[0].cpus, found[0].memory_bytes, found[0].cards.len()), (16, 64 << 30, 4));
    assert_eq!((found[0].others.cpus, found[0].others.memory_bytes), (2, 1 << 30));
    assert_eq!((found[0].cards[0].model.as_str(), found[0].cards[0].memory_bytes), ("C-1", 32 << 30));
    assert_eq!(found[0].labels["pool"], cluster.name);
    assert!(found[1].is_cordoned);
    pods.delete(&format!("theirs-{}", cluster.name), &DeleteParams::default()).await.unwrap();
    cluster.clean().await;
}

const TRAIN: &str = "\
import os
print('machine', os.path.exists('/tmp/code/train.py'), os.environ['HOME'], os.getcwd())
print('cards', os.environ['ASCEND_VISIBLE_DEVICES'])
print('shared', os.statvfs('/dev/shm').f_frsize * os.statvfs('/dev/shm').f_blocks >> 20)
print('token', os.path.exists('/hearth/launch/token'), os.path.exists('/hearth/owner'))
for secret in ['/proc/1/mem', '/proc/1/environ']:
    try:
        open(secret, 'rb').read(1)
        print('the agent can be read')
    except PermissionError:
        print('the agent keeps to itself')
print('step=1 loss=0.5')
open('/tmp/output/model.txt', 'w').write('weights')
";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_real_node_the_agent_runs_the_program_in_the_images_container() {
    let Ok(address) = std::env::var("HEARTH_TEST_NODE_ADDRESS") else {
        return hearth_skip::skip("HEARTH_TEST_NODE_ADDRESS names no real node");
    };
    let prepare = |options: &mut KubernetesOptions| options.agent_image = "hearth.test/agent:1".into();
    let Some(mut cluster) = Cluster::open_with("real", prepare).await else { return };
    let mut launch = cluster.launch(1);
    launch.spec.image.reference = Some("hearth.test/python:1".into());
    launch.placement.node_selector = BTreeMap::from([("pool".to_owned(), "real".to_owned())]);
    launch.placement.device.as_mut().unwrap().resource = "huawei.com/Ascend910".into();
    let folder = tempfile::tempdir().unwrap();
    let code = tar(&[("train.py", TRAIN)]);
    let server =
        Server::start_at(known(folder.path(), launch.spec.clone(), code, vec![]).into(), &address).await;
    launch.token = Secret::new(TOKEN);
    let engine = {
        let mut options = options(&cluster.name, &cluster.kubeconfig);
        prepare(&mut options);
        options.server = format!("http://{}/", server.address).parse().unwrap();
        KubernetesEngine::open(options).await
    };
    cluster.changes = engine.watch();
    let handle = engine.start(launch).await.unwrap();
    let Observation::Running { machine } = cluster.running().await else { panic!("it runs") };
    assert_eq!(machine.as_deref(), Some("real-0"));
    let finish = server.finished().await;
    let log = server.log();
    assert_eq!((finish.outcome.state, finish.exit_code), (TaskState::Succeeded, Some(0)), "{log}");
    assert!(log.starts_with("machine True /home/task /tmp/code\ncards "), "{log}");
    assert!(log.contains("\nshared 16\ntoken False False\n"), "{log}");
    assert_eq!(log.matches("the agent keeps to itself\n").count(), 2, "{log}");
    assert_eq!(finish.outputs[0].path.as_str(), "model.txt");
    assert_eq!(cluster.over().await, Observation::Exited { delivered: true });
    engine.forget(&handle).await.unwrap();
    cluster.clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_is_told_what_a_cluster_allows() {
    let Some(cluster) = Cluster::open("look").await else { return };
    assert_eq!(cluster.engine.health().state, EngineState::Good);
    let found = KubernetesEngine::examine(&options("look", &cluster.kubeconfig)).await;
    assert!(found.health.is_good() && found.health.version.is_some());
    assert!(found.allowances.iter().all(|allowance| allowance.is_allowed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_is_away_or_refuses_is_in_bad_health_and_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    let with = |text: String| {
        std::fs::write(&path, text).unwrap();
        let options = options("away", &path);
        async move { KubernetesEngine::examine(&options).await.health }
    };
    let config = |server: &str, context: &str| {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: {context}\n\
             clusters: [{{name: c, cluster: {{server: \"{server}\"}}}}]\nusers: [{{name: u, user: {{token: t}}}}]\n\
             contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n"
        )
    };
    // Nothing listens on the discard port.
    assert_eq!(with(config("http://127.0.0.1:9", "c")).await.state, EngineState::Unreachable);
    assert_eq!(with(config("http://127.0.0.1:9", "other")).await.state, EngineState::BadConfiguration);
    assert_eq!(with("not: [a kubeconfig".to_owned()).await.state, EngineState::BadConfiguration);
    assert_eq!(
        KubernetesEngine::examine(&options("away", "/nowhere/kubeconfig".as_ref())).await.health.state,
        EngineState::BadConfiguration
    );
    std::fs::write(&path, config("http://127.0.0.1:9", "c")).unwrap();
    let engine = KubernetesEngine::open(options("away", &path)).await;
    assert_eq!(engine.health().state, EngineState::Unreachable);
    assert!(matches!(engine.capacity(&[]).await, Err(Error::Unreachable(_))));
    assert!(matches!(engine.observe(&Handle("hearth-1-1".into())).await, Err(Error::Unreachable(_))));
}
