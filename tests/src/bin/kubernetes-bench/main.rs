//! The Kubernetes rows of `cargo xtask bench`: one line per figure, `name<TAB>value<TAB>unit`. Measures
//! `HEARTH_BIN` on the cluster of `HEARTH_TEST_KUBECONFIG`. The method is described in `docs/performance.md`.

#![allow(clippy::disallowed_methods, reason = "tools read files of the kernel")]
#![expect(clippy::cast_precision_loss, reason = "figures for people have few digits")]

mod bare;
mod cores;
mod cost;
mod follow;

use std::time::{Duration, Instant};

use cost::Cost;
use hearth_tests::{Agents, Script, Site, TestCluster, figure, percentile, wait_until};
use serde_json::{Value, json};

const TASKS: usize = 1000;
/// How often the tasks are launched, alternating with manually created Jobs.
const ROUNDS: usize = 2;
const PATIENCE: Duration = Duration::from_mins(10);

fn main() {
    let cluster = TestCluster::of_this_run().expect("HEARTH_TEST_KUBECONFIG names a cluster");
    let site = Site::on(cluster, "");
    // More cards than tasks: what is measured is how fast they start, not how long they wait for a card.
    let node = site.node("cards").nvidia("Tesla-T4", 15360, 110);
    let _nodes = site.cluster.add_nodes(&site.name("cards"), 10, &node);
    site.make_pool("cards", "nvidia", "");
    site.make_spec("one", "nvidia", 1, "");
    site.make_image("torch", &[("cuda", "hearth.test/train:cuda")]);

    cores::apart(&site, || against_bare_jobs(&site));
    shown(&site);
    logs(&site);
    waiting(&site);
}

/// Tasks, and before, between and after them the same Jobs created manually.
fn against_bare_jobs(site: &Site) {
    let asked = json!({ "spec": "one", "image": "torch" });
    let model = bare::like(site, &asked);
    // The first round finds everything cold, and does not count.
    bare::run(site, "first", TASKS / 10, &model);
    let bare = |round: usize| {
        let cost = bare::run(site, &format!("bare-{round}"), TASKS, &model);
        figure("bare Jobs created and running, one round", cost.rate(), "/s");
        cost
    };
    let (mut jobs, mut tasks) = (bare(0), Cost::default());
    for round in 1..=ROUNDS {
        let cost = submit(site, &asked);
        figure("tasks submitted and running, one round", cost.rate(), "/s");
        tasks = tasks.with(cost);
        jobs = jobs.with(bare(round));
    }
    figure("bare Jobs created and running", jobs.rate(), "/s");
    figure("tasks submitted and running", tasks.rate(), "/s");
    figure("tasks against bare Jobs", tasks.rate() / jobs.rate(), "");
    figure("the control plane's CPU for a bare Job", jobs.cpu_milliseconds(), "ms");
    figure("the control plane's CPU for a task", tasks.cpu_milliseconds(), "ms");
}

/// From the first request to the start of the last pod.
fn submit(site: &Site, asked: &Value) -> Cost {
    // Long enough that none ends while others are still to start.
    let script = Script { lines: 12, burst: 1, pause: Duration::from_secs(5), failing: None };
    let agents = Agents::play(&site.cluster, &site.selector(), script);
    let before = site.count("SUCCEEDED");
    let cost = Cost::of(site, TASKS, || {
        std::thread::scope(|scope| {
            scope.spawn(|| site.launch_many(TASKS, asked));
            wait_until("all pods to run", PATIENCE, || agents.lives().len() >= TASKS);
        });
    });
    wait_until("all of them", PATIENCE, || site.count("SUCCEEDED") == before + TASKS);
    let jobs = format!("/apis/batch/v1/jobs?labelSelector={}", site.selector());
    wait_until("the end of their Jobs", PATIENCE, || site.cluster.list(&jobs).is_empty());
    cost
}

/// From the end of a pod to the update on the task's open page.
fn shown(site: &Site) {
    const PAGES: usize = 20;
    let script = Script { lines: 100_000, burst: 1, pause: Duration::from_secs(1), failing: None };
    let agents = Agents::play(&site.cluster, &site.selector(), script);
    let tasks = site.launch_many(PAGES, &json!({ "spec": "one", "image": "torch" }));
    wait_until("them to run", PATIENCE, || site.count("RUNNING") == PAGES);
    std::thread::sleep(Duration::from_secs(2));
    let mut times: Vec<Duration> = Vec::new();
    for task in tasks {
        let mut page = follow::open(&site.server.url(&format!("/tasks/{task}/events")));
        follow::until(&mut page, |line| line.starts_with("event:") || line.starts_with("data:"));
        let attempt = format!("hearth-{task}-1");
        let path = format!("/api/v1/pods?labelSelector=hearth.dev/attempt={attempt},{}", site.selector());
        let pods: Vec<Value> = site.cluster.list(&path);
        let (namespace, name) = (&pods[0]["metadata"]["namespace"], &pods[0]["metadata"]["name"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let started = Instant::now();
        site.cluster.end_pod(&text(namespace), &text(name), 137, Some("OOMKilled"));
        follow::until(&mut page, |line| line.starts_with("event:") || line.starts_with("data:"));
        times.push(started.elapsed());
    }
    drop(agents);
    figure("a pod's end on the open page, median", percentile(&mut times, 50) * 1000.0, "ms");
    figure("a pod's end on the open page, slowest", percentile(&mut times, 100) * 1000.0, "ms");
    wait_until("their end", PATIENCE, || site.count("RUNNING") == 0);
}

/// Fifty tasks log as fast as they can, at most a thousand lines a second each; four viewers follow each of
/// them from its beginning. Measured from the first line that anybody sees.
fn logs(site: &Site) {
    const SPEAKERS: usize = 50;
    const VIEWERS: usize = 4;
    const LINES: u64 = 8000;
    let script = Script { lines: LINES, burst: 200, pause: Duration::from_millis(200), failing: None };
    let before = site.count("SUCCEEDED");
    let _agents = Agents::play(&site.cluster, &site.selector(), script);
    let tasks = site.launch_many(SPEAKERS, &json!({ "spec": "one", "image": "torch" }));
    let seen: Vec<follow::Seen> = std::thread::scope(|scope| {
        let viewers: Vec<_> = tasks
            .iter()
            .flat_map(|task| std::iter::repeat_n(*task, VIEWERS))
            .map(|task| {
                let address = site.server.url(&format!("/tasks/{task}/log/stream?attempt=1&from=0"));
                scope.spawn(move || follow::read(&address, LINES))
            })
            .collect();
        viewers.into_iter().map(|viewer| viewer.join().unwrap_or_default()).collect()
    });
    let first = seen.iter().filter_map(|viewer| viewer.first).min();
    let took = first.map_or(f64::MAX, |first| first.elapsed().as_secs_f64());
    let missed: u64 = seen.iter().map(|viewer| LINES.saturating_sub(viewer.lines)).sum();
    wait_until("the end of the speakers", PATIENCE, || site.count("SUCCEEDED") == before + SPEAKERS);
    figure("log lines taken, with 200 viewers", (LINES * SPEAKERS as u64) as f64 / took, "/s");
    figure("log lines that a viewer missed", missed as f64, "");
    figure("memory at most, Hearth", site.server.process().memory("VmHWM") as f64 / 1e6, "MB");
}

/// How long a launch takes while a thousand other tasks wait for a card that is in use.
fn waiting(site: &Site) {
    const MEASURED: usize = 200;
    let node = site.node("rare").ascend(1);
    let _node = site.cluster.add_nodes(&site.name("rare"), 1, &node);
    site.make_pool("rare", "ascend-910", "64 GiB");
    site.make_spec("rare", "ascend-910", 1, "");
    site.make_image("mind", &[("cann", "hearth.test/train:cann")]);
    let asked = json!({ "spec": "rare", "image": "mind" });
    site.launch_many(TASKS, &asked);
    let mut times: Vec<Duration> = (0..MEASURED)
        .map(|_| {
            let started = Instant::now();
            site.launch_with(&site.mei, &asked);
            started.elapsed()
        })
        .collect();
    figure("create while 1,000 wait, p50", percentile(&mut times, 50) * 1000.0, "ms");
    figure("create while 1,000 wait, p99", percentile(&mut times, 99) * 1000.0, "ms");
}
