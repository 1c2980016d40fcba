//! Clients that stall, idle and ask for what unfolds, all at once, and everybody else.

use std::time::Duration;

use data_encoding::BASE64;
use hearth_tests::{Git, Person, Session, Siege, TestServer, noise, wait_until};

/// Trees of ten entries each, as deep as they unfold to ten thousand million files.
const DEPTH: usize = 10;
const BREADTH: usize = 10;
/// What the server may hold at its highest.
const MOST_BYTES: u64 = 400 << 20;

const STALLED: u16 = 200;
const IDLE: u16 = 2_000;
const BOMBS: u16 = 8;

/// Pushes a commit of few objects whose tree unfolds without end, and hands it back.
fn push_a_bomb(git: &mut Git, address: &str) -> String {
    git.begin("bomb", address, &[("README.md", "# Bomb\n")]);
    let mut object = git.run(&["rev-parse", "HEAD:README.md"]).trim().to_owned();
    let mut kind = "100644 blob";
    for _ in 0..DEPTH {
        let entries: Vec<String> =
            (0..BREADTH).map(|number| format!("{kind} {object}\tentry-{number}.py\n")).collect();
        git.write("../listed", entries.concat());
        let made = git.program("sh", &["-c", "git mktree < ../listed"], &[]);
        assert!(made.succeeded, "{}", made.err);
        made.out.trim().clone_into(&mut object);
        kind = "040000 tree";
    }
    let commit = git.run(&["commit-tree", "-p", "HEAD", "-m", "Unfold", &object]).trim().to_owned();
    git.run(&["push", "--quiet", "origin", &format!("{commit}:refs/heads/main")]);
    commit
}

/// The beginning of a request on every way that takes a body, and one reader of a pack that does not read.
fn beginnings(mei: &Person, tip: &str) -> Vec<String> {
    let basic = BASE64.encode(format!("{}:{}", mei.name, mei.token).as_bytes());
    let begin = |line: &str, kind: &str, begun: &str| {
        format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {basic}\r\nContent-Type: {kind}\r\n\
             Content-Length: 1000\r\n\r\n{begun}"
        )
    };
    let want = format!("0011command=fetch0001{:04x}want {tip}\n0009done\n0000", 4 + 5 + 40 + 1);
    let git = "application/x-git";
    let wanted = format!(
        "POST /mei/large.git/git-upload-pack HTTP/1.1\r\nHost: localhost\r\nGit-Protocol: version=2\r\n\
         Content-Type: {git}-upload-pack-request\r\nContent-Length: {}\r\n\r\n{want}",
        want.len()
    );
    let object = "0".repeat(64);
    vec![
        "GET / HTTP/1.1\r\nHost: local".to_owned(),
        begin("POST /user/login", "application/x-www-form-urlencoded", "n"),
        begin("POST /api/v1/user/repos", "application/json", "{"),
        begin("PUT /api/v1/repos/mei/large/contents/a", "application/json", "{"),
        begin("POST /mei/large.git/git-upload-pack", &format!("{git}-upload-pack-request"), "0011"),
        begin("POST /mei/large.git/git-receive-pack", &format!("{git}-receive-pack-request"), "00a1"),
        begin("POST /mei/large.git/info/lfs/objects/batch", "application/vnd.git-lfs+json", "{"),
        begin(&format!("PUT /mei/large.git/info/lfs/objects/{object}"), "application/octet-stream", "0"),
        wanted,
    ]
}

#[test]
fn others_are_served_while_clients_stall_and_ask_for_what_unfolds() {
    let server = TestServer::builder().setting("server.connections", "4096").start();
    let mei = server.admin("mei");
    for name in ["bomb", "large", "daily"] {
        mei.create_repository(name);
    }
    let bomb = push_a_bomb(&mut Git::of(&mei), &mei.clone_address("bomb"));
    let mut large = Git::of(&mei);
    large.begin("large", &mei.clone_address("large"), &[("README.md", "# Large\n")]);
    large.write("weights.bin", noise(5, 16 << 20));
    let tip = large.commit("Weights");
    large.run(&["push", "--quiet"]);
    let mut daily = Git::of(&mei);
    daily.begin("daily", &mei.clone_address("daily"), &[("README.md", "# Daily\n")]);

    let siege = Siege::of(mei.root());
    siege.stall(1, STALLED, &beginnings(&mei, &tip));
    siege.idle(2, IDLE);
    let questions = [
        format!("/mei/bomb/commit/{bomb}"),
        "/mei/bomb/archive/main.tar.gz".to_owned(),
        "/mei/bomb/archive/main.zip".to_owned(),
        "/mei/bomb".to_owned(),
        "/mei/bomb/commits/branch/main/entry-1.py/entry-2.py".to_owned(),
        "/api/v1/repos/mei/bomb/contents/entry-0.py".to_owned(),
    ];
    siege.ask(3, BOMBS, &questions, Duration::from_secs(2));
    wait_until("the siege to stand", Duration::from_mins(2), || {
        siege.held() > usize::from(IDLE + STALLED) / 2 && siege.asked() > usize::from(BOMBS)
    });

    let nobody = server.anonymous();
    let asked = siege.asked();
    for number in 0..10 {
        let _ = nobody.get("/").expect(200);
        let _ = nobody.get("/mei/daily").expect(200);
        let _ = Session::of(&mei).get("/mei/daily/issues").expect(200);
        daily.write("step.txt", format!("{number}\n"));
        daily.commit(&format!("Step {number}"));
        daily.run(&["push", "--quiet"]);
    }
    let home = nobody.get("/mei/daily").expect(200);
    assert!(home.body.contains("Step 9"), "the last push is recorded");
    wait_until("the siege to go on", Duration::from_mins(1), || siege.asked() > asked);
    assert!(siege.held() > usize::from(IDLE) / 2, "{} are held", siege.held());

    drop(siege);
    wait_until("no git to be left", Duration::from_mins(1), || server.processes("git").is_empty());
    let most = server.process().memory("VmHWM");
    assert!(most < MOST_BYTES, "the server held {} MiB at its highest", most >> 20);
}
