//! What a cluster reports about attempts, and attempts of several nodes.

use std::time::Duration;

use hearth_app::{attempt::AgentError, compute, image, task, task::NewTask};
use hearth_core::{Outcome, Reason, TaskId, TaskState};
use hearth_runner::{
    engine::Observation,
    protocol::{Command, Finish},
};
use hearth_store::testing::TestStore;

use super::{
    agent::{finish, heartbeat},
    world::{World, node},
};

const DONE: Outcome = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };

async fn run_pass(world: &World) {
    compute::run_pass(world.app()).await.expect("a pass");
}

async fn timeline(world: &World, id: TaskId) -> Vec<(Reason, String)> {
    let access = world.find(id).await;
    let events = task::timeline(world.app(), &access).await.expect("a timeline");
    let detail =
        |event: &hearth_store::task_event::TaskEvent| event.data.0.get("detail").cloned().unwrap_or_default();
    events.iter().map(|event| (event.reason, detail(event))).collect()
}

#[tokio::test]
async fn what_keeps_a_pod_is_one_line_a_change_and_never_given_up() {
    let world = World::cluster(TestStore::sqlite().await, vec![node("g0", "gpu", 4)]).await;
    let task = world.launch_new(World::ask("nvidia-4")).await;
    run_pass(&world).await;
    let before = timeline(&world, task.id).await.len();
    let name = format!("hearth-{}-1", task.id);
    let pulling = Observation::Pending { reason: Reason::ImagePulling, detail: "torch:1".into() };
    world.engine.show(&name, pulling);
    for _ in 0..40 {
        world.hearth.clock.advance(Duration::from_mins(1));
        run_pass(&world).await;
    }
    let lines = timeline(&world, task.id).await;
    assert_eq!(lines[before..], [(Reason::ImagePulling, "torch:1".to_owned())], "{lines:?}");
    assert_eq!(world.state(task.id).await, "CREATING image.pulling");
    let lost = Observation::Lost { reason: Reason::ImagePullFailed, detail: "not found".into() };
    world.engine.show(&name, lost);
    world.hearth.clock.advance(Duration::from_mins(1));
    run_pass(&world).await;
    assert_eq!(world.state(task.id).await, "FAILED image.pull_failed");
    let lines = timeline(&world, task.id).await;
    assert_eq!(lines.last(), Some(&(Reason::ImagePullFailed, "not found".to_owned())));
}

async fn gang(world: &World) -> TaskId {
    let task = world.launch_new(NewTask { nodes: 2, ..World::ask("nvidia-4") }).await;
    run_pass(world).await;
    task.id
}

async fn two_machines() -> World {
    World::cluster(TestStore::sqlite().await, vec![node("g0", "gpu", 4), node("g1", "gpu", 4)]).await
}

#[tokio::test]
async fn the_first_node_ends_the_attempt_when_the_others_have_ended() {
    let world = two_machines().await;
    let id = gang(&world).await;
    let app = world.app();
    let agent = world.agent(id).await;
    for rank in [0, 1] {
        agent.heartbeat_of(app, rank, &heartbeat()).await.expect("heard");
        agent.log(app, rank, 0, b"line\n".to_vec()).await.expect("taken");
    }
    assert!(agent.heartbeat_of(app, 2, &heartbeat()).await.is_err(), "there are two nodes");
    assert!(agent.log(app, 2, 0, b"line\n".to_vec()).await.is_err(), "there are two nodes");
    let early = agent.finish_of(app, 0, &finish(DONE, 5)).await;
    assert!(matches!(early, Err(AgentError::NotYet)), "{early:?}");
    agent.finish_of(app, 1, &finish(DONE, 5)).await.expect("taken");
    agent.finish_of(app, 1, &finish(DONE, 5)).await.expect("taken once more");
    agent.finish_of(app, 0, &finish(DONE, 5)).await.expect("taken");
    assert_eq!(world.state(id).await, "SUCCEEDED run.finished");
}

#[tokio::test]
async fn each_node_is_where_the_cluster_has_put_it() {
    let world = two_machines().await;
    let id = gang(&world).await;
    let mut planned: Vec<String> = machines(&world, id).await;
    planned.reverse();
    world.engine.place(&planned);
    world.hearth.clock.advance(Duration::from_secs(31));
    run_pass(&world).await;
    assert_eq!(machines(&world, id).await, planned);
}

async fn machines(world: &World, id: TaskId) -> Vec<String> {
    let nodes = task::nodes(world.app(), &world.find(id).await, 1).await.expect("nodes");
    nodes.into_iter().map(|node| node.machine).collect()
}

#[tokio::test]
async fn a_node_that_fails_stops_the_others_and_its_reason_is_the_tasks() {
    let world = two_machines().await;
    let id = gang(&world).await;
    let (app, agent) = (world.app(), world.agent(id).await);
    for rank in [0, 1] {
        assert_eq!(
            agent.heartbeat_of(app, rank, &heartbeat()).await.expect("heard").command,
            Command::Continue
        );
    }
    let failed = Outcome { state: TaskState::Failed, reason: Reason::RunExitNonzero };
    let end = Finish { exit_code: Some(3), ..finish(failed, 0) };
    agent.finish_of(app, 1, &end).await.expect("taken");
    agent.finish_of(app, 1, &end).await.expect("taken once more");
    let told = agent.heartbeat_of(app, 0, &heartbeat()).await.expect("heard");
    assert_eq!((told.command, told.reason), (Command::Stop, Some(Reason::RunNodeFailed)));
    let stopped = Outcome { state: TaskState::Failed, reason: Reason::RunNodeFailed };
    let end = Finish { exit_code: None, signal: Some("SIGTERM".into()), ..finish(stopped, 0) };
    agent.finish_of(app, 0, &end).await.expect("taken");
    assert_eq!(world.state(id).await, "FAILED run.exit_nonzero");
    let events = task::timeline(app, &world.find(id).await).await.expect("a timeline");
    let told: Vec<_> = events.iter().filter(|event| event.reason == Reason::RunExitNonzero).collect();
    assert_eq!(told.len(), 2, "when it happened, and as the end of the task: {events:?}");
    for event in told {
        let facts = event.data.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        assert_eq!(facts.collect::<Vec<_>>(), [("exit_code", "3"), ("node", "1")]);
    }
}

#[tokio::test]
async fn a_node_that_never_ends_is_not_waited_for_for_ever() {
    let world = two_machines().await;
    let id = gang(&world).await;
    let (app, agent) = (world.app(), world.agent(id).await);
    assert!(matches!(agent.finish_of(app, 0, &finish(DONE, 0)).await, Err(AgentError::NotYet)));
    world.hearth.clock.advance(Duration::from_mins(6));
    agent.finish_of(app, 0, &finish(DONE, 0)).await.expect("taken");
    assert_eq!(world.state(id).await, "SUCCEEDED run.finished");
}

#[tokio::test]
async fn a_task_that_the_cluster_put_off_waits_again_at_its_place() {
    starts_again_after(Reason::Preempted, "Preempted by a pod on node g0").await;
}

#[tokio::test]
async fn a_machine_that_is_lost_before_the_program_began_costs_nothing() {
    starts_again_after(Reason::RunNodeLost, "PodGC: node no longer exists").await;
}

#[tokio::test]
async fn a_place_that_the_clusters_queue_takes_back_ends_the_attempt_that_was_at_work_there() {
    for (seen, has_begun, told, attempts) in [
        (Reason::QueueClusterClosed, false, Reason::QueueClusterClosed, 1),
        (Reason::QueueClusterClosed, true, Reason::RunSuspended, 1),
        (Reason::Preempted, true, Reason::Preempted, 2),
    ] {
        let world = two_machines().await;
        let task = world.launch_new(World::ask("nvidia-4")).await;
        run_pass(&world).await;
        if has_begun {
            let agent = world.agent(task.id).await;
            agent.begin(world.app(), 0, "one").await.expect("the work is its");
            agent.heartbeat(world.app(), &heartbeat()).await.expect("heard");
        }
        let taken_back = Observation::Pending { reason: seen, detail: "no quota".into() };
        world.engine.show(&format!("hearth-{}-1", task.id), taken_back);
        world.hearth.clock.advance(Duration::from_mins(1));
        run_pass(&world).await;
        run_pass(&world).await;
        let lines = timeline(&world, task.id).await;
        assert!(lines.contains(&(told, "no quota".to_owned())), "{told}: {lines:?}");
        assert_eq!(world.find(task.id).await.task().attempts, attempts, "{told}");
    }
}

#[tokio::test]
async fn an_agent_that_has_only_seen_a_signal_ends_for_the_reason_that_its_engine_knows() {
    let world = two_machines().await;
    let task = world.launch_new(World::ask("nvidia-4")).await;
    run_pass(&world).await;
    let put_back = (Reason::RunSuspended, "The ClusterQueue is stopped".to_owned());
    world.engine.take_away(put_back.0, &put_back.1);
    let put_out = Outcome { state: TaskState::Failed, reason: Reason::RunEvicted };
    let agent = world.agent(task.id).await;
    agent.begin(world.app(), 0, "one").await.expect("the work is its");
    agent.heartbeat(world.app(), &heartbeat()).await.expect("heard");
    agent.finish(world.app(), &finish(put_out, 0)).await.expect("taken");
    assert_eq!(world.state(task.id).await, "FAILED run.suspended");
    assert_eq!(timeline(&world, task.id).await.last(), Some(&put_back));
}

async fn starts_again_after(reason: Reason, detail: &str) {
    let world = two_machines().await;
    let task = world.launch_new(World::ask("nvidia-4")).await;
    run_pass(&world).await;
    let name = format!("hearth-{}-1", task.id);
    world.engine.show(&name, Observation::Lost { reason, detail: detail.into() });
    world.hearth.clock.advance(Duration::from_mins(1));
    run_pass(&world).await;
    run_pass(&world).await;
    assert_eq!(world.find(task.id).await.task().attempts, 2, "it was started again");
    assert!(world.engine.names().contains(&format!("hearth-{}-2", task.id)));
}

#[tokio::test]
async fn interpreters_of_this_machine_are_offered_where_tasks_run_on_it_and_nowhere_else() {
    for (world, is_offered) in [(World::with_cpus(1).await, true), (two_machines().await, false)] {
        image::discover(world.app(), &[]).await.expect("looked");
        let found = image::list(world.app()).await.expect("images");
        let system = std::path::Path::new("/usr/bin/python3");
        let is_found =
            found.iter().any(|image| image.interpreter.as_deref() == system.to_str() && image.is_available);
        assert_eq!(is_found, is_offered && system.exists());
    }
}
