//! The siege rows of `cargo xtask bench`: its effect on everybody else. Measures `HEARTH_BIN`. The method is
//! described in `docs/performance.md`.
#![expect(clippy::cast_precision_loss, reason = "figures for people have few digits")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hearth_tests::{Api, IDLE, Scene, TestServer, figure, percentile, wait_until};

/// How long each half is measured.
const HALF: Duration = Duration::from_secs(30);
/// The time a user takes to read a page before opening the next.
const BETWEEN_PAGES: Duration = Duration::from_millis(20);
const BETWEEN_PUSHES: Duration = Duration::from_millis(500);

fn main() {
    let server = TestServer::builder().on_sqlite().setting("server.connections", "4096").start();
    let mei = server.admin("mei");
    let mut scene = Scene::of(&mei);
    let visitor = server.anonymous();

    let mut quiet = half(&visitor, &mut scene);
    let siege = scene.besiege(&mei);
    let asked = siege.asked();
    let mut besieged = half(&visitor, &mut scene);
    assert!(siege.held() > usize::from(IDLE) / 2 && siege.asked() > asked, "the siege stood until the end");
    quiet.say("while it is quiet");
    besieged.say("under siege");
    let ratio = percentile(&mut besieged.homes, 99) / percentile(&mut quiet.homes, 99);
    figure("home under siege against a quiet one, p99", ratio, "times");
    drop(siege);
    wait_until("no git to be left", Duration::from_mins(1), || server.processes("git").is_empty());
    figure("memory at most", server.process().memory("VmHWM") as f64 / 1e6, "MB");
}

/// The results of one half.
struct Half {
    homes: Vec<Duration>,
    pushes: Vec<Duration>,
}

/// Opens the home page of a repository again and again while another user pushes to it.
fn half(visitor: &Api, scene: &mut Scene) -> Half {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let pusher = scope.spawn(|| {
            let mut pushes = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                let started = Instant::now();
                scene.push();
                pushes.push(started.elapsed());
                std::thread::sleep(BETWEEN_PUSHES);
            }
            pushes
        });
        let (started, mut homes) = (Instant::now(), Vec::new());
        while started.elapsed() < HALF {
            let asked = Instant::now();
            let _ = visitor.get("/mei/daily").expect(200);
            homes.push(asked.elapsed());
            std::thread::sleep(BETWEEN_PAGES);
        }
        is_over.store(true, Ordering::Relaxed);
        Half { homes, pushes: pusher.join().expect("the pushes go through") }
    })
}

impl Half {
    fn say(&mut self, when: &str) {
        figure(&format!("home {when}, p50"), percentile(&mut self.homes, 50) * 1000.0, "ms");
        figure(&format!("home {when}, p99"), percentile(&mut self.homes, 99) * 1000.0, "ms");
        figure(&format!("commit and push {when}, p50"), percentile(&mut self.pushes, 50) * 1000.0, "ms");
        figure(&format!("pushes {when}"), self.pushes.len() as f64, "");
    }
}
