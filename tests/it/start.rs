//! Starting, stopping, and health checks.

use std::time::{Duration, Instant};

use hearth_tests::{Browser, TestServer};

#[test]
fn a_new_server_is_alive_ready_and_measured() {
    let server = TestServer::start();
    let nobody = server.anonymous();
    assert_eq!(nobody.get("/healthz").status, 200);
    assert_eq!(nobody.get("/readyz").status, 200);
    let metrics = nobody.get("/metrics").expect(200);
    assert!(metrics.body.contains("# TYPE "), "{}", metrics.body);
    assert!(metrics.body.contains("hearth_maintenance_rounds_total"), "{}", metrics.body);
    assert!(!server.setup_code().is_empty());
}

#[test]
fn a_server_stops_in_order_and_starts_again_on_its_data() {
    let mut server = TestServer::start();
    assert!(server.stop().success(), "{}", server.log());
    let started = Instant::now();
    server.start_again();
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(server.anonymous().get("/readyz").status, 200);
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let mut server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    for number in 1..=20 {
        let title = serde_json::json!({ "title": format!("Number {number}") });
        let issue = mei.api.post(&mei.repository_api("llm", "/issues"), &title).expect(201).json();
        assert_eq!(issue["number"], number);
    }
    server.kill();
    server.start_again();
    for number in 1..=20 {
        let issue = mei.api.get(&mei.repository_api("llm", &format!("/issues/{number}"))).expect(200).json();
        assert_eq!(issue["title"], format!("Number {number}"));
    }
}

#[test]
fn an_unknown_page_says_what_to_do_next() {
    let server = TestServer::start();
    let page = server.anonymous().get("/no/such/page/at-all").expect(404);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
    assert!(page.body.contains("<a "), "a way out: {}", page.body);
    let api = server.anonymous().get("/api/v1/no-such-thing").expect(404);
    assert!(api.json()["message"].is_string(), "{}", api.body);
}

#[test]
fn the_first_page_fits_a_telephone_and_a_desk_in_both_languages() {
    let server = TestServer::start();
    let browser = Browser::open(&server.url(""));
    browser.goto("/");
    assert_eq!(browser.pictures("00-home"), Vec::<String>::new(), "these pages are wider than their screen");
}

#[test]
fn the_doctor_finds_a_healthy_server_healthy() {
    let server = TestServer::start();
    assert!(!server.hearth(&["doctor"], "").is_empty());
}
