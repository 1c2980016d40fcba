//! Clients that stall, idle and request decompression bombs, all at once, and their effect on everybody else.

use std::time::Duration;

use hearth_tests::{IDLE, Scene, Session, TestServer, wait_until};

/// The server's maximum memory use.
const MOST_BYTES: u64 = 400 << 20;

#[test]
fn others_are_served_while_clients_stall_and_ask_for_what_unfolds() {
    let server = TestServer::builder().setting("server.connections", "4096").start();
    let mei = server.admin("mei");
    let mut scene = Scene::of(&mei);
    let siege = scene.besiege(&mei);

    let nobody = server.anonymous();
    let asked = siege.asked();
    let mut last = String::new();
    for _ in 0..10 {
        let _ = nobody.get("/").expect(200);
        let _ = nobody.get("/mei/daily").expect(200);
        let _ = Session::of(&mei).get("/mei/daily/issues").expect(200);
        last = scene.push();
    }
    let home = nobody.get("/mei/daily").expect(200);
    assert!(home.body.contains(&last), "the last push is recorded");
    wait_until("the siege to go on", Duration::from_mins(1), || siege.asked() > asked);
    assert!(siege.held() > usize::from(IDLE) / 2, "{} are held", siege.held());

    drop(siege);
    wait_until("no git to be left", Duration::from_mins(1), || server.processes("git").is_empty());
    let most = server.process().memory("VmHWM");
    assert!(most < MOST_BYTES, "the server held {} MiB at its highest", most >> 20);
}
