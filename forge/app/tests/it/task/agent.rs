use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use hearth_app::{
    Limits,
    attempt::{self, AgentError},
    blobs::Promise,
    compute, log, metrics, output, record, task, undelivered_outputs,
};
use hearth_core::{BrokenRequest, Error, Outcome, Reason, TaskState, Timestamp};
use hearth_runner::{
    engine::Observation,
    protocol::{Event, EventBatch, Finish, Heartbeat, NO_ROOM, OutputEntry, Phase, Usage},
};

use hearth_store::{
    image,
    image_check::{self, ImageCheck},
    testing::TestStore,
};

use tokio::io::{AsyncRead, ReadBuf};

use super::world::World;

pub(super) fn heartbeat() -> Heartbeat {
    Heartbeat { phase: Phase::Running, resources: None }
}

pub(super) fn finish(outcome: Outcome, log_bytes: u64) -> Finish {
    Finish {
        outcome,
        exit_code: Some(0),
        signal: None,
        started_at: Some(Timestamp::from_second(1_790_000_000)),
        finished_at: Timestamp::from_second(1_790_000_009),
        usage: Usage::default(),
        command: vec!["python3".into(), "train.py".into()],
        working_directory: "/tmp/code".into(),
        system: "Linux 6 x86_64".into(),
        driver: None,
        environment_lock: "python==3\n".into(),
        sandbox: None,
        packages: None,
        outputs: vec![],
        outputs_left_out: vec![],
        outputs_left_out_more: 0,
        log_bytes,
        metrics_bytes: 0,
        events: 0,
    }
}

pub(super) fn entry(path: &str, bytes: &[u8]) -> OutputEntry {
    use sha2::{Digest as _, Sha256};
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    OutputEntry { path: path.parse().expect("a plain path"), size_bytes: bytes.len() as u64, sha256 }
}

const DONE: Outcome = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };

#[tokio::test]
async fn a_log_grows_at_its_exact_end_and_a_retry_doubles_nothing() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let (agent, app) = (world.agent(task.id).await, world.app());
    agent.log(app, 0, 0, b"one\ntwo\n".to_vec()).await.expect("taken");
    let again = agent.log(app, 0, 0, b"one\ntwo\n".to_vec()).await;
    assert!(matches!(again, Err(AgentError::Offset(end)) if end.next_offset == 8), "{again:?}");
    agent.log(app, 0, 8, b"three\n".to_vec()).await.expect("taken");
    agent.metrics(app, 0, b"{\"step\": 1, \"loss\": 0.5}\n".to_vec()).await.expect("taken");
    let access = world.find(task.id).await;
    let lines = log::tail(app, &access, 1, 0, 2).await.expect("lines");
    let texts: Vec<&str> = lines.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!((lines.first_line, texts), (2, vec!["two", "three"]));
    assert_eq!(log::read(app, &access, 1, 0, 8).await.expect("a piece").bytes, b"three\n");
    assert!(log::read(app, &access, 2, 0, 0).await.is_err());
    let curves = metrics::series(app, &access, 1, 100).await.expect("curves").series;
    assert_eq!((curves[0].name.as_str(), curves[0].points.len()), ("loss", 1));
}

#[tokio::test]
async fn events_of_the_agent_move_the_task_once() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let (agent, app) = (world.agent(task.id).await, world.app());
    let event = |reason| Event { time: app.now(), reason, data: [].into() };
    let batch = EventBatch { first: 0, events: vec![event(Reason::StageCode), event(Reason::RunStarted)] };
    agent.events(app, &batch).await.expect("taken");
    let again = agent.events(app, &batch).await;
    assert!(matches!(again, Err(AgentError::Offset(end)) if end.next_offset == 2), "{again:?}");
    assert_eq!(world.state(task.id).await, "RUNNING run.started");
    let steps = task::timeline(app, &world.find(task.id).await).await.expect("a timeline");
    let reasons: Vec<_> = steps.iter().map(|step| step.reason.as_str()).collect();
    assert_eq!(reasons, ["submitted", "stage.start", "stage.code", "run.started"]);
}

#[tokio::test]
async fn an_end_is_taken_once_and_only_when_everything_is_here() {
    for store in TestStore::all().await {
        end_once(&World::on(store, 1).await).await;
    }
}

async fn end_once(world: &World) {
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let (agent, app) = (world.agent(task.id).await, world.app());
    let early = agent.finish(app, &finish(DONE, 4)).await;
    assert!(matches!(early, Err(AgentError::Offset(end)) if end.next_offset == 0), "{early:?}");
    agent.log(app, 0, 0, b"one\n".to_vec()).await.expect("taken");
    agent.finish(app, &finish(DONE, 4)).await.expect("taken");
    agent.finish(app, &finish(DONE, 4)).await.expect("the same again");
    assert_eq!(world.state(task.id).await, "SUCCEEDED run.finished");
    let late = world.agent(task.id).await.log(app, 0, 4, b"late\n".to_vec()).await;
    assert!(matches!(late, Err(AgentError::Gone)), "{late:?}");
    world.hearth.run_jobs().await;
    let run = record::document(app, &world.find(task.id).await, 1).await.expect("readable").expect("sealed");
    assert_eq!((run.code.commit, run.engine.as_str()), (task.commit_id, "fake"));
    let verdict = hearth_runner::record::verify(&app.tasks_directory().join(format!("{}/1", task.id)));
    assert_eq!(verdict.expect("readable").faults, []);
}

#[tokio::test]
async fn an_output_goes_on_where_it_broke_off() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let (agent, app) = (world.agent(task.id).await, world.app());
    let whole = vec![7; 3 << 20];
    let entry = entry("model/weights.bin", &whole);
    let half = &whole[..2 << 20];
    let status = agent.receive_output(app, entry.clone(), 0, half).await.expect("taken");
    assert_eq!((status.received, status.complete), (2 << 20, false));
    let wrong = agent.receive_output(app, entry.clone(), 5, half).await;
    assert!(matches!(wrong, Err(AgentError::Output(status)) if status.received == 2 << 20), "{wrong:?}");
    let cut = agent.receive_output(app, entry.clone(), 2 << 20, HungUp).await;
    let cut = cut.expect_err("nothing came");
    assert!(matches!(cut, AgentError::Other(Error::Request(BrokenRequest::Cut))), "{cut:?}");
    let rest = &whole[2 << 20..];
    assert!(agent.receive_output(app, entry.clone(), 2 << 20, rest).await.expect("taken").complete);
    assert!(agent.output_status(app, entry.clone()).await.expect("a status").complete);
    let mut end = finish(DONE, 0);
    end.outputs = vec![entry.clone()];
    agent.finish(app, &end).await.expect("taken");
    let access = world.find(task.id).await;
    assert!(agent.take_output(app, entry.path.clone()).await.is_ok_and(|taken| taken == Some(entry.clone())));
    let (row, object) = output::find(app, &access, 1, "model/weights.bin").await.expect("there");
    assert_eq!((&row.sha256, object.id().as_str()), (&entry.sha256, entry.sha256.as_str()));
    assert!(output::find(app, &access, 1, "../run.json").await.is_err());
}

/// A body whose sender has disconnected.
struct HungUp;

impl AsyncRead for HungUp {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other(BrokenRequest::Cut)))
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_attempt_while_it_runs() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    assert!(matches!(attempt::enter(world.app(), "guess").await, Err(AgentError::Other(_))));
    let agent = world.agent(task.id).await;
    agent.finish(world.app(), &finish(DONE, 0)).await.expect("taken");
    let late = world.agent(task.id).await.begin(world.app(), 0, "one").await;
    assert!(matches!(late, Err(AgentError::Gone)));
    assert!(attempt::authenticate(world.app(), "guess").await.expect("an answer").is_none());
}

#[tokio::test]
async fn an_agent_that_was_ended_before_it_heard_of_the_stop_was_stopped() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    task::stop(world.app(), &world.find(task.id).await).await.expect("stopped");
    let put_out = Outcome { state: TaskState::Failed, reason: Reason::RunEvicted };
    world.agent(task.id).await.finish(world.app(), &finish(put_out, 0)).await.expect("taken");
    let ended = world.find(task.id).await;
    assert_eq!((ended.task().state, ended.task().reason), (TaskState::Stopped, Reason::UserStop));
}

#[tokio::test]
async fn a_pod_that_a_cluster_started_twice_works_once() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let (agent, app) = (world.agent(task.id).await, world.app());
    agent.begin(app, 0, "one").await.expect("the first has it");
    assert!(matches!(agent.begin(app, 0, "two").await, Err(AgentError::Taken)));
    agent.begin(app, 0, "one").await.expect("its first answer may have been lost");
    assert!(matches!(agent.begin(app, 0, "../one").await, Err(AgentError::Other(_))));
    assert!(matches!(agent.begin(app, 1, "two").await, Err(AgentError::Other(_))), "there is no second node");
}

#[tokio::test]
async fn the_end_of_a_smoke_task_says_whether_its_image_runs() {
    for (outcome, has_passed) in
        [(DONE, true), (Outcome { state: TaskState::Failed, reason: Reason::RunExitNonzero }, false)]
    {
        let world = World::with_cpus(1).await;
        let task = world.launch("smoke").await;
        let mut writer = world.app().store().write().await.expect("a transaction");
        let image =
            image::find_by_code(&mut writer, &task.image_code).await.expect("an answer").expect("there");
        let check = ImageCheck {
            image_id: image.id,
            accelerator_code: "cpu".into(),
            task_id: Some(task.id),
            has_passed: None,
            checked_at: world.app().now(),
        };
        image_check::begin(&mut writer, &check).await.expect("kept");
        writer.commit().await.expect("kept");
        compute::run_pass(world.app()).await.expect("a pass");
        world.agent(task.id).await.finish(world.app(), &finish(outcome, 0)).await.expect("taken");
        let mut reader = world.app().store().read().await.expect("a reader");
        let checks = image_check::list(&mut reader).await.expect("rows");
        assert_eq!(checks[0].has_passed, Some(has_passed));
    }
}

#[tokio::test]
async fn a_hash_that_an_attempt_only_names_opens_nothing() {
    for store in TestStore::all().await {
        name_only(&World::on(store, 1).await).await;
    }
}

async fn name_only(world: &World) {
    let (secret, app) = (b"weights of a private repository", world.app());
    let promise = Promise::default();
    app.blobs().put(&secret[..], &promise, app.limits().lfs_object()).await.expect("stored");
    let task = world.launch("run").await;
    compute::run_pass(app).await.expect("a pass");
    let agent = world.agent(task.id).await;
    let stolen = entry("stolen.bin", secret);
    let status = agent.output_status(app, stolen.clone()).await.expect("a status");
    assert_eq!((status.received, status.complete), (0, false), "known elsewhere is not here");

    let mine = entry("stolen.bin", b"mine");
    assert!(agent.receive_output(app, mine.clone(), 0, &b"mine"[..]).await.expect("taken").complete);
    let mut end = finish(DONE, 0);
    for named in [stolen, entry("other.bin", secret)] {
        end.outputs = vec![mine.clone(), named.clone()];
        let refused = agent.finish(app, &end).await;
        assert!(matches!(&refused, Err(AgentError::NotReceived(path)) if *path == named.path), "{refused:?}");
    }
    end.outputs = vec![mine.clone()];
    agent.finish(app, &end).await.expect("taken");
    world.hearth.run_jobs().await;
    let access = world.find(task.id).await;
    let kept = output::list(app, &access, 1).await.expect("rows");
    assert_eq!(kept.iter().map(|row| &row.sha256).collect::<Vec<_>>(), [&mine.sha256]);
    assert!(output::find(app, &access, 1, "other.bin").await.is_err());
}

#[tokio::test]
async fn outputs_have_a_limit_together_and_an_attempt_in_their_number() {
    let limits = Limits { task_output_bytes: 10, ..Limits::default() };
    let world = World::with_limits(limits).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let (agent, app) = (world.agent(task.id).await, world.app());
    let send = async |path: &str, bytes: &'static [u8]| {
        agent.receive_output(app, entry(path, bytes), 0, bytes).await
    };
    assert!(send("a", b"123456").await.expect("taken").complete);
    let over = send("b", b"123456").await;
    assert!(matches!(over, Err(AgentError::Other(Error::TooLarge(_)))), "{over:?}");
    assert!(send("a", b"1234567890").await.expect("in the place of the first").complete);
    let below = send("a/b", b"").await;
    assert!(matches!(below, Err(AgentError::Other(Error::Invalid(_)))), "no file is a folder: {below:?}");
}

#[tokio::test]
async fn what_a_dead_agent_left_is_stored_without_its_word() {
    for is_quiet in [true, false] {
        let world = World::with_cpus(1).await;
        let task = world.launch("run").await;
        compute::run_pass(world.app()).await.expect("a pass");
        let (agent, app) = (world.agent(task.id).await, world.app());
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).expect("written");
        std::fs::create_dir(folder.path().join("sub")).expect("made");
        write("sub/model.bin", "weights");
        write("sent.bin", "newer");
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("passwd")).expect("linked");
        let sent = entry("sent.bin", b"sent");
        assert!(agent.receive_output(app, sent.clone(), 0, &b"sent"[..]).await.expect("taken").complete);

        let name = format!("hearth-{}-1", task.id);
        world.engine.leave_outputs(&name, folder.path(), is_quiet);
        world
            .engine
            .show(&name, Observation::Lost { reason: Reason::PlatformFault, detail: "killed".into() });
        world.hearth.clock.advance(Duration::from_mins(1));
        compute::run_pass(app).await.expect("a pass");
        let access = world.find(task.id).await;
        assert_eq!(access.task().state, TaskState::Failed);
        assert!(!world.engine.has_forgotten(&name), "nothing is deleted because its agent is gone");
        let left = undelivered_outputs::find(app, &access, 1).await.expect("an answer").expect("something");
        assert_eq!((left.files, left.size_bytes), (1, 7));

        world.hearth.run_jobs().await;
        assert_eq!(undelivered_outputs::find(app, &access, 1).await.expect("an answer"), None);
        assert!(world.engine.has_forgotten(&name));
        let kept = output::list(app, &access, 1).await.expect("rows");
        let kept: Vec<_> = kept.iter().map(|row| (row.path.as_str(), row.sha256.as_str())).collect();
        let model = entry("sub/model.bin", b"weights");
        assert_eq!(kept, [("sent.bin", sent.sha256.as_str()), ("sub/model.bin", model.sha256.as_str())]);
        let run = record::document(app, &access, 1).await.expect("readable").expect("sealed");
        assert_eq!(run.outputs.files.len(), 2, "the record was opened for it");
        let verdict = hearth_runner::record::verify(&app.tasks_directory().join(format!("{}/1", task.id)));
        assert_eq!(verdict.expect("readable").faults, []);
    }
}

#[tokio::test]
async fn what_nobody_stores_is_kept_for_days_and_not_for_good() {
    let world = World::with_cpus(1).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("model.bin"), "weights").expect("written");
    let (app, name) = (world.app(), format!("hearth-{}-1", task.id));
    let mut end = finish(Outcome { state: TaskState::Failed, reason: Reason::OutputsNoRoom }, 0);
    end.outputs_left_out = vec![("model.bin".into(), NO_ROOM.into())];
    world.agent(task.id).await.finish(app, &end).await.expect("taken");
    world.engine.leave_outputs(&name, folder.path(), false);
    world.engine.show(&name, Observation::Exited { delivered: true });
    let hours = 24 * u64::from(app.settings().undelivered_days);
    world.hearth.clock.advance(Duration::from_hours(hours - 1));
    compute::adopt_attempts(app).await.expect("a start");
    let access = world.find(task.id).await;
    assert!(undelivered_outputs::find(app, &access, 1).await.expect("an answer").is_some());
    world.hearth.clock.advance(Duration::from_hours(1));
    compute::adopt_attempts(app).await.expect("a start");
    assert!(world.engine.has_forgotten(&name));
}
