//! Where tasks run (pools, kinds of cards, images), and how they end there.

mod ends;

use std::time::{Duration, Instant};

use hearth_tests::{Agents, Life, Script, Site, TestCluster, wait_until};

const PATIENCE: Duration = Duration::from_mins(2);
const SHORT: Script = Script { lines: 5, burst: 1, pause: Duration::from_millis(100), failing: None };
const LONG: Script = Script { lines: 600, burst: 1, pause: Duration::from_millis(200), failing: None };

/// The agent of a task's attempt; if a machine was lost before it started, there was an earlier one.
fn life(site: &Site, agents: &Agents, task: u64) -> Life {
    let prefix = format!("hearth-{task}-");
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if let Some(life) = agents.lives().into_iter().find(|life| life.attempt.starts_with(&prefix)) {
            return life;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("task {task} has no pod: {}", site.timeline(task));
}

#[test]
fn each_kind_of_cards_runs_in_its_own_pool_with_its_own_image() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    let agents = Agents::play(&site.cluster, &site.selector(), SHORT);
    let t4 = site.node("t4").nvidia("Tesla-T4", 15360, 4);
    let _t4 = site.cluster.add_nodes(&site.name("t4"), 1, &t4);
    let _ascend = site.cluster.add_nodes(&site.name("npu"), 1, &site.node("npu").ascend(8));
    let _cpu = site.cluster.add_nodes(&site.name("cpu"), 1, &site.node("cpu"));
    site.make_pool("t4", "nvidia", "");
    site.make_pool("npu", "ascend-910", "64 GiB");
    site.make_pool("cpu", "", "");
    site.make_spec("one-t4", "nvidia", 1, "");
    site.make_spec("one-npu", "ascend-910", 1, "");
    site.make_spec("no-card", "", 0, "");
    let variants = [
        ("cuda", "hearth.test/train:cuda"),
        ("cann", "hearth.test/train:cann"),
        ("cpu", "hearth.test/train:cpu"),
    ];
    site.make_image("torch", &variants);

    let expected = [
        ("one-t4", "t4-0", "hearth.test/train:cuda"),
        ("one-npu", "npu-0", "hearth.test/train:cann"),
        ("no-card", "cpu-0", "hearth.test/train:cpu"),
    ];
    let tasks = expected.map(|(spec, ..)| site.launch(spec, "torch"));
    for (task, (_, node, image)) in tasks.into_iter().zip(expected) {
        site.wait_for_state(task, "SUCCEEDED");
        let life = life(&site, &agents, task);
        assert_eq!((life.node, life.image), (site.name(node), image.to_owned()));
        assert_eq!(site.log(task), "line 0\nline 1\nline 2\nline 3\nline 4\n");
    }
}

#[test]
fn any_card_that_fits_is_nvidias_or_ascends_with_the_right_image_and_never_a_small_one() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    let agents = Agents::play(&site.cluster, &site.selector(), LONG);
    let t4 = site.node("t4").nvidia("Tesla-T4", 15360, 8);
    let a100 = site.node("a100").nvidia("NVIDIA-A100-SXM4-80GB", 81920, 8);
    let _t4 = site.cluster.add_nodes(&site.name("t4"), 1, &t4);
    let _a100 = site.cluster.add_nodes(&site.name("a100"), 1, &a100);
    let _ascend = site.cluster.add_nodes(&site.name("npu"), 1, &site.node("npu").ascend(8));
    site.make_pool("t4", "nvidia", "");
    site.make_pool("a100", "nvidia", "");
    site.make_pool("npu", "ascend-910", "64 GiB");
    site.make_spec("eight-large", "*", 8, "40 GiB");
    site.make_image("torch", &[("cuda", "hearth.test/train:cuda"), ("cann", "hearth.test/train:cann")]);

    let tasks = [(); 3].map(|()| site.launch("eight-large", "torch"));
    let mut places: Vec<(String, String)> = tasks[..2]
        .iter()
        .map(|&task| {
            let life = life(&site, &agents, task);
            (life.node, life.image)
        })
        .collect();
    places.sort();
    let right = [("a100-0", "hearth.test/train:cuda"), ("npu-0", "hearth.test/train:cann")];
    assert_eq!(places, right.map(|(node, image)| (site.name(node), image.to_owned())));
    site.wait_for_reason(tasks[2], "queue.");
    assert_eq!(site.state(tasks[2]), "WAITING", "no small card is taken for a large one");
    let stop = format!("/api/v1/tasks/{}/stop", tasks[0]);
    wait_until("the stop to be taken", PATIENCE, || {
        site.mei.api.post(&stop, &serde_json::json!({})).status < 300
    });
    assert!(
        !life(&site, &agents, tasks[2]).node.is_empty(),
        "the first place that is free is the third one's"
    );
}

#[test]
fn an_image_that_cannot_be_pulled_is_said_on_the_task() {
    let Some(cluster) = TestCluster::of_this_run() else { return };
    let site = Site::on(cluster, "");
    let _cpu = site.cluster.add_nodes(&site.name("cpu"), 1, &site.node("cpu"));
    site.make_pool("cpu", "", "");
    site.make_spec("no-card", "", 0, "");
    site.make_image("gone", &[("cpu", "hearth.test/cannot-be-pulled:1")]);
    let task = site.launch("no-card", "gone");
    site.wait_for_reason(task, "image.pull_failed");
}
