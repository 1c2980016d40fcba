//! The server's clock is set while tasks run.

use std::time::Duration;

use hearth_app::{compute, task};
use hearth_core::{Clock as _, Timestamp};

use super::{agent::heartbeat, world::World};

const HOUR: Duration = Duration::from_hours(1);

/// An hour ahead, and an hour back.
const JUMPS: [fn(Timestamp) -> Timestamp; 2] = [|now| now + HOUR, |now| now - HOUR];

async fn run_pass(world: &World) {
    compute::run_pass(world.app()).await.expect("a pass");
}

#[tokio::test]
async fn a_clock_that_is_set_ends_no_task_and_hides_no_silence() {
    for jump in JUMPS {
        let world = World::with_cpus(2).await;
        let task = world.launch("run").await;
        run_pass(&world).await;
        let hears =
            async || world.agent(task.id).await.heartbeat(world.app(), &heartbeat()).await.expect("heard");
        hears().await;
        world.hearth.clock.set(jump(world.hearth.clock.now()));
        run_pass(&world).await;
        assert_eq!(world.state(task.id).await, "RUNNING run.started");
        for _ in 0..160 {
            world.hearth.clock.advance(Duration::from_secs(15));
            hears().await;
            run_pass(&world).await;
        }
        assert_eq!(
            world.state(task.id).await,
            "RUNNING run.started",
            "it was heard for more than half an hour"
        );
        world.hearth.clock.set(jump(world.hearth.clock.now()));
        world.hearth.clock.advance(Duration::from_secs(31));
        run_pass(&world).await;
        assert_eq!(world.state(task.id).await, "UNKNOWN platform.fault");
        world.hearth.clock.advance(Duration::from_mins(30));
        run_pass(&world).await;
        assert_eq!(world.state(task.id).await, "FAILED platform.fault");
    }
}

#[tokio::test]
async fn a_task_that_is_asked_to_stop_has_its_grace_whatever_the_clock_says() {
    for jump in JUMPS {
        let world = World::with_cpus(1).await;
        let task = world.launch("run").await;
        run_pass(&world).await;
        world.agent(task.id).await.heartbeat(world.app(), &heartbeat()).await.expect("heard");
        task::stop(world.app(), &world.find(task.id).await).await.expect("stopped");
        run_pass(&world).await;
        world.hearth.clock.set(jump(world.hearth.clock.now()));
        run_pass(&world).await;
        assert_eq!(world.state(task.id).await, "STOPPING user.stop");
        for _ in 0..20 {
            world.hearth.clock.advance(Duration::from_secs(10));
            world.agent(task.id).await.heartbeat(world.app(), &heartbeat()).await.ok();
            run_pass(&world).await;
        }
        assert_eq!(world.state(task.id).await, "STOPPED user.stop", "it was ended by force in the end");
    }
}
