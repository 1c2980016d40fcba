//! From sign-up to a trained model.

use std::time::Duration;

use hearth_tests::{Git, Screen, TestServer};

use super::Walk;

const PASSWORD: &str = "a kettle that hums at dawn";

/// Learns a linear function from points, slowly enough to be watched.
const TRAIN: &str = "\
import json, os, time
points = [(x / 20, 3 * x / 20 - 1) for x in range(20)]
weight = bias = 0.0
for step in range(40):
    errors = [weight * x + bias - y for x, y in points]
    loss = sum(e * e for e in errors) / len(errors)
    weight -= 0.5 * sum(e * x for e, (x, _) in zip(errors, points)) / len(points) * 2
    bias -= 0.5 * sum(errors) / len(points) * 2
    print(f'step={step} loss={loss:.5f}', flush=True)
    time.sleep(0.1)
with open(os.path.join(os.environ['LOCAL_OUTPUT_PATH'], 'model.json'), 'w') as file:
    json.dump({'weight': weight, 'bias': bias}, file)
print(f'learned weight={weight:.3f} bias={bias:.3f}')
";

#[test]
fn a_newcomer_walks_from_signing_up_to_a_trained_model() {
    let server = TestServer::start();
    let mut walk = Walk::begin(&server);

    walk.browser.goto("/user/sign_up");
    walk.picture("01-sign-up");
    let code = server.setup_code();
    let form = "form[action=\"/user/sign_up\"]";
    walk.send(
        form,
        &[("code", &code), ("name", "mei"), ("email", "mei@example.org"), ("password", PASSWORD)],
    );
    walk.picture("02-welcome");

    walk.browser.goto("/repo/create");
    walk.picture("03-new-repository");
    walk.send("form[action=\"/repo/create\"]", &[("name", "line")]);
    assert_eq!(walk.browser.path(), "/mei/line");
    walk.picture("04-empty-repository");

    let address = server.url("/mei/line.git");
    assert!(walk.browser.words().contains(&address), "{}", walk.browser.words());
    let mut git = Git::with_password("mei", PASSWORD, &server.url(""));
    git.begin("line", &address, &[("README.md", "# A line\n\nLearns a line.\n"), ("train.py", TRAIN)]);
    walk.browser.goto("/mei/line");
    walk.browser.wait_for_words("Learns a line.", Duration::from_secs(10));
    walk.picture("05-repository");
    walk.browser.goto("/mei/line/src/branch/main/train.py");
    walk.picture("06-file");

    walk.browser.goto("/mei/line/issues/new");
    walk.picture("07-new-issue");
    let body = "It should reach **0**.\n\n- [ ] more steps\n- [x] a picture";
    walk.send(
        "form[action=\"/mei/line/issues/new\"]",
        &[("title", "The loss does not reach zero"), ("body", body)],
    );
    assert_eq!(walk.browser.path(), "/mei/line/issues/1");
    walk.picture("08-issue");

    walk.browser.goto("/mei/line/tasks/new");
    walk.picture("09-new-task");
    assert!(walk.browser.has("[name=boot_file] option[value=\"train.py\"]"), "the only program is offered");
    walk.browser.follow("#new-rail button.button");
    let task = walk.browser.path();
    assert!(task.starts_with("/tasks/"), "{task}");
    walk.browser.goto(&format!("{task}/log"));
    walk.browser.wait_for_words("step=3", Duration::from_mins(1));
    walk.browser.wait_for_words("learned weight=", Duration::from_mins(1));
    walk.picture("10-log");
    walk.browser.goto(&task);
    walk.picture("11-task");

    walk.browser.goto(&format!("{task}/publish"));
    walk.picture("12-publish");
    walk.send(&format!("form[action=\"{task}/publish\"]"), &[("model", "line-model")]);
    assert_eq!(walk.browser.path(), "/models/mei/line-model");
    assert!(walk.browser.has(&format!("a[href^=\"{task}\"]")), "the model names its run");
    walk.picture("13-model");
    walk.browser.screen(Screen { width: 1440, dark: true });
    walk.browser.picture("13-model-dark-1440");

    walk.end();
}
