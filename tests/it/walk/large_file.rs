//! A file of a hundred thousand lines in a real browser: a link to a line, scrolling far, and search.

use std::{fmt::Write as _, time::Duration};

use hearth_tests::{Browser, Git, TestServer, wait_until};

const LINES: u64 = 100_000;
const PATIENCE: Duration = Duration::from_secs(30);

fn text() -> String {
    (1..=LINES).fold(String::new(), |mut text, line| {
        let end = if line % 40_000 == 0 { " needle" } else { "" };
        let _ = writeln!(text, "line {line}{end}");
        text
    })
}

/// The number of the line in the middle of the screen, if there is one.
fn middle_line(browser: &Browser) -> Option<u64> {
    let code = "const line = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('[id^=L]');
        return line ? Number(line.id.slice(1)) : null";
    browser.script(code).as_u64()
}

fn wait_for_middle(browser: &Browser, lines: std::ops::RangeInclusive<u64>) {
    let what = format!("one of lines {lines:?} to be in the middle");
    wait_until(&what, PATIENCE, || middle_line(browser).is_some_and(|line| lines.contains(&line)));
}

fn height_px(browser: &Browser) -> f64 {
    browser.script("return document.documentElement.scrollHeight").as_f64().expect("a height")
}

#[test]
fn a_file_of_a_hundred_thousand_lines_is_scrolled_linked_and_searched() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("logs");
    Git::of(&mei).begin("logs", &mei.clone_address("logs"), &[("run.log", &text())]);
    let browser = Browser::open(&server.url(""));
    let path = "/mei/logs/src/branch/main/run.log";

    browser.goto(&format!("{path}#L54321"));
    browser.wait_for("#L54321.is-marked", PATIENCE);
    wait_for_middle(&browser, 54_311..=54_331);
    let lines = browser.script("return document.querySelectorAll('.code > [id^=L]').length");
    assert!(lines.as_u64().is_some_and(|lines| lines < 10_000), "{lines} lines were fetched for one");

    let before = height_px(&browser);
    for percent in [90, 20, 50] {
        browser.script(&format!("scrollTo(0, document.documentElement.scrollHeight * {percent} / 100)"));
        let wanted = LINES / 100 * percent;
        wait_for_middle(&browser, wanted - 1_000..=wanted + 1_000);
    }
    let after = height_px(&browser);
    assert!((after / before - 1.0).abs() < 0.01, "the page was {before} px high and is {after} px now");

    browser.goto(path);
    browser.fill("[name=q]", "needle");
    browser.follow("form[role=search] button.button-small");
    assert!(browser.words().contains("Match 1 of 2"), "{}", browser.words());
    wait_for_middle(&browser, 39_960..=40_040);
    browser.follow("main a[rel=next]");
    wait_for_middle(&browser, 79_960..=80_040);
}
