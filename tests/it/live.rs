//! Open pages that move by themselves, in a real browser.

use std::time::Duration;

use hearth_tests::{Browser, Git, Person, TestServer, wait_until};
use serde_json::json;

const PATIENCE: Duration = Duration::from_mins(2);

/// Draws a progress bar over itself, in colour, and measures, until it is stopped.
const DRAW: &str = "\
import sys, time
print('begun', flush=True)
for step in range(6000):
    if step % 10 == 0:
        print(f'\\rstep={step} loss={1 / (step + 1):.4f}', flush=True)
    sys.stdout.write(f'\\r\\x1b[32mdrawn {step}\\x1b[0m of many')
    sys.stdout.flush()
    time.sleep(0.1)
";

/// A server on which that program runs as a task; its id.
fn with_task() -> (TestServer, Person, String) {
    let mut builder = TestServer::builder();
    if let Ok(python) = std::env::var("HEARTH_TEST_PYTHON") {
        builder = builder.setting("engine.local.interpreters", &format!("[\"{python}\"]"));
    }
    let server = builder.start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    Git::of(&mei).begin("llm", &mei.clone_address("llm"), &[("draw.py", DRAW)]);
    let asked = json!({ "boot_file": "draw.py" });
    let task = mei.api.post(&mei.repository_api("llm", "/tasks"), &asked).expect(201).json();
    let id = task["id"].to_string().trim_matches('"').to_owned();
    (server, mei, id)
}

fn sign_in(browser: &Browser, person: &Person) {
    browser.goto("/user/login");
    let form = "form[action^=\"/user/login\"]";
    browser.fill(&format!("{form} [name=name]"), &person.name);
    browser.fill(&format!("{form} [name=password]"), &person.password);
    browser.follow(&format!("{form} button.button:not([type=button])"));
}

fn stop(person: &Person, id: &str) {
    let stopped = person.api.post(&format!("/api/v1/tasks/{id}/stop"), &json!({}));
    assert_eq!(stopped.status, 200, "{}", stopped.body);
}

fn wait_for_state(browser: &Browser, state: &str) {
    browser.wait_for(&format!("live-state[data-state={state}]"), PATIENCE);
}

/// The step that the page's text shows last.
fn step(browser: &Browser, css: &str) -> u32 {
    let text = browser.text(css);
    let last = text.rsplit("drawn ").next().unwrap_or_default();
    last.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[test]
fn an_open_task_moves_and_comes_back_after_the_server_without_losing_the_readers_place() {
    let (mut server, mei, id) = with_task();
    let browser = Browser::open(&server.url(""));
    sign_in(&browser, &mei);
    browser.goto(&format!("/tasks/{id}"));
    browser.script("window.isSamePage = true");
    browser.wait_for("#task-head [data-state=RUNNING]", PATIENCE);
    wait_for_state(&browser, "live");
    browser.wait_for("#tail", PATIENCE);

    // What the reader has opened and selected, and where they are.
    browser.script(
        "document.querySelector('#task-head details').open = true;
         getSelection().selectAllChildren(document.querySelector('h1'));
         scrollTo(0, 40);",
    );
    let before = step(&browser, "#tail");
    wait_until("the tail to move", PATIENCE, || step(&browser, "#tail") > before + 5);
    let clock = browser.text("live-clock");
    wait_until("the clock to move", PATIENCE, || browser.text("live-clock") != clock);
    browser.wait_for("#task-part figure, #task-part svg", PATIENCE);

    server.kill();
    wait_for_state(&browser, "lost");
    assert_eq!(browser.text("live-state"), "Reconnecting…");
    server.start_again();
    wait_for_state(&browser, "live");
    assert_eq!(browser.text("live-state"), "Live");
    let before = step(&browser, "#tail");
    wait_until("the tail to move again", PATIENCE, || step(&browser, "#tail") > before + 5);
    let place = "return document.querySelector('#task-head details').open
        && getSelection().toString().length > 0 && scrollY > 0 && window.isSamePage";
    assert_eq!(browser.script(place), true, "what was open is open, what was selected is selected");

    stop(&mei, &id);
    browser.wait_for("#task-head [data-state=STOPPED]", PATIENCE);
    assert_eq!(browser.script("return window.isSamePage"), true, "nothing was loaded again");
    wait_until("its clock to stop", PATIENCE, || !browser.has("live-clock"));
}

#[test]
fn a_progress_bar_moves_on_its_line_while_the_reader_types() {
    let (mut server, mei, id) = with_task();
    let browser = Browser::open(&server.url(""));
    browser.goto(&format!("/tasks/{id}/log"));
    browser.wait_for_words("begun", PATIENCE);
    browser.wait_for_words("drawn", PATIENCE);
    assert!(!browser.words().contains('\u{1b}'), "{}", browser.words());
    browser.fill("[name=q]", "dra");
    let rows = "return document.querySelectorAll('.log-lines .code > div').length";
    let before = (step(&browser, ".log-lines"), browser.script(rows).as_u64());
    wait_until("the bar to move", PATIENCE, || step(&browser, ".log-lines") > before.0 + 15);
    let after = browser.script(rows).as_u64();
    assert!(after > before.1 && after < before.1.map(|rows| rows + 20), "{after:?} rows after {before:?}");
    let numbers = "const rows = [...document.querySelectorAll('.log-lines .code > div')];
        return rows.every((row, place) => row.id === `L${place + 1}`)";
    assert_eq!(browser.script(numbers), true, "every line is there once");

    server.kill();
    wait_for_state(&browser, "lost");
    server.start_again();
    wait_for_state(&browser, "live");
    let before = step(&browser, ".log-lines");
    wait_until("the bar to move again", PATIENCE, || step(&browser, ".log-lines") > before + 5);
    assert_eq!(browser.script(numbers), true, "every line is there once");
    assert_eq!(browser.script("return document.querySelector('[name=q]').value"), "dra");

    stop(&mei, &id);
    browser.wait_for("#task-head [data-state=STOPPED]", PATIENCE);
    browser.scripts(false);
    browser.goto(&format!("/tasks/{id}/log?q=BEGUN"));
    assert!(browser.words().contains("Match 1 of 1"), "{}", browser.words());
    assert_eq!(browser.text("mark"), "begun");
}
