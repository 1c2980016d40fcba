//! From the queue to an engine: pools, cards, images and quotas, decided late and all at once.

use std::{collections::BTreeMap, time::Duration};

use hearth_app::{
    Actor, Unit, access, compute,
    queue::{self, Changes, QuotaLimit},
    task::{self, NewTask},
};
use hearth_core::{Action, Error, Outcome, OwnerId, Permission, Reason, TaskId, TaskState};
use hearth_runner::engine::{Observation, Placement};
use hearth_store::{
    attempt, attempt_node, card_usage, image, image_variant, pool as pool_row, testing::TestStore,
};

use super::{
    agent::{finish, heartbeat},
    world::{World, node},
};

async fn run_pass(world: &World) {
    compute::run_pass(world.app()).await.expect("a pass");
}

fn name(id: TaskId, attempt: u32) -> String {
    format!("hearth-{id}-{attempt}")
}

#[tokio::test]
async fn pool_cards_and_image_are_decided_together_when_the_turn_comes() {
    for store in TestStore::all().await {
        let world = World::cluster(store, vec![node("g0", "gpu", 1), node("n0", "npu", 2)]).await;
        let small = world.launch_new(World::ask("any-1")).await;
        let large = world.launch_new(World::ask("any-large")).await;
        run_pass(&world).await;
        let npu = world.engine.launched(&name(small.id, 1));
        assert_eq!(npu.spec.image.reference.as_deref(), Some("images.test/torch:cann"));
        assert_eq!(npu.spec.image.digest.as_deref(), Some("sha256:cann"));
        assert_eq!(npu.spec.resources.accelerators[0].vendor, "ascend-910");
        assert_eq!((npu.placement.owner.as_str(), npu.placement.pool.as_str()), ("mei", "npu"));
        assert_eq!(npu.placement.machines, ["n0"]);
        assert_eq!(npu.placement.node_selector["pool"], "npu");
        assert_eq!(
            npu.placement.device.map(|device| device.resource).as_deref(),
            Some("huawei.com/Ascend910")
        );
        let gpu = world.engine.launched(&name(large.id, 1));
        assert_eq!(gpu.spec.image.reference.as_deref(), Some("images.test/torch:cuda"));
        assert_eq!(gpu.placement.pool, "gpu");
        let mut reader = world.app().store().read().await.expect("a reader");
        let kept = attempt::find(&mut reader, small.id, 1).await.expect("an answer").expect("there");
        assert_eq!(kept.pool_code, "npu");
        let placement: Placement =
            kept.placement.expect("kept with the attempt").read().expect("a placement");
        assert_eq!(placement.machines, ["n0"]);
    }
}

#[tokio::test]
async fn an_attempt_is_handed_over_again_as_it_was_decided() {
    let world = World::cluster(TestStore::sqlite().await, vec![node("n0", "npu", 1)]).await;
    let task = world.launch_new(World::ask("any-1")).await;
    world.engine.set_cannot_start(true);
    run_pass(&world).await;
    assert!(world.engine.names().is_empty());
    world.engine.set_cannot_start(false);
    world.hearth.clock.advance(Duration::from_secs(11));
    run_pass(&world).await;
    let again = world.engine.launched(&name(task.id, 1));
    assert_eq!(
        (again.placement.pool.as_str(), again.placement.machines.as_slice()),
        ("npu", &["n0".to_owned()][..])
    );
    assert!(again.placement.device.is_some());
}

#[tokio::test]
async fn many_admissions_at_once_spend_no_card_and_no_quota_twice() {
    for store in TestStore::all().await {
        let nodes = (0..4).map(|number| node(&format!("g{number}"), "gpu", 4)).collect();
        let world = World::cluster(store, nodes).await;
        world.join("li").await;
        world.set_quota(Some("mei"), 4, Some(2)).await;
        for _ in 0..18 {
            world.launch_new(World::ask("nvidia-1")).await;
            world.launch_of("li", World::ask("nvidia-1")).await;
        }
        let looks = (0..12).map(|_| compute::run_pass(world.app()));
        for looked in futures_util::future::join_all(looks).await {
            looked.expect("a pass");
        }
        let mut cards: BTreeMap<(String, u32), usize> = BTreeMap::new();
        let mut by_owner: BTreeMap<String, usize> = BTreeMap::new();
        for name in world.engine.names() {
            let launch = world.engine.launched(&name);
            *by_owner.entry(launch.placement.owner).or_default() += 1;
            for card in launch.spec.resources.accelerators {
                *cards.entry((launch.placement.machines[0].clone(), card.index)).or_default() += 1;
            }
        }
        assert!(cards.values().all(|count| *count == 1), "a card was given twice: {cards:?}");
        assert_eq!(cards.len(), 16);
        assert!((4..=6).contains(&by_owner["mei"]), "{by_owner:?}");
    }
}

#[tokio::test]
async fn a_waiting_task_is_told_which_quota_and_how_much() {
    let world = World::cluster(TestStore::sqlite().await, vec![node("g0", "gpu", 8)]).await;
    world.set_quota(None, 2, Some(0)).await;
    world.launch_new(World::ask("nvidia-2")).await;
    let second = world.launch_new(World::ask("nvidia-1")).await;
    run_pass(&world).await;
    assert_eq!(world.state(second.id).await, "WAITING queue.quota");
    let place = queue::place(world.app(), world.find(second.id).await.task()).await.expect("an answer");
    let place = place.expect("it waits");
    assert_eq!(place.reason, Reason::QueueQuota);
    let fact = |name: &str| place.facts[name].as_str();
    assert_eq!((fact("limit"), fact("used"), fact("most")), (QuotaLimit::Cards.as_str(), "2", "2"));
    // No other spec would start: the quota is used up, and the pool without cards has no machine.
    assert_eq!(place.switches, ["plain"].map(str::to_owned).as_slice()[..0]);
    let free = place.free.expect("a machine is large enough");
    assert_eq!((free.all_cards, free.machines), (6, 1));
}

#[tokio::test]
async fn a_paused_pool_says_its_message_and_starts_nothing() {
    let world = World::cluster(TestStore::sqlite().await, vec![node("g0", "gpu", 8)]).await;
    let mut writer = world.app().store().write().await.expect("a transaction");
    let found = pool_row::find(&mut writer, "gpu").await.expect("an answer").expect("there");
    let paused = pool_row::Pool { is_paused: true, pause_message: "New driver".into(), ..found };
    pool_row::update(&mut writer, &paused).await.expect("kept");
    writer.commit().await.expect("kept");
    let task = world.launch_new(World::ask("nvidia-1")).await;
    run_pass(&world).await;
    assert_eq!(world.state(task.id).await, "WAITING queue.pool_paused");
    let place = queue::place(world.app(), &task).await.expect("an answer").expect("it waits");
    assert_eq!((place.facts["pool"].as_str(), place.facts["message"].as_str()), ("GPU", "New driver"));
}

#[tokio::test]
async fn borrowed_cards_are_taken_back_with_notice_and_the_task_goes_on_later() {
    for store in TestStore::all().await {
        let world = World::cluster(store, vec![node("g0", "gpu", 4)]).await;
        world.join("li").await;
        world.set_quota(Some("mei"), 2, None).await;
        world.set_quota(Some("li"), 2, None).await;
        let first = world.launch_new(World::ask("nvidia-2")).await;
        world.hearth.clock.advance(Duration::from_secs(1));
        let young = world.launch_new(World::ask("nvidia-2")).await;
        run_pass(&world).await;
        for id in [first.id, young.id] {
            world.agent(id).await.heartbeat(world.app(), &heartbeat()).await.expect("heard");
        }
        let claimed = world.launch_of("li", World::ask("nvidia-2")).await;
        run_pass(&world).await;
        // The youngest task with borrowed cards is asked to stop, and no other.
        assert_eq!(world.state(claimed.id).await, "WAITING queue.preempting");
        assert_eq!(world.state(first.id).await, "RUNNING run.started");
        assert_eq!(world.state(young.id).await, "STOPPING preempted");
        let reply = world.agent(young.id).await.heartbeat(world.app(), &heartbeat()).await.expect("heard");
        assert_eq!((reply.reason, reply.grace_seconds), (Some(Reason::Preempted), 30));
        run_pass(&world).await;
        assert_eq!(world.state(first.id).await, "RUNNING run.started");

        let told = Outcome { state: TaskState::Stopped, reason: Reason::Preempted };
        world.agent(young.id).await.finish(world.app(), &finish(told, 0)).await.expect("taken");
        assert_eq!(world.state(young.id).await, "WAITING preempted");
        let waiting = world.find(young.id).await;
        assert_eq!((waiting.task().queued_at, waiting.task().stop_requested_at), (young.queued_at, None));
        run_pass(&world).await;
        assert_eq!(world.state(claimed.id).await, "CREATING stage.start");
        assert!(world.state(young.id).await.starts_with("WAITING queue."));
        assert_eq!(world.state(first.id).await, "RUNNING run.started");

        let done = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
        world.agent(claimed.id).await.finish(world.app(), &finish(done, 0)).await.expect("taken");
        run_pass(&world).await;
        assert_eq!(world.state(young.id).await, "CREATING stage.start");
        let again = world.engine.launched(&name(young.id, 2));
        assert!(again.spec.resume && !world.engine.launched(&name(young.id, 1)).spec.resume);
        let steps = task::timeline(world.app(), &world.find(young.id).await).await.expect("a timeline");
        let told: Vec<String> = steps
            .iter()
            .map(|step| format!("{} {} {}", step.attempt_number, step.state, step.reason))
            .collect();
        let expected = [
            "0 WAITING submitted",
            "1 CREATING stage.start",
            "1 STOPPING preempted",
            "1 WAITING preempted",
            "2 CREATING stage.start",
        ];
        assert_eq!(told, expected);
        assert_eq!(steps[2].data.0["for"], claimed.id.to_string());
    }
}

#[tokio::test]
async fn an_administrators_urgent_task_takes_the_room_of_the_youngest() {
    let world = World::cluster(TestStore::sqlite().await, vec![node("g0", "gpu", 4)]).await;
    let old = world.launch_new(World::ask("nvidia-2")).await;
    run_pass(&world).await;
    world.hearth.clock.advance(Duration::from_secs(5));
    let young = world.launch_new(World::ask("nvidia-2")).await;
    run_pass(&world).await;
    let urgent = NewTask { priority: 5, ..World::ask("nvidia-2") };
    let refused = task::launch(world.app(), &world.writing().await, urgent.clone()).await;
    assert!(matches!(refused, Err(Error::Invalid(fields)) if fields[0].field == "priority"));
    world.join_admin("wang").await;
    let urgent = world.launch_of("wang", urgent).await;
    run_pass(&world).await;
    assert_eq!(world.state(urgent.id).await, "WAITING queue.preempting");
    assert_eq!(world.state(young.id).await, "STOPPING preempted");
    assert_eq!(world.state(old.id).await, "CREATING stage.start");
    // Its agent dies without a report: it has made room all the same, and waits again.
    let lost = Observation::Lost { reason: Reason::PlatformFault, detail: "SIGKILL".into() };
    world.engine.show(&name(young.id, 1), lost);
    world.hearth.clock.advance(Duration::from_secs(31));
    run_pass(&world).await;
    assert_eq!(world.state(urgent.id).await, "CREATING stage.start");
    assert!(world.state(young.id).await.starts_with("WAITING "), "{}", world.state(young.id).await);
}

#[tokio::test]
async fn a_task_that_is_stopped_while_it_makes_room_ends() {
    let world = World::cluster(TestStore::sqlite().await, vec![node("g0", "gpu", 1)]).await;
    world.join("li").await;
    world.set_quota(Some("mei"), 0, None).await;
    world.set_quota(Some("li"), 1, None).await;
    let runs = world.launch_new(World::ask("nvidia-1")).await;
    run_pass(&world).await;
    world.agent(runs.id).await.heartbeat(world.app(), &heartbeat()).await.expect("heard");
    world.launch_of("li", World::ask("nvidia-1")).await;
    run_pass(&world).await;
    assert_eq!(world.state(runs.id).await, "STOPPING preempted");
    task::stop(world.app(), &world.find(runs.id).await).await.expect("stopped");
    let told = Outcome { state: TaskState::Stopped, reason: Reason::Preempted };
    world.agent(runs.id).await.finish(world.app(), &finish(told, 0)).await.expect("taken");
    assert_eq!(world.state(runs.id).await, "STOPPED user.stop");
}

#[tokio::test]
async fn cards_are_counted_from_admission_to_the_end_and_a_spent_week_lets_nothing_start() {
    for store in TestStore::all().await {
        let world = World::cluster(store, vec![node("g0", "gpu", 8)]).await;
        let task = world.launch_new(World::ask("nvidia-2")).await;
        run_pass(&world).await;
        world.hearth.clock.advance(Duration::from_mins(30));
        let done = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
        world.agent(task.id).await.finish(world.app(), &finish(done, 0)).await.expect("taken");
        let mut reader = world.app().store().read().await.expect("a reader");
        let since = world.app().now() - Duration::from_hours(24 * 7);
        let used = card_usage::list_since(&mut reader, since).await.expect("rows");
        drop(reader);
        assert_eq!(used.len(), 1);
        assert_eq!((used[0].accelerator_code.as_str(), used[0].card_seconds), ("nvidia", 3_600));

        world.set_weekly("mei", 3_600).await;
        let next = world.launch_new(World::ask("nvidia-1")).await;
        run_pass(&world).await;
        assert_eq!(world.state(next.id).await, "WAITING queue.quota");
        let place = queue::place(world.app(), &next).await.expect("an answer").expect("it waits");
        assert_eq!((place.facts["limit"].as_str(), place.facts["used"].as_str()), ("week", "1.0"));
        world.hearth.clock.advance(Duration::from_hours(24 * 7));
        run_pass(&world).await;
        assert_eq!(world.state(next.id).await, "CREATING stage.start");
    }
}

#[tokio::test]
async fn a_waiting_task_is_offered_what_would_start_now_and_takes_it() {
    let world =
        World::cluster(TestStore::sqlite().await, vec![node("g0", "gpu", 4), node("n0", "npu", 1)]).await;
    world.launch_new(World::ask("nvidia-2")).await;
    let waits = world.launch_new(World::ask("nvidia-4")).await;
    run_pass(&world).await;
    let access = world.find(waits.id).await;
    let place = queue::place(world.app(), access.task()).await.expect("an answer").expect("it waits");
    assert_eq!((place.place, place.reason), (1, Reason::QueueNoCard));
    let offered = |code: &str| place.switches.iter().any(|offered| offered == code);
    assert!(["nvidia-1", "any-1", "any-large", "nvidia-2"].into_iter().all(offered), "{:?}", place.switches);
    assert!(!offered("nvidia-4") && !offered("plain"), "{:?}", place.switches);
    let to = |spec: &str| Changes { spec: Some(spec.to_owned()), ..Changes::default() };
    // From now on no machine with such cards runs its image.
    let mut writer = world.app().store().write().await.expect("a transaction");
    let torch = image::find_by_code(&mut writer, "torch").await.expect("an answer").expect("there").id;
    assert!(image_variant::delete(&mut writer, torch, "cuda").await.expect("an answer"));
    writer.commit().await.expect("kept");
    world.hearth.clock.advance(Duration::from_secs(30));
    run_pass(&world).await;
    for (spec, field, code) in [
        ("no-such-spec", "spec", "unknown-choice"),
        ("plain", "spec", "fits-nowhere"),
        ("nvidia-1", "image", "no-variant"),
    ] {
        let refused = queue::change(world.app(), &access, &to(spec)).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(fields)) if (fields[0].field, fields[0].code) == (field, code)),
            "{refused:?}"
        );
    }
    let switched = queue::change(world.app(), &access, &to("any-1")).await.expect("switched");
    assert_eq!((switched.cards, switched.queued_at), (1, waits.queued_at));
    run_pass(&world).await;
    assert_eq!(world.engine.launched(&name(waits.id, 1)).placement.pool, "npu");
    let too_late = queue::change(world.app(), &access, &to("nvidia-1")).await;
    assert!(too_late.is_err());
}

#[tokio::test]
async fn its_people_make_a_waiting_task_less_urgent_and_an_administrator_more() {
    for store in TestStore::all().await {
        let world = World::cluster(store, vec![node("g0", "gpu", 1)]).await;
        world.launch_new(World::ask("nvidia-1")).await;
        run_pass(&world).await;
        let first = world.launch_new(World::ask("nvidia-1")).await.id;
        let second = world.launch_new(World::ask("nvidia-1")).await.id;
        let to = |priority: i64| Changes { priority: Some(priority), ..Changes::default() };
        let place = async |id: TaskId| {
            queue::number(world.app(), world.find(id).await.task()).await.expect("an answer")
        };
        let access = world.find(first).await;
        let changed = queue::change(world.app(), &access, &to(-5)).await.expect("changed");
        assert_eq!((changed.priority, place(first).await, place(second).await), (-5, Some(2), Some(1)));
        let steps = task::timeline(world.app(), &access).await.expect("steps");
        let step = steps.last().expect("a step");
        assert_eq!(step.reason, Reason::QueuePriority);
        let fact = |name: &str| step.data.0[name].as_str();
        assert_eq!((fact("by"), fact("from"), fact("to")), ("mei", "0", "-5"));
        for (priority, code) in [(-4, "too-large"), (1, "too-large"), (-101, "too-small")] {
            let refused = queue::change(world.app(), &access, &to(priority)).await;
            assert!(
                matches!(&refused, Err(Error::Invalid(fields)) if (fields[0].field, fields[0].code) == ("priority", code)),
                "{refused:?}"
            );
        }
        // Setting the same priority again adds no step.
        queue::change(world.app(), &access, &to(-5)).await.expect("nothing to do");
        assert_eq!(task::timeline(world.app(), &access).await.expect("steps").len(), steps.len());
        world.join_admin("wang").await;
        let wang = world.hearth.actor("wang").await;
        let theirs = task::find(world.app(), &wang, first).await.expect("public");
        assert!(
            queue::change(world.app(), &theirs, &to(100)).await.is_err(),
            "they do not say that they administer"
        );
        let wang = Actor::acting_as_administrator(wang.user().expect("a person").clone());
        let theirs = task::find(world.app(), &wang, first).await.expect("there");
        queue::change(world.app(), &theirs, &to(100)).await.expect("changed");
        assert_eq!(place(first).await, Some(1));
        assert!(queue::change(world.app(), &theirs, &to(101)).await.is_err());
        assert_eq!(queue::change(world.app(), &access, &to(0)).await.expect("changed").priority, 0);
    }
}

#[tokio::test]
async fn what_a_task_is_told_of_its_wait_is_held_against_what_came() {
    let world = World::with_cpus(1).await;
    let done = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
    let mut tasks = Vec::new();
    for _ in 0..5 {
        tasks.push(world.launch("run").await.id);
    }
    for id in tasks {
        run_pass(&world).await;
        world.hearth.clock.advance(Duration::from_mins(1));
        world.agent(id).await.finish(world.app(), &finish(done, 0)).await.expect("taken");
    }
    world.launch("runs").await;
    run_pass(&world).await;
    let waits = world.launch("waits").await;
    let place = queue::place(world.app(), &waits).await.expect("an answer").expect("it waits");
    let eta = place.eta.expect("five waits are known");
    assert!(eta.low <= eta.high && eta.high <= Duration::from_mins(2), "{eta:?}");
    world.hearth.admin("wang").await;
    let wang = world.hearth.actor("wang").await;
    let accuracy = queue::accuracy(world.app(), &wang).await.expect("for administrators");
    assert_eq!(accuracy.len(), 1);
    assert_eq!((accuracy[0].spec_code.as_str(), accuracy[0].started), ("cpu-1", 6));
    assert!(queue::accuracy(world.app(), &world.hearth.actor("mei").await).await.is_err());
}

#[tokio::test]
async fn several_nodes_are_bound_together_with_a_row_for_each() {
    let nodes = (0..3).map(|number| node(&format!("g{number}"), "gpu", 4)).collect();
    let world = World::cluster(TestStore::sqlite().await, nodes).await;
    let gang = |nodes| NewTask { nodes, ..World::ask("nvidia-4") };
    let task = world.launch_new(gang(2)).await;
    let waits = world.launch_new(gang(2)).await;
    run_pass(&world).await;
    let launch = world.engine.launched(&name(task.id, 1));
    assert_eq!((launch.spec.node.rank, launch.spec.node.count), (0, 2));
    assert_eq!(launch.placement.machines, ["g0", "g1"]);
    let mut reader = world.app().store().read().await.expect("a reader");
    let made = attempt::find(&mut reader, task.id, 1).await.expect("an answer").expect("there");
    let rows = attempt_node::list(&mut reader, made.id).await.expect("rows");
    assert_eq!(rows.iter().map(|row| row.machine.as_str()).collect::<Vec<_>>(), ["g0", "g1"]);
    drop(reader);
    assert_eq!(world.state(waits.id).await, "WAITING queue.no_card");
    let refused = task::launch(world.app(), &world.writing().await, gang(4)).await;
    assert!(refused.is_err(), "there are three machines");
}

#[tokio::test]
async fn what_an_organization_without_a_quota_runs_counts_against_who_launched_it_until_it_ends() {
    for store in TestStore::all().await {
        let world = World::cluster(store, vec![node("g0", "gpu", 8)]).await;
        world.join("li").await;
        let lab = world.hearth.organization("lab", "mei").await;
        let (mei, other) = (world.hearth.actor("mei").await, world.hearth.user("other").await);
        let payer = mei.user().map(|user| OwnerId::from(user.id));
        let row = world.hearth.find_repository("mei/digits").await;
        world.hearth.permit(&row, "li", Permission::Write).await;
        world.move_to(row.id, lab.id.into()).await;
        let access = access::open_by_id(world.app(), &mei, Unit::Tasks, row.id).await.expect("theirs");
        let access = access.write().expect("theirs");
        let task = task::launch(world.app(), &access, World::ask("nvidia-1")).await.expect("launched");

        // A colleague cannot spend more of mei's cards.
        let theirs =
            task::find(world.app(), &world.hearth.actor("li").await, task.id).await.expect("readable");
        let more = Changes { spec: Some("nvidia-2".into()), ..Changes::default() };
        let refused = queue::change(world.app(), &theirs, &more).await;
        assert!(matches!(refused, Err(Error::Forbidden(Action::MoreCards))), "{refused:?}");

        run_pass(&world).await;
        world.move_to(row.id, other.id.into()).await;
        world.hearth.clock.advance(Duration::from_mins(30));
        let done = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
        world.agent(task.id).await.finish(world.app(), &finish(done, 0)).await.expect("taken");
        let mut reader = world.app().store().read().await.expect("a reader");
        let used =
            card_usage::list_since(&mut reader, world.app().now() - Duration::from_hours(24 * 7)).await;
        let used = used.expect("rows");
        assert_eq!(used.iter().map(|row| Some(row.owner_id)).collect::<Vec<_>>(), [payer]);
        assert_eq!(used[0].card_seconds, 1_800);
    }
}
