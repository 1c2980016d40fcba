//! Several servers on one PostgreSQL, one data folder and one store of large files.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hearth_tests::{Api, Finished, Git, Person, TestServer, figure, wait_for, wait_until};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(2);
/// After the leader was killed, another server leads within this time.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(10);
/// Log lines appear on the pages of every server as they come: much sooner than the pages' own poll every
/// five seconds.
const SHOWN_WITHIN: Duration = Duration::from_millis(1_500);

/// Prints the time.
const CLOCK: &str = "\
import time
for _ in range(30):
    print('at', time.time(), flush=True)
    time.sleep(0.3)
";

fn start() -> TestServer {
    let builder = TestServer::builder();
    match std::env::var("HEARTH_TEST_PYTHON") {
        Ok(python) => builder.setting("engine.local.interpreters", &format!("[\"{python}\"]")).start(),
        Err(_) => builder.start(),
    }
}

/// Two servers, the first of which leads, and the same user with code at each of them. `None` on SQLite,
/// which allows only one server.
fn pair() -> Option<(TestServer, TestServer, Person, Person, Git)> {
    if std::env::var("HEARTH_E2E_DATABASE").as_deref() != Ok("postgres") {
        return None;
    }
    let one = start();
    let two = one.beside();
    let mei = one.admin("mei");
    let there = mei.at(&two);
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    git.begin("llm", &mei.clone_address("llm"), &[("clock.py", CLOCK)]);
    wait_until("a leader", PATIENCE, || !leader(&one).is_empty());
    Some((one, two, mei, there, git))
}

/// Pushes a clone through a user's server.
fn push(person: &Person, clone: &Path) -> Finished {
    let (folder, address) = (clone.display().to_string(), person.clone_address("llm"));
    Git::of(person).attempt(&["-C", &folder, "push", "--quiet", &address, "HEAD:main"])
}

fn leader(server: &TestServer) -> String {
    server.ask_database("SELECT holder FROM leases WHERE name = 'leader'").concat()
}

fn open_issue(person: &Person, title: &str) {
    let answer = person.api.post(&person.repository_api("llm", "/issues"), &json!({ "title": title }));
    assert_eq!(answer.status, 201, "{}", answer.body);
}

fn launch(person: &Person) -> String {
    let asked = json!({ "boot_file": "clock.py" });
    let task = person.api.post(&person.repository_api("llm", "/tasks"), &asked).expect(201).json();
    task["id"].to_string().trim_matches('"').to_owned()
}

fn task(person: &Person, id: &str) -> Value {
    person.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json()
}

/// All events, in order.
fn events(person: &Person) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = person.api.get(&format!("/api/v1/events?after={after}")).expect(200).json();
        let next = page["next_after"].as_i64().expect("a number");
        all.extend(page["events"].as_array().expect("a list").iter().cloned());
        if next == after {
            return all;
        }
        after = next;
    }
}

fn opened(events: &[Value]) -> Vec<&str> {
    let issues = events.iter().filter(|event| event["kind"] == "issue.opened");
    issues.map(|event| event["data"]["title"].as_str().unwrap_or_default()).collect()
}

/// Every event has exactly one row in the feeds, and none occurs twice in the stream.
fn assert_delivered_once(server: &TestServer, person: &Person) {
    wait_until("every event to be dispatched", PATIENCE, || {
        server.ask_database("SELECT COUNT(*) FROM events WHERE position IS NULL") == ["0"]
    });
    wait_until("every delivery to be made", PATIENCE, || {
        server.ask_database("SELECT COUNT(*) FROM jobs WHERE kind = 'deliver'") == ["0"]
    });
    let rows = "SELECT COUNT(a.event_id), COUNT(DISTINCT a.event_id), COUNT(DISTINCT e.id) FROM events e \
        LEFT JOIN activities a ON a.event_id = e.id WHERE e.kind = 'issue.opened'";
    let counts = server.ask_database(rows).concat();
    let counts: Vec<&str> = counts.split('|').collect();
    assert!(counts.iter().all(|count| *count == counts[0]), "rows, their events, events: {counts:?}");
    let positions: Vec<i64> = events(person).iter().filter_map(|event| event["position"].as_i64()).collect();
    assert!(positions.is_sorted_by(|one, next| one < next), "{positions:?}");
}

#[test]
fn on_sqlite_a_second_server_says_why_it_does_not_start() {
    let server = TestServer::builder().on_sqlite().start();
    let said = server.attempt_to_start_beside();
    assert!(said.contains("another server is using the data folder"), "{said}");
    assert!(said.contains("With SQLite a folder has one server"), "{said}");
    let beside = server.attempt(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(beside.code, Some(1), "{}", beside.err);
    assert_eq!(server.anonymous().get("/readyz").status, 200);
}

#[test]
fn two_servers_serve_together_what_each_of_them_keeps() {
    let Some((_one, _two, mei, there, git)) = pair() else { return };
    // What was pushed to one server is cloned from the other, and continued there.
    let second = Git::of(&there);
    second.run(&["clone", "--quiet", &there.clone_address("llm"), "copy"]);
    git.commit("Through the other one");
    let pushed = push(&there, git.folder());
    assert!(pushed.succeeded, "{}", pushed.err);
    for person in [&mei, &there] {
        let commits = person.api.get(&person.repository_api("llm", "/commits")).expect(200).json();
        assert_eq!(commits[0]["sha"], git.head(), "{commits}");
    }
    open_issue(&there, "It is slow");
    let issue = mei.api.get(&mei.repository_api("llm", "/issues/1")).expect(200).json();
    assert_eq!(issue["title"], "It is slow");
    for person in [&mei, &there] {
        wait_until("the events of both", PATIENCE, || opened(&events(person)) == ["It is slow"]);
    }
}

#[test]
fn pages_of_one_server_show_at_once_what_another_one_hears() {
    let Some((_one, two, mei, _, _)) = pair() else { return };
    let id = launch(&mei);
    wait_until("the task to run", PATIENCE, || task(&mei, &id)["state"] == "RUNNING");
    // Its agent talks to the leading server.
    let lags = lags(&two.anonymous(), &id);
    assert!(lags.len() > 15, "{lags:?}");
    let mut sorted = lags.clone();
    sorted.sort();
    let median = sorted[sorted.len() / 2];
    figure("log_line_at_another_server", median.as_secs_f64(), "s");
    assert!(median < SHOWN_WITHIN, "{lags:?}");
}

/// The delay of each line of the log.
fn lags(api: &Api, id: &str) -> Vec<Duration> {
    let log = BufReader::new(api.stream(&format!("/tasks/{id}/log/stream?attempt=1")));
    let lines = log.lines().map_while(Result::ok).take_while(|line| !line.starts_with("event: end"));
    lines
        .filter_map(|line| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
            let (_, said) = line.split_once("at ")?;
            let said: f64 = said.split('<').next()?.trim().parse().ok()?;
            Some(now.saturating_sub(Duration::from_secs_f64(said)))
        })
        .collect()
}

#[test]
fn a_leader_that_is_killed_among_many_acts_loses_none_and_another_one_follows() {
    let Some((mut one, two, mei, there, git)) = pair() else { return };
    let first = leader(&two);
    // Both at once, until the first is killed in the middle of it.
    let (api, path) = (mei.api.clone(), mei.repository_api("llm", "/issues"));
    let through_one = spawn(move || {
        let mut acknowledged = BTreeSet::new();
        for number in 0.. {
            let title = format!("One {number}");
            let request = api.request(reqwest::Method::POST, &path).json(&json!({ "title": title }));
            match hearth_tests::Answer::attempt(request) {
                Some(answer) if answer.status == 201 => acknowledged.insert(title),
                _ => return acknowledged,
            };
        }
        acknowledged
    });
    let mut acknowledged = BTreeSet::new();
    let mut killed = None;
    for number in 0..60 {
        if number == 30 {
            git.commit("While the other one dies");
            let (person, folder) = (mei.at(&two), git.folder().to_owned());
            let pushing = spawn(move || push(&person, &folder));
            one.kill();
            killed = Some(Instant::now());
            let pushed = pushing.join().expect("a push");
            assert!(pushed.succeeded, "{}", pushed.err);
        }
        let title = format!("Two {number}");
        open_issue(&there, &title);
        acknowledged.insert(title);
    }
    let killed = killed.expect("it was killed");
    wait_until("another one to lead", PATIENCE, || leader(&two) != first);
    let followed = killed.elapsed();
    figure("leader_followed_after", followed.as_secs_f64(), "s");
    assert!(followed < FOLLOWED_WITHIN, "{followed:?}");
    acknowledged.extend(through_one.join().expect("acts"));

    // Only the leader schedules tasks.
    let id = launch(&there);
    wait_until("the task to run", PATIENCE, || task(&there, &id)["state"] == "RUNNING");
    assert_delivered_once(&two, &there);
    let all = events(&there);
    let titles: Vec<&str> = opened(&all);
    let distinct: BTreeSet<String> = titles.iter().map(|title| (*title).to_owned()).collect();
    assert_eq!(distinct.len(), titles.len(), "none twice");
    // The killed server may have stored its last one without responding.
    assert!(acknowledged.is_subset(&distinct));
    assert!(distinct.len() <= acknowledged.len() + 1, "{}", distinct.len() - acknowledged.len());
    let pushes = two.ask_database(&format!("SELECT COUNT(*) FROM pushes WHERE new_id = '{}'", git.head()));
    assert_eq!(pushes, ["1"]);

    // It comes back, and does not lead.
    one.start_again();
    sleep(Duration::from_secs(8));
    assert_eq!(mei.at(&one).api.get("/readyz").status, 200);
    open_issue(&mei.at(&one), "Back again");
    assert_delivered_once(&two, &there);
}

#[test]
fn a_push_through_a_server_that_is_killed_goes_through_another_one_and_is_recorded_once() {
    let Some((mut one, two, mei, there, git)) = pair() else { return };
    git.write("model.bin", hearth_tests::noise(3, 24 << 20));
    git.commit("Weights");
    let folder = git.folder().to_owned();
    let cut = spawn(move || push(&mei, &folder));
    sleep(Duration::from_millis(300));
    one.kill();
    let cut = cut.join().expect("a push");
    figure("push_was_cut", f64::from(u8::from(!cut.succeeded)), "");
    let pushed = push(&there, git.folder());
    assert!(pushed.succeeded, "{}", pushed.err);
    let recorded = format!("SELECT COUNT(*) FROM pushes WHERE new_id = '{}'", git.head());
    wait_until("the record of the push", PATIENCE, || two.ask_database(&recorded) == ["1"]);
    one.start_again();
    sleep(Duration::from_secs(3));
    assert_eq!(two.ask_database(&recorded), ["1"], "nobody records it once more");
    assert_eq!(Git::anonymous().run(&["ls-remote", "--heads", &two.url("/mei/llm.git")]).lines().count(), 1);
}

#[test]
fn a_leader_that_stood_still_does_not_go_on_leading() {
    let Some((one, two, mei, there, _)) = pair() else { return };
    let first = leader(&two);
    one.process().pause();
    wait_until("another one to lead", PATIENCE, || leader(&two) != first);
    let id = launch(&there);
    wait_until("the task to be at work", PATIENCE, || task(&there, &id)["state"] == "RUNNING");
    let second = leader(&two);
    one.process().resume();
    wait_until("the first to notice", PATIENCE, || {
        one.log().lines().filter(|line| line.contains("the leading server has changed")).count() == 2
    });
    wait_until("the task to end", PATIENCE, || task(&there, &id)["state"] == "SUCCEEDED");
    assert_eq!(task(&mei, &id)["attempts"], 1, "nothing started twice");
    assert_eq!(leader(&two), second);
    open_issue(&mei, "Awake");
    assert_delivered_once(&two, &there);
}

#[test]
fn a_server_that_stops_in_order_is_followed_at_once() {
    let Some((mut one, two, _, there, _)) = pair() else { return };
    let first = leader(&two);
    let stopping = Instant::now();
    assert!(one.stop().success());
    wait_for("another one to lead", PATIENCE, || {
        (leader(&two) != first && !leader(&two).is_empty()).then_some(())
    });
    figure("leader_followed_after_stop", stopping.elapsed().as_secs_f64(), "s");
    let id = launch(&there);
    wait_until("the task to run", PATIENCE, || task(&there, &id)["state"] == "RUNNING");
}
