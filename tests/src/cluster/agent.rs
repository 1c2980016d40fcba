//! Agents of fake pods: nothing runs in such a pod, so the test process speaks the agent's protocol on its
//! behalf, with the token that the pod would have mounted.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

use super::talk::{Gone, Talk};
use super::token::Keys;
use crate::TestCluster;

/// What each agent does.
#[derive(Clone, Copy)]
pub struct Script {
    /// The number of lines it logs, from `line 0` on; those of later nodes start with their rank.
    pub lines: u64,
    /// The number of lines it logs at once.
    pub burst: u64,
    /// The pause between bursts.
    pub pause: Duration,
    /// The rank of the node whose program ends with exit code 3 after its first burst.
    pub failing: Option<u64>,
}

/// Agents that start with their pods and end with them.
pub struct Agents {
    ended: Arc<AtomicBool>,
    lives: Arc<Mutex<HashMap<String, Life>>>,
    player: Option<JoinHandle<()>>,
}

/// One run of an agent: each pod has one, and an attempt should have one.
#[derive(Clone)]
pub struct Life {
    pub attempt: String,
    pub node: String,
    pub image: String,
    /// It received its work.
    pub began: bool,
    /// The server has answered its `finish`.
    pub delivered: bool,
    killed: Arc<AtomicBool>,
}

/// The heartbeat interval.
const BEAT: Duration = Duration::from_secs(2);
const ATTEMPT: &str = "hearth.dev/attempt";
const RANK: &str = "batch.kubernetes.io/job-completion-index";

impl Life {
    /// Whether its pod or machine was removed.
    pub fn was_killed(&self) -> bool {
        self.killed.load(Ordering::Relaxed)
    }
}

impl Agents {
    /// Plays the agent of every pod with these labels: `hearth.dev/instance=…`.
    pub fn play(cluster: &Arc<TestCluster>, selector: &str, script: Script) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let lives = Arc::<Mutex<HashMap<String, Life>>>::default();
        let pods = cluster.watch(&format!("/api/v1/pods?labelSelector={selector}"));
        let (http, keys) = (Talk::client(), Arc::<Keys>::default());
        let player = std::thread::spawn({
            let (cluster, ended, lives) = (Arc::clone(cluster), Arc::clone(&ended), Arc::clone(&lives));
            move || {
                while !ended.load(Ordering::Relaxed) {
                    if let Some(pod) = pods.next(Duration::from_millis(100)) {
                        meet(&http, &cluster, &keys, &pod, &lives, &ended, script);
                    }
                }
            }
        });
        Self { ended, lives, player: Some(player) }
    }

    /// The machine is gone with everything on it.
    pub fn lose_node(&self, name: &str) {
        let lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        for life in lives.values().filter(|life| life.node == name) {
            life.killed.store(true, Ordering::Relaxed);
        }
    }

    /// All agents so far.
    pub fn lives(&self) -> Vec<Life> {
        self.lives.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl Drop for Agents {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(player) = self.player.take() {
            // A player that panicked has failed its test already.
            drop(player.join());
        }
    }
}

/// Starts the agent of a running pod, and ends that of a pod that no longer runs.
fn meet(
    http: &Client,
    cluster: &Arc<TestCluster>,
    keys: &Arc<Keys>,
    pod: &Value,
    lives: &Arc<Mutex<HashMap<String, Life>>>,
    ended: &Arc<AtomicBool>,
    script: Script,
) {
    let word = |pointer: &str| pod.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = word("/metadata/uid");
    let mut known = lives.lock().unwrap_or_else(PoisonError::into_inner);
    let over = !word("/metadata/deletionTimestamp").is_empty() || word("/status/phase") == "Failed";
    match known.get(&id) {
        Some(life) if over => life.killed.store(true, Ordering::Relaxed),
        None if !over && word("/status/phase") == "Running" => {
            let life = Life {
                attempt: pod["metadata"]["labels"][ATTEMPT].as_str().unwrap_or_default().to_owned(),
                node: word("/spec/nodeName"),
                image: word("/spec/containers/0/image"),
                began: false,
                delivered: false,
                killed: Arc::default(),
            };
            known.insert(id.clone(), life.clone());
            let http = http.clone();
            let (cluster, lives, ended) = (Arc::clone(cluster), Arc::clone(lives), Arc::clone(ended));
            let (keys, pod) = (Arc::clone(keys), pod.clone());
            let (namespace, name) = (word("/metadata/namespace"), word("/metadata/name"));
            // Only the pods of tasks with several nodes have one.
            let rank = pod["metadata"]["labels"][RANK].as_str().and_then(|rank| rank.parse().ok());
            let rank: u64 = rank.unwrap_or_default();
            std::thread::spawn(move || {
                let killed = Arc::clone(&life.killed);
                let gone = move || killed.load(Ordering::Relaxed) || ended.load(Ordering::Relaxed);
                let Some(talk) = Talk::of_pod(http, &cluster, &keys, &pod, Box::new(gone)) else { return };
                let note = |what: fn(&mut Life)| {
                    if let Some(life) = lives.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&id) {
                        what(life);
                    }
                };
                let begun = talk.get(&format!("spec?node={rank}&process={}", id.replace('-', "")));
                if begun.is_ok() {
                    note(|life| life.began = true);
                }
                let delivered = begun.is_ok() && live(&talk, rank, script).is_ok();
                if delivered {
                    note(|life| life.delivered = true);
                }
                let exit = json!({ "fake.hearth/exit-code": if delivered { "0" } else { "1" } });
                let path = format!("/api/v1/namespaces/{namespace}/pods/{name}");
                talk.until_answered(|| {
                    let fields = json!({ "metadata": { "annotations": exit } }).to_string();
                    let request = cluster.request(Method::PATCH, &path);
                    request.header("Content-Type", "application/merge-patch+json").body(fields)
                })
                .map(drop)
                .unwrap_or_default();
            });
        }
        _ => {}
    }
}

/// How a program ended.
struct End {
    outcome: Value,
    exit_code: Option<i32>,
}

impl End {
    fn well() -> Self {
        Self { outcome: json!({ "state": "SUCCEEDED", "reason": "run.finished" }), exit_code: Some(0) }
    }

    fn badly() -> Self {
        Self { outcome: json!({ "state": "FAILED", "reason": "run.exit_nonzero" }), exit_code: Some(3) }
    }

    /// From the server's command.
    fn as_told(reason: &Value) -> Self {
        let state = if reason == "run.node_failed" { "FAILED" } else { "STOPPED" };
        Self { outcome: json!({ "state": state, "reason": reason }), exit_code: None }
    }
}

/// From the first request to the answered `finish`.
fn live(talk: &Talk, rank: u64, script: Script) -> Result<(), Gone> {
    let mut log = Log { rank, ..Log::default() };
    let started = now();
    if rank == 0 {
        let event = json!({ "time": started, "reason": "run.started", "data": {} });
        talk.post("events", &json!({ "first": 0, "events": [event] }))?;
    }
    let mut told = None;
    for number in 0..script.lines {
        if told.is_none_or(|time: Instant| time.elapsed() > BEAT) {
            let beat = json!({ "phase": "running", "resources": null });
            let reply = talk.post(&format!("heartbeat?node={rank}"), &beat)?;
            told = Some(Instant::now());
            if reply["command"] == "stop" {
                return end(talk, &mut log, &End::as_told(&reply["reason"]), started);
            }
        }
        if rank > 0 {
            log.text.extend(["node ", &rank.to_string(), " "]);
        }
        log.text.extend(["line ", &number.to_string(), "\n"]);
        if (number + 1).is_multiple_of(script.burst) {
            log.send(talk)?;
            if script.failing == Some(rank) {
                return end(talk, &mut log, &End::badly(), started);
            }
            sleep(script.pause);
        }
    }
    end(talk, &mut log, &End::well(), started)
}

fn end(talk: &Talk, log: &mut Log, end: &End, started: Timestamp) -> Result<(), Gone> {
    let stopped = end.exit_code.is_none();
    loop {
        log.send(talk)?;
        let finish = json!({
            "outcome": end.outcome,
            "exit_code": end.exit_code,
            "signal": if stopped { json!("SIGTERM") } else { json!(null) },
            "started_at": started,
            "finished_at": now(),
            "usage": { "wall_seconds": 1.0, "cpu_seconds": 1.0, "peak_memory_bytes": 1, "accelerator_seconds": 1.0 },
            "command": ["python", "train.py"],
            "working_directory": "/code",
            "system": "a fake node",
            "environment_lock": "",
            "sandbox": null,
            "outputs": [],
            "log_bytes": log.text.len(),
            "metrics_bytes": 0,
            "events": u64::from(log.rank == 0),
        });
        if talk.finish(log.rank, &finish)? {
            return Ok(());
        }
        log.sent = 0; // the server lost something: it says from where on
    }
}

#[expect(clippy::disallowed_methods, reason = "an agent has its machine's clock, which no test sets")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The log as on the pod's disk, and how much of it the server has.
#[derive(Default)]
struct Log {
    rank: u64,
    text: String,
    sent: usize,
}

impl Log {
    fn send(&mut self, talk: &Talk) -> Result<(), Gone> {
        while self.sent < self.text.len() {
            let piece = self.text[self.sent..].to_owned();
            let next = talk.append(&format!("log?node={}&offset={}", self.rank, self.sent), &piece)?;
            self.sent = usize::try_from(next).unwrap_or_default();
        }
        Ok(())
    }
}
