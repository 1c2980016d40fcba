//! Failures around the server must not break the server.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::spawn;
use std::time::Duration;

use hearth_tests::{Git, SmallDisk, TestServer, noise, skip, wait_until};

/// A connection to PostgreSQL that can be cut.
struct Wire {
    port: u16,
    whole: Arc<AtomicBool>,
    ends: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    fn to(address: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (whole, ends) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(Vec::new())));
        let wire = Self { port, whole: Arc::clone(&whole), ends: Arc::clone(&ends) };
        spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(&address) else { return };
                if !whole.load(Ordering::SeqCst) {
                    continue;
                }
                let both = [near.try_clone().unwrap(), far.try_clone().unwrap()];
                ends.lock().unwrap().extend([near.try_clone().unwrap(), far.try_clone().unwrap()]);
                let [near_too, far_too] = both;
                spawn(move || carry(near, far));
                spawn(move || carry(far_too, near_too));
            }
        });
        wire
    }

    fn cut(&self) {
        self.whole.store(false, Ordering::SeqCst);
        for end in self.ends.lock().unwrap().drain(..) {
            end.shutdown(Shutdown::Both).unwrap_or_default();
        }
    }

    fn mend(&self) {
        self.whole.store(true, Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    to.shutdown(Shutdown::Both).unwrap_or_default();
}

#[test]
fn a_lost_database_gives_a_page_and_the_server_finds_it_again() {
    let Ok(cluster) = std::env::var("HEARTH_TEST_POSTGRES") else {
        return skip("HEARTH_TEST_POSTGRES names no PostgreSQL");
    };
    let (user, place) = cluster.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
    let (address, first) = place.split_once('/').unwrap();
    let name = format!("lost_{}", std::process::id());
    let made = Command::new("psql")
        .args(["--quiet", "--dbname", &cluster, "--command", &format!("CREATE DATABASE {name}")])
        .output()
        .unwrap();
    assert!(made.status.success(), "{first}: {}", String::from_utf8_lossy(&made.stderr));
    let wire = Wire::to(address.to_owned());
    let url = format!("postgres://{user}@127.0.0.1:{}/{name}", wire.port);
    let server = TestServer::builder().database(&url).start();
    let nobody = server.anonymous();
    assert_eq!(nobody.get("/explore/repos").status, 200);

    wire.cut();
    let page = nobody.get("/explore/repos").expect(503);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
    assert!(page.body.contains("</html>") && page.body.contains("<a "), "{}", page.body);
    assert!(nobody.get("/api/v1/repos/mei/llm").expect(503).json()["message"].is_string());
    assert_eq!(nobody.get("/healthz").status, 200, "the process itself is well");
    assert_eq!(nobody.get("/readyz").status, 503);

    wire.mend();
    wait_until("the database again", Duration::from_secs(20), || nobody.get("/explore/repos").status == 200);
    // The readiness result is cached for a moment.
    wait_until("readiness", Duration::from_secs(20), || nobody.get("/readyz").status == 200);
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        return skip("a small file system can be mounted by root only");
    };
    let data = disk.path().join("data");
    let server = TestServer::builder().data(&data).start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    let kept = git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n")]);
    git.write("model.bin", noise(1, 32 * 1024 * 1024));
    git.commit("More than there is room for");
    let pushed = git.attempt(&["push"]);
    assert!(!pushed.succeeded, "{}", pushed.err);
    assert!(git.run(&["ls-remote", "origin", "refs/heads/main"]).starts_with(&kept));

    let filler = disk.path().join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    let block = noise(2, 64 * 1024);
    while file.write_all(&block).is_ok() {}
    drop(file);
    let page = server.anonymous().get("/mei/llm").expect(200);
    assert!(page.body.contains("</html>"));
    let refused =
        mei.api.post(&mei.repository_api("llm", "/issues"), &serde_json::json!({ "title": "Full" }));
    assert!(matches!(refused.status, 201 | 503 | 507), "{}: {}", refused.status, refused.body);

    fs::remove_file(filler).unwrap();
    let accepted =
        mei.api.post(&mei.repository_api("llm", "/issues"), &serde_json::json!({ "title": "Room" }));
    assert_eq!(accepted.status, 201, "{}", accepted.body);
}
