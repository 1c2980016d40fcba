use std::{process::Command, time::Duration};

use futures_util::StreamExt;
use hearth_core::{Reason, TaskState};
use hearth_runner::{
    engine::{Engine, Handle, Observation},
    sandbox::Fence,
    spec::Limits,
};

use crate::setup::{Stage, engine};

const SLOW: &str = "import time\nprint('begun')\ntime.sleep(3)\nprint('ended')\n";

fn agent_pid(stage: &Stage) -> String {
    let mark = std::fs::read_to_string(stage.agent_folder().join("agent.pid")).unwrap();
    serde_json::from_str::<serde_json::Value>(&mark).unwrap()["pid"].to_string()
}

/// The cgroups of an attempt, wherever they are mounted.
fn groups_named(name: &str) -> Vec<String> {
    let found = Command::new("find")
        .args(["/sys/fs/cgroup", "-maxdepth", "8", "-name", &format!("{name}-*")])
        .output()
        .unwrap();
    String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_attempt_starts_once() {
    let mut stage = Stage::with(SLOW).await;
    let first = stage.launch().await;
    let second = stage.engine.start(stage.agent_launch()).await.unwrap();
    assert_eq!(first, second);
    stage.server.wait_for_log("begun").await;
    let third = stage.engine.start(stage.agent_launch()).await.unwrap();
    assert_eq!(first, third);
    stage.server.finished().await;
    stage.over().await;
    // Also after it is over, and from a restarted server.
    engine(stage.folder.path()).await.start(stage.agent_launch()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(stage.server.log(), "begun\nended\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_agent_is_lost_and_takes_its_program_with_it() {
    let mut stage = Stage::with(
        "import time\n\
         while True:\n\
         \x20   open('/tmp/alive', 'w').write(str(time.time()))\n\
         \x20   print('alive')\n\
         \x20   time.sleep(0.05)\n",
    )
    .await;
    let mut changes = stage.engine.watch();
    let handle = stage.launch().await;
    stage.server.wait_for_log("alive").await;
    let had_groups = stage.engine.report().cgroup.is_some();
    assert_eq!(!groups_named(&handle.0).is_empty(), had_groups);
    assert!(Command::new("kill").args(["-9", &agent_pid(&stage)]).status().unwrap().success());
    let lost = async {
        loop {
            let change = changes.next().await.unwrap();
            if matches!(change.observation, Observation::Lost { .. }) {
                return change;
            }
        }
    };
    let change = tokio::time::timeout(Duration::from_secs(10), lost).await.unwrap();
    assert_eq!(change.handle, handle);
    assert!(matches!(stage.engine.observe(&handle).await.unwrap(), Observation::Lost { .. }));
    tokio::time::sleep(Duration::from_millis(300)).await;
    let alive = stage.agent_folder().join("work/tmp/alive");
    let before = std::fs::read_to_string(&alive).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(std::fs::read_to_string(&alive).unwrap(), before, "the program is gone as well");
    stage.engine.forget(&handle).await.unwrap();
    assert!(!stage.agent_folder().exists());
    assert_eq!(groups_named(&handle.0), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_known_again_after_a_restart() {
    let mut stage = Stage::with(SLOW).await;
    let handle = stage.launch().await;
    stage.server.wait_for_log("begun").await;
    let again = engine(stage.folder.path()).await;
    let mut changes = again.watch();
    let unknown = Handle("hearth-1-1".to_owned());
    let seen = again.adopt(&[handle.clone(), unknown.clone()]).await.unwrap();
    assert_eq!(seen[0], (handle.clone(), Observation::Running { machine: None }));
    assert!(matches!(seen[1], (_, Observation::Lost { .. })));
    stage.server.finished().await;
    let ended = async {
        loop {
            let change = changes.next().await.unwrap();
            if change.observation.is_over() {
                return change;
            }
        }
    };
    let change = tokio::time::timeout(Duration::from_secs(10), ended).await.unwrap();
    assert_eq!((change.handle, change.observation), (handle, Observation::Exited { delivered: true }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_can_ask_for_the_end() {
    let mut stage = Stage::with("import time\nprint('begun')\ntime.sleep(60)\n").await;
    let handle = stage.launch().await;
    stage.server.wait_for_log("begun").await;
    stage.engine.stop(&handle, Duration::from_secs(5)).await.unwrap();
    let finish = stage.server.finished().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Stopped, Reason::UserStop));
    assert_eq!(finish.signal.as_deref(), Some("SIGTERM"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_on_no_disk_once_its_agent_has_it() {
    let mut stage = Stage::with("print()").await;
    stage.run().await;
    assert!(stage.agent_folder().join("agent.json").exists());
    assert!(!stage.agent_folder().join("token").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_has_processors_and_memory() {
    let stage = Stage::with("").await;
    let capacity = stage.engine.capacity(&[]).await.unwrap();
    assert!(capacity.machines[0].cpus >= 1 && capacity.machines[0].memory_bytes > 1 << 28);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_agent_left_stays_until_it_is_forgotten() {
    let mut stage = Stage::with(
        "import os, time\n\
         open(os.environ['LOCAL_OUTPUT_PATH'] + '/checkpoint', 'w').write('weights')\n\
         print('saved')\n\
         time.sleep(60)\n",
    )
    .await;
    let handle = stage.launch().await;
    stage.server.wait_for_log("saved").await;
    let while_it_runs = stage.engine.outputs(&handle).await.unwrap();
    assert!(!while_it_runs.is_quiet, "its program can write");
    assert!(Command::new("kill").args(["-9", &agent_pid(&stage)]).status().unwrap().success());
    assert!(matches!(stage.over().await, Observation::Lost { .. }));
    let is_fenced = stage.engine.fence().unwrap() == Fence::Bubblewrap;
    let mut left = stage.engine.outputs(&handle).await.unwrap();
    for _ in 0..100 {
        if left.is_quiet == is_fenced {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        left = stage.engine.outputs(&handle).await.unwrap();
    }
    assert_eq!(left.is_quiet, is_fenced, "what is dead writes nothing");
    let found = hearth_runner::outputs::find(&left.path, &Limits::default());
    assert_eq!(found.files, [("checkpoint".parse().unwrap(), 7)]);
    stage.engine.forget(&handle).await.unwrap();
    assert_eq!(stage.engine.outputs(&handle).await, None);
}
