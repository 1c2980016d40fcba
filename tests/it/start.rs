//! Starting, stopping, and the signs of life.

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
fn an_unknown_page_says_what_to_do_next() {
    let server = TestServer::start();
    let page = server.anonymous().get("/no/such/page/at-all").expect(404);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
    assert!(page.body.contains("<a "), "a way out: {}", page.body);
}

#[test]
fn the_first_page_fits_a_telephone_and_a_desk_in_both_languages() {
    let server = TestServer::start();
    let browser = Browser::open(&server.url(""));
    browser.goto("/");
    assert_eq!(browser.pictures("00-home"), Vec::<String>::new(), "these pages are wider than their screen");
}
