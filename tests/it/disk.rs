//! Disk faults, and how the server detects them.

use std::{
    fs,
    io::Write as _,
    net::TcpStream,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::Command,
    time::Duration,
};

use hearth_tests::{Git, SmallDisk, TestServer, noise, skip, wait_until};
use serde_json::json;

#[test]
fn a_full_disk_refuses_uploads_first_and_says_so_until_there_is_room_again() {
    let Some(disk) = SmallDisk::mount() else {
        return skip("a small file system can be mounted by root only");
    };
    let server = TestServer::builder().on_sqlite().data(&disk.path().join("data")).start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let nobody = server.anonymous();
    assert_eq!(nobody.get("/readyz").status, 200);

    disk.fill();
    wait_until("the server to see it", Duration::from_secs(20), || nobody.get("/readyz").status == 503);
    let told = nobody.get("/readyz").json();
    assert_eq!((told["status"].as_str(), told["disk"].as_str()), (Some("fail"), Some("fail")), "{told}");
    assert!(told["reasons"]["disk"].as_str().unwrap().contains("reserve"), "{told}");
    assert_eq!(nobody.get("/healthz").status, 200);
    let batch = json!({ "operation": "upload", "objects": [{ "oid": "a".repeat(64), "size": 5 }] });
    let refused = mei.api.post("/mei/llm.git/info/lfs/objects/batch", &batch);
    assert_eq!(refused.status, 507, "{}", refused.body);
    assert!(refused.body.contains("nearly full"), "{}", refused.body);
    let text = json!({ "content": "aGVsbG8=", "message": "More" });
    let written = mei.api.post(&mei.repository_api("llm", "/contents/one.txt"), &text);
    assert!(matches!(written.status, 201 | 503), "{}: {}", written.status, written.body);
    assert!(!written.body.is_empty());
    assert_eq!(nobody.get("/mei/llm").status, 200, "pages are read all the same");

    disk.make_room();
    wait_until("room again", Duration::from_secs(20), || nobody.get("/readyz").status == 200);
    let taken = mei.api.post("/mei/llm.git/info/lfs/objects/batch", &batch);
    assert_eq!(taken.status, 200, "{}", taken.body);
}

#[test]
fn a_log_that_cannot_be_written_ends_no_request() {
    let server = TestServer::builder().setting("log.level", "debug").log_to(Path::new("/dev/full")).start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let nobody = server.anonymous();
    for number in 0..60 {
        assert_eq!(nobody.get(&format!("/mei/nothing-{number}")).status, 404);
    }
    assert_eq!(nobody.get("/readyz").status, 200);
    let lost = nobody.get("/metrics").body;
    let lost = lost.lines().find_map(|line| line.strip_prefix("hearth_log_lines_lost ")).unwrap();
    assert!(lost.parse::<u64>().unwrap() > 0, "{lost}");
}

#[test]
fn after_a_failed_flush_nothing_is_written_until_a_restart() {
    let mut server = TestServer::builder().on_sqlite().start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let issues = mei.repository_api("llm", "/issues");
    assert_eq!(mei.api.post(&issues, &json!({ "title": "Before" })).status, 201);

    // A device that cannot be flushed instead of the log: SQLite itself goes on with the file that it has
    // open.
    let log = server.data().join("hearth.db-wal");
    let aside = server.data().join("aside");
    fs::rename(&log, &aside).unwrap();
    symlink("/dev/null", &log).unwrap();
    assert_eq!(mei.api.post(&issues, &json!({ "title": "During" })).status, 503);
    fs::remove_file(&log).unwrap();
    fs::rename(&aside, &log).unwrap();
    assert_eq!(mei.api.post(&issues, &json!({ "title": "After" })).status, 503, "it stays so");
    let nobody = server.anonymous();
    wait_until("the server to say so", Duration::from_secs(10), || nobody.get("/readyz").status == 503);
    assert_eq!(nobody.get("/mei/llm").status, 200, "reading goes on");

    server.stop();
    server.start_again();
    assert_eq!(mei.api.post(&issues, &json!({ "title": "Again" })).status, 201);
    assert_eq!(server.anonymous().get("/readyz").status, 200);
}

#[test]
fn the_data_folder_is_private_also_when_an_earlier_version_left_it_open() {
    let mut server = TestServer::start();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(server.data()), 0o700);
    server.stop();
    fs::set_permissions(server.data(), fs::Permissions::from_mode(0o755)).unwrap();
    server.start_again();
    assert_eq!(mode(server.data()), 0o700);
    let database = server.data().join("hearth.db");
    if database.exists() {
        assert_eq!(mode(&database), 0o600);
    }
}

#[test]
fn a_command_beside_the_server_leaves_its_work_alone() {
    let server = TestServer::start();
    let own = server.data().join(".hearth");
    for folder in ["new", "removed", "packs"] {
        fs::create_dir_all(own.join(folder).join("1")).unwrap();
        fs::write(own.join(folder).join("1/half"), "half").unwrap();
    }
    server.hearth(&["admin", "task", "list"], "");
    server.hearth(&["doctor"], "");
    for folder in ["new", "removed", "packs"] {
        assert!(own.join(folder).join("1/half").exists(), "{folder}");
    }
}

#[test]
fn a_lost_database_over_repositories_is_refused_with_the_way_back() {
    let mut server = TestServer::builder().on_sqlite().start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    server.stop();
    let copy = server.data().join("copy.db");
    fs::rename(server.data().join("hearth.db"), &copy).unwrap();
    let refused = server.attempt_to_start();
    assert!(refused.contains("the database was lost") && refused.contains("hearth.db"), "{refused}");
    fs::rename(copy, server.data().join("hearth.db")).unwrap();
    server.start_again();
    assert_eq!(server.anonymous().get("/mei/llm").status, 200);
}

/// Every kind of damage is named, and only by the check that can detect it.
#[test]
fn the_doctor_names_what_is_damaged() {
    let mut server = TestServer::builder().on_sqlite().start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    mei.create_repository("gone");
    let mut git = Git::of(&mei);
    git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n"), ("train.py", "print()\n")]);
    let oid = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let put = mei.api.put_bytes(&format!("/mei/llm.git/info/lfs/objects/{oid}"), b"hello");
    assert_eq!(put.status, 200, "{}", put.body);
    server.stop();
    let doctor = |arguments: &[&str]| server.attempt(arguments);
    let sound = doctor(&["doctor", "--deep"]);
    assert!(sound.succeeded, "{}", sound.out);

    let repository = find_repository(server.data(), "1.git").unwrap();
    let object = any_object(&repository.join("objects"));
    let kept = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    let damaged = doctor(&["doctor", "--deep"]);
    assert!(!damaged.succeeded && damaged.out.contains("mei/llm (1):"), "{}", damaged.out);
    fs::write(&object, kept).unwrap();

    fs::write(repository.join("refs/heads/side"), "").unwrap();
    let damaged = doctor(&["doctor", "--deep"]);
    assert!(!damaged.succeeded && damaged.out.contains("refs/heads/side"), "{}", damaged.out);
    fs::remove_file(repository.join("refs/heads/side")).unwrap();

    let blob = server.data().join("blobs/2c/f2").join(oid);
    fs::write(&blob, b"jello").unwrap();
    assert!(doctor(&["doctor"]).succeeded, "only a look at every byte can see it");
    let damaged = doctor(&["doctor", "--deep"]);
    assert!(
        !damaged.succeeded && damaged.out.contains(&format!("{oid} of mei/llm (1) is corrupted")),
        "{}",
        damaged.out
    );
    fs::remove_file(&blob).unwrap();
    let damaged = doctor(&["doctor"]);
    assert!(
        !damaged.succeeded && damaged.out.contains(&format!("{oid} of mei/llm (1) is missing")),
        "{}",
        damaged.out
    );
    fs::write(&blob, b"hello").unwrap();

    let other = find_repository(server.data(), "2.git").unwrap();
    let aside = other.with_file_name("99.git");
    fs::rename(&other, &aside).unwrap();
    let damaged = doctor(&["doctor"]);
    assert!(!damaged.succeeded && damaged.out.contains("mei/gone (2): its folder"), "{}", damaged.out);
    assert!(damaged.out.contains("99.git is not in the database"), "{}", damaged.out);
    fs::rename(&aside, &other).unwrap();
    fs::create_dir_all(server.data().join("tasks/77")).unwrap();
    let damaged = doctor(&["doctor"]);
    assert!(!damaged.succeeded && damaged.out.contains("tasks/77 is not in the database"), "{}", damaged.out);
    fs::remove_dir(server.data().join("tasks/77")).unwrap();
    assert!(doctor(&["doctor", "--deep"]).succeeded);

    let database = server.data().join("hearth.db");
    let kept = fs::read(&database).unwrap();
    let mut bytes = kept.clone();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&database, bytes).unwrap();
    let damaged = doctor(&["doctor", "--deep"]);
    assert!(!damaged.succeeded && damaged.out.contains("BAD   database"), "{}", damaged.out);
    fs::write(&database, kept).unwrap();
    assert!(doctor(&["doctor", "--deep"]).succeeded);
}

fn find_repository(data: &Path, name: &str) -> Option<std::path::PathBuf> {
    let found = Command::new("find").arg(data).args(["-type", "d", "-name", name]).output().unwrap();
    String::from_utf8_lossy(&found.stdout).lines().next().map(Into::into)
}

/// Any file of an object or a pack.
fn any_object(objects: &Path) -> std::path::PathBuf {
    let found = Command::new("find")
        .arg(objects)
        .args(["-type", "f", "(", "-name", "*.pack", "-o", "-path", "*/[0-9a-f][0-9a-f]/*", ")"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&found.stdout).lines().next().expect("an object").into()
}

/// As a client does whose network fails: everything is sent, and nobody waits for the response.
#[test]
fn uploads_whose_client_hangs_up_leave_nothing() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let bytes = noise(7, 2 * 1024 * 1024);
    for number in 0..20_u8 {
        let head = format!(
            "PUT /mei/llm.git/info/lfs/objects/{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: token {}\r\nContent-Length: {}\r\n\r\n",
            format!("{number:02x}").repeat(32),
            mei.token,
            bytes.len()
        );
        let mut wire = TcpStream::connect(server.url("").trim_start_matches("http://")).unwrap();
        wire.write_all(head.as_bytes()).unwrap();
        let sent = if number % 2 == 0 { bytes.len() } else { bytes.len() / 2 };
        // The server may have refused data already whose hash differs from the announced one.
        wire.write_all(&bytes[..sent]).unwrap_or_default();
    }
    let incoming = server.data().join("blobs/incoming");
    wait_until("the last of them to go", Duration::from_secs(30), || {
        fs::read_dir(&incoming).unwrap().count() == 0
    });
}
