//! From a push to a model, in a real browser, with the task in a real pod.

use std::time::Duration;

use hearth_tests::{Browser, Site, TestCluster, wait_until};

const PATIENCE: Duration = Duration::from_mins(2);

/// Learns a linear function on the pod's card.
const TRAIN: &str = "\
import json, os, time
print('card', os.environ['NVIDIA_VISIBLE_DEVICES'], 'in', os.uname().nodename, flush=True)
points = [(x / 20, 3 * x / 20 - 1) for x in range(20)]
weight = bias = 0.0
for step in range(40):
    errors = [weight * x + bias - y for x, y in points]
    print(f'step={step} loss={sum(e * e for e in errors) / len(errors):.5f}', flush=True)
    weight -= sum(e * x for e, (x, _) in zip(errors, points)) / len(points)
    bias -= sum(errors) / len(points)
    time.sleep(0.1)
with open(os.path.join(os.environ['LOCAL_OUTPUT_PATH'], 'model.json'), 'w') as file:
    json.dump({'weight': weight, 'bias': bias}, file)
print(f'learned weight={weight:.3f} bias={bias:.3f}')
";

#[test]
fn a_task_in_a_real_pod_is_launched_watched_and_published_in_a_browser() {
    let Some((cluster, address)) = TestCluster::with_real_node() else { return };
    let site = Site::at(cluster, &address, TRAIN);
    site.make_pool_of("real", "nvidia", "", "pool=real");
    site.make_spec("one-card", "nvidia", 1, "");
    site.make_image("python", &[("cuda", "hearth.test/python:1")]);

    let browser = Browser::open(&site.server.url(""));
    browser.goto("/user/login");
    browser.fill("[name=name]", &site.mei.name);
    browser.fill("[name=password]", &site.mei.password);
    browser.follow("form[action=\"/user/login\"] button.button:not([type=button])");
    // The node appears once the engine has looked at the cluster.
    wait_until("the node to be offered", PATIENCE, || {
        browser.goto("/mei/llm/tasks/new?image=python&spec=one-card");
        browser.has("#spec-one-card:not([disabled])")
    });
    browser.click("#spec-one-card");
    browser.follow("#new-rail button.button");
    let task = browser.path();
    assert!(task.starts_with("/tasks/"), "{task}: {}", browser.words());
    browser.goto(&format!("{task}/log"));
    browser.wait_for_words("step=3", PATIENCE);
    browser.wait_for_words("learned weight=", PATIENCE);
    let log = browser.words();
    assert!(log.contains("card 0 in hearth-") || log.contains("card 1 in hearth-"), "{log}");
    let number = task.trim_start_matches("/tasks/").parse().unwrap();
    site.wait_for_state(number, "SUCCEEDED");

    let output = site.mei.api.get(&format!("/api/v1/tasks/{number}/outputs/model.json")).expect(200);
    assert!(output.json()["weight"].is_number());
    browser.goto(&format!("{task}/publish"));
    let form = format!("form[action=\"{task}/publish\"]");
    browser.fill(&format!("{form} [name=model]"), "line-model");
    browser.follow(&format!("{form} button.button:not([type=button])"));
    assert_eq!(browser.path(), "/models/mei/line-model");
}
