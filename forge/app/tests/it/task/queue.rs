use std::time::Duration;

use hearth_app::{compute, queue, task};
use hearth_core::{Outcome, Reason, TaskState};
use hearth_runner::engine::Observation;
use hearth_store::attempt;

use super::{agent::finish, world::World};

#[tokio::test]
async fn the_queue_says_who_is_next_and_what_is_missing() {
    let world = World::with_cpus(1).await;
    let (first, second, third) =
        (world.launch("one").await, world.launch("two").await, world.launch("three").await);
    compute::run_pass(world.app()).await.expect("a pass");
    assert_eq!(world.state(first.id).await, "CREATING stage.start");
    assert_eq!(world.state(second.id).await, "WAITING queue.no_cpu");
    assert_eq!(world.state(third.id).await, "WAITING queue.behind");
    let place = queue::place(world.app(), &third).await.expect("an answer").expect("it waits");
    assert_eq!((place.place, place.waiting, place.need.cpus), (2, 2, 1));
    assert_eq!(place.free.map(|free| free.cpus), Some(0));
    assert_eq!(queue::place(world.app(), &first).await.expect("an answer"), None);

    let done = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
    world.agent(first.id).await.finish(world.app(), &finish(done, 0)).await.expect("taken");
    compute::run_pass(world.app()).await.expect("a pass");
    assert_eq!(world.state(second.id).await, "CREATING stage.start");
    assert_eq!(world.state(third.id).await, "WAITING queue.no_cpu");
    assert_eq!(world.engine.names().len(), 2);
}

#[tokio::test]
async fn a_stop_between_row_and_engine_starts_nothing_twice() {
    let world = World::with_cpus(2).await;
    let task = world.launch("run").await;
    world.engine.set_cannot_start(true);
    compute::run_pass(world.app()).await.expect("a pass");
    assert_eq!(world.state(task.id).await, "CREATING stage.start");
    assert!(world.engine.names().is_empty());
    world.engine.set_cannot_start(false);
    compute::run_pass(world.app()).await.expect("too early to try again");
    assert!(world.engine.names().is_empty());
    world.hearth.clock.advance(Duration::from_secs(11));
    for _ in 0..3 {
        compute::run_pass(world.app()).await.expect("a pass");
    }
    assert_eq!(world.engine.names(), [format!("hearth-{}-1", task.id)]);
    assert_eq!(
        world.agent(task.id).await.begin(world.app(), 0, "one").await.expect("a spec").program.label(),
        "train.py"
    );
}

#[tokio::test]
async fn a_server_that_comes_back_takes_up_what_runs_and_ends_what_is_gone() {
    let world = World::with_cpus(2).await;
    let (lives, gone) = (world.launch("lives").await, world.launch("gone").await);
    compute::run_pass(world.app()).await.expect("a pass");
    world.hearth.clock.advance(Duration::from_hours(1));
    let lost = Observation::Lost { reason: Reason::PlatformFault, detail: "SIGKILL".into() };
    world.engine.show(&format!("hearth-{}-1", gone.id), lost);
    compute::adopt_attempts(world.app()).await.expect("a start");
    compute::run_pass(world.app()).await.expect("a pass");
    assert_eq!(world.state(gone.id).await, "FAILED platform.fault");
    assert_eq!(world.state(lives.id).await, "CREATING stage.start");
    let steps = task::timeline(world.app(), &world.find(gone.id).await).await.expect("a timeline");
    let last = steps.last().expect("a step");
    assert_eq!((last.source.as_str(), last.data.0["detail"].as_str()), ("server", "SIGKILL"));
    assert_eq!(world.engine.names().len(), 2);
}

#[tokio::test]
async fn an_agent_that_falls_silent_is_unknown_until_it_is_heard_again() {
    let world = World::with_cpus(2).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    let heartbeat = super::agent::heartbeat();
    world.agent(task.id).await.heartbeat(world.app(), &heartbeat).await.expect("heard");
    assert_eq!(world.state(task.id).await, "RUNNING run.started");
    world.hearth.clock.advance(Duration::from_secs(31));
    compute::run_pass(world.app()).await.expect("a pass");
    assert_eq!(world.state(task.id).await, "UNKNOWN platform.fault");
    world.agent(task.id).await.heartbeat(world.app(), &heartbeat).await.expect("heard");
    assert_eq!(world.state(task.id).await, "RUNNING platform.adopted");
    world.hearth.clock.advance(Duration::from_hours(1));
    compute::run_pass(world.app()).await.expect("a pass");
    assert_eq!(world.state(task.id).await, "FAILED platform.fault");
}

#[tokio::test]
async fn an_agent_that_another_server_hears_is_not_silent() {
    let world = World::with_cpus(2).await;
    let task = world.launch("run").await;
    compute::run_pass(world.app()).await.expect("a pass");
    world.agent(task.id).await.heartbeat(world.app(), &super::agent::heartbeat()).await.expect("heard");
    let store = world.app().store();
    for _ in 0..3 {
        world.hearth.clock.advance(Duration::from_secs(25));
        // The other server stores the heartbeat, and this one only reads it.
        let mut writer = store.write().await.expect("a transaction");
        let attempt = attempt::find(&mut writer, task.id, 1).await.expect("an answer").expect("there");
        let is_open = attempt::heartbeat(&mut writer, attempt.id, world.app().now()).await.expect("kept");
        assert!(is_open);
        writer.commit().await.expect("kept");
        compute::run_pass(world.app()).await.expect("a pass");
        assert_eq!(world.state(task.id).await, "RUNNING run.started");
    }
    world.hearth.clock.advance(Duration::from_secs(31));
    compute::run_pass(world.app()).await.expect("a pass");
    assert_eq!(world.state(task.id).await, "UNKNOWN platform.fault");
}

#[tokio::test]
async fn a_task_that_waits_stops_at_once_and_one_that_runs_is_asked() {
    let world = World::with_cpus(1).await;
    let (runs, waits) = (world.launch("runs").await, world.launch("waits").await);
    compute::run_pass(world.app()).await.expect("a pass");
    world.agent(runs.id).await.heartbeat(world.app(), &super::agent::heartbeat()).await.expect("heard");
    for id in [runs.id, waits.id, waits.id] {
        task::stop(world.app(), &world.find(id).await).await.expect("stopped");
    }
    assert_eq!(world.state(waits.id).await, "STOPPED user.stop");
    assert_eq!(world.state(runs.id).await, "STOPPING user.stop");
    let reply =
        world.agent(runs.id).await.heartbeat(world.app(), &super::agent::heartbeat()).await.expect("heard");
    assert_eq!(reply.reason, Some(Reason::UserStop));
    let stopped = Outcome { state: TaskState::Stopped, reason: Reason::UserStop };
    world.agent(runs.id).await.finish(world.app(), &finish(stopped, 0)).await.expect("taken");
    assert_eq!(world.state(runs.id).await, "STOPPED user.stop");
    task::delete(world.app(), &world.find(runs.id).await).await.expect("gone");
}
