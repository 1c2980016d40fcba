//! Charts in a real browser: twenty runs over each other, read, zoomed and smoothed.

use std::time::Duration;

use hearth_tests::{Browser, Git, Person, TestServer, figure, wait_for, wait_until};
use serde_json::{Value, json};

const RUNS: usize = 20;
const PATIENCE: Duration = Duration::from_mins(3);

/// A thousand steps, one of which has no finite value.
const TRAIN: &str = "\
import json, math, os
with open(os.environ['HEARTH_METRICS_PATH'], 'w') as file:
    for step in range(1000):
        loss = 3 / (1 + step / 100) + math.sin(step * 12.9898) / 20
        file.write(json.dumps({'step': step, '损失': loss if step != 500 else math.nan}) + '\\n')
";

/// Counts frames while `act` is done in each of them, and gives their median cost in milliseconds.
fn frame_ms(browser: &Browser, act: &str) -> f64 {
    let code = format!(
        "const plot = document.querySelector('.chart-plot');
         const slider = document.querySelector('[name=smoothing]');
         const costs = [];
         let last = performance.now();
         window.median_ms = null;
         const frame = (now) => {{
           costs.push(now - last);
           last = now;
           const turn = costs.length;
           {act};
           if (turn < 90) return requestAnimationFrame(frame);
           window.median_ms = costs.sort((a, b) => a - b)[45];
         }};
         requestAnimationFrame(frame);"
    );
    browser.script(&code);
    wait_for("ninety frames", PATIENCE, || browser.script("return window.median_ms").as_f64())
}

fn press(browser: &Browser, key: &str) {
    let plot = "document.querySelector('.chart-plot')";
    browser.script(&format!(
        "{plot}.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true }}))"
    ));
}

fn launch(mei: &Person, number: usize) -> String {
    let asked = json!({ "name": format!("run {number}"), "boot_file": "train.py" });
    let task: Value = mei.api.post(&mei.repository_api("curves", "/tasks"), &asked).expect(201).json();
    task["id"].to_string()
}

#[test]
fn charts_of_twenty_runs_are_read_zoomed_and_smoothed() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("curves");
    Git::of(&mei).begin("curves", &mei.clone_address("curves"), &[("train.py", TRAIN)]);
    let tasks: Vec<String> = (0..RUNS).map(|number| launch(&mei, number)).collect();
    for id in &tasks {
        wait_until(&format!("task {id} to succeed"), PATIENCE, || {
            mei.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json()["state"] == "SUCCEEDED"
        });
    }

    let browser = Browser::open(&server.url(""));
    browser.goto(&format!("/tasks/{}/metrics?with={}", tasks[0], tasks[1..].join(",")));
    assert!(browser.words().contains("损失"), "{}", browser.words());
    browser.script("document.querySelector('.chart-plot').focus()");
    browser.wait_for(".chart-plot svg.is-sized", PATIENCE);
    press(&browser, "End");
    let told = browser.script("return document.querySelector('.chart-plot [aria-live]').textContent");
    assert!(told.as_str().is_some_and(|told| told.contains("Step 999")), "{told}");
    assert_eq!(browser.script("return document.querySelectorAll('.chart-tip tr').length"), json!(RUNS));

    press(&browser, "+");
    assert!(browser.script("return location.search").to_string().contains("from="));
    press(&browser, "Escape");
    assert!(!browser.script("return location.search").to_string().contains("from="));

    let hover = "plot.dispatchEvent(new PointerEvent('pointermove', { clientX: 150 + turn * 3, clientY: 300, bubbles: true }))";
    figure("chart_frame_while_reading", frame_ms(&browser, hover), "ms");
    let smooth = "slider.value = turn; slider.dispatchEvent(new Event('input', { bubbles: true }))";
    figure("chart_frame_while_smoothing", frame_ms(&browser, smooth), "ms");
    wait_until("the address to say how smooth", PATIENCE, || {
        browser.script("return location.search").to_string().contains("smoothing=90")
    });
    let address = browser.script("return location.pathname + location.search");
    browser.goto(address.as_str().expect("a path"));
    assert!(browser.has(".chart-plot path.faint"), "a shared address shows the same");
}
