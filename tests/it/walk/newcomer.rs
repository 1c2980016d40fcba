//! From signing up to a published model, by following what the pages offer.

use hearth_tests::{Git, TestServer};

use super::{Hands, Walk};

const PASSWORD: &str = "a kettle that hums at dawn";

/// Learns a linear function from points, slowly enough to be watched; the first version has a misspelt name.
const TRAIN: &str = "\
import json, os, time
points = [(x / 20, 3 * x / 20 - 1) for x in range(20)]
weight = bias = 0.0
for step in range(40):
    errors = [weight * x + bais - y for x, y in points]
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
fn a_newcomer_walks_from_signing_up_to_a_published_model() {
    a_newcomer_walks(Hands::Mouse);
}

#[test]
fn a_newcomer_walks_with_keys_alone() {
    a_newcomer_walks(Hands::Keys);
}

#[test]
fn a_newcomer_walks_without_scripts() {
    a_newcomer_walks(Hands::WithoutScripts);
}

fn a_newcomer_walks(hands: Hands) {
    let server = TestServer::start();
    let mut walk = Walk::with(&server, hands);
    sign_up(&server, &mut walk);
    let git = push(&server, &mut walk);
    say_what_is_wanted(&mut walk);
    train_and_fail(&mut walk);
    correct_and_succeed(&git, &mut walk);
    compare(&mut walk);
    publish(&mut walk);
    walk.end();
}

fn sign_up(server: &TestServer, walk: &mut Walk) {
    walk.browser.goto(&format!("/user/sign_up?code={}", server.setup_code()));
    walk.picture("01-sign-up");
    let fields = [("name", "mei"), ("email", "mei@example.org"), ("password", PASSWORD)];
    walk.send("form[action=\"/user/sign_up\"]", &fields);
    walk.picture("02-welcome");
}

fn push(server: &TestServer, walk: &mut Walk) -> Git {
    walk.press("main a.button[href=\"/repo/create\"]");
    walk.picture("03-new-repository");
    walk.send("form[action=\"/repo/create\"]", &[("name", "line")]);
    assert_eq!(walk.browser.path(), "/mei/line");
    walk.picture("04-empty-repository");

    let address = server.url("/mei/line.git");
    assert!(walk.browser.words().contains(&address), "{}", walk.browser.words());
    let mut git = Git::with_password("mei", PASSWORD, &server.url(""));
    git.begin("line", &address, &[("README.md", "# A line\n\nLearns a line.\n"), ("train.py", TRAIN)]);
    walk.browser.goto("/mei/line");
    walk.until("Learns a line.");
    walk.picture("05-repository");
    walk.press("main a[href=\"/mei/line/src/branch/main/train.py\"]");
    walk.picture("06-file");
    git
}

fn say_what_is_wanted(walk: &mut Walk) {
    walk.press("a.tab[href=\"/mei/line/issues\"]");
    walk.press("main a[href^=\"/mei/line/issues/new\"]");
    walk.picture("07-new-issue");
    let fields = [("title", "The loss does not reach zero"), ("body", "It should reach **0**.")];
    walk.send("form[action=\"/mei/line/issues/new\"]", &fields);
    assert_eq!(walk.browser.path(), "/mei/line/issues/1");
    walk.picture("08-issue");
}

fn train_and_fail(walk: &mut Walk) {
    walk.press("a.tab[href=\"/mei/line\"]");
    walk.press("main a[href^=\"/mei/line/tasks/new\"]");
    walk.picture("09-new-task");
    assert!(walk.browser.has("[name=boot_file] option[value=\"train.py\"]"), "the only program is offered");
    walk.press("#new-rail button.button");
    assert_eq!(walk.browser.path(), "/tasks/1");
    walk.until("NameError: name 'bais' is not defined");
    walk.until("Failed");
    walk.picture("10-failed-task");
}

fn correct_and_succeed(git: &Git, walk: &mut Walk) {
    git.write("train.py", TRAIN.replace("bais", "bias"));
    git.commit("Spell the name");
    git.run(&["push", "origin", "main"]);
    walk.press("#task-head a[href^=\"/mei/line/tasks/new?\"]");
    assert!(
        walk.browser.words().contains("Spell the name"),
        "what is new is named: {}",
        walk.browser.words()
    );
    walk.picture("11-newest-code");
    walk.press("#new-rail button.button");
    assert_eq!(walk.browser.path(), "/tasks/2");
    walk.press("main a.tab[href=\"/tasks/2/log\"]");
    walk.until("step=3");
    walk.until("learned weight=");
    walk.picture("12-log");
    walk.press("main a.tab[href=\"/tasks/2\"]");
    walk.until("Succeeded");
    walk.picture("13-task");
}

fn compare(walk: &mut Walk) {
    walk.press("a.tab[href=\"/mei/line/tasks\"]");
    walk.picture("14-tasks");
    walk.tick("main [name=task][value=\"2\"]");
    walk.tick("main [name=task][value=\"1\"]");
    walk.press("main form[action=\"/tasks/compare\"] button");
    assert!(walk.browser.has("tr.is-different"), "{}", walk.browser.words());
    walk.picture("15-compare");
    walk.press("main a[href=\"/tasks/2\"]");
}

fn publish(walk: &mut Walk) {
    walk.press("#task-head a[href=\"/tasks/2/publish\"]");
    walk.picture("16-publish");
    walk.send("form[action=\"/tasks/2/publish\"]", &[("model", "line-model")]);
    assert_eq!(walk.browser.path(), "/models/mei/line-model");
    assert!(walk.browser.has("a[href^=\"/tasks/2\"]"), "the model names its run");
    walk.picture("17-model");
}
