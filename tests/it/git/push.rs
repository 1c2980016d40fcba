//! Pushing.

use std::path::Path;

use hearth_tests::{Git, Person, TestServer, noise};

const MEBIBYTE: u64 = 1024 * 1024;

fn repository(server: &TestServer) -> (Person, Git) {
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n")]);
    (mei, git)
}

#[test]
fn a_push_says_where_to_look() {
    let server = TestServer::start();
    let (_, git) = repository(&server);
    git.run(&["switch", "--quiet", "--create", "idea"]);
    git.commit("An idea");
    let pushed = git.attempt(&["push", "origin", "idea"]);
    assert!(pushed.succeeded, "{}", pushed.err);
    assert!(pushed.err.contains("remote:"), "{}", pushed.err);
    assert!(pushed.err.contains(&server.url("/mei/llm")), "{}", pushed.err);
}

#[test]
fn a_pushed_branch_is_there_for_programs_at_once() {
    let server = TestServer::start();
    let (mei, git) = repository(&server);
    git.run(&["tag", "v1"]);
    git.run(&["push", "--quiet", "origin", "main:release/1.x", "v1"]);
    let branch = mei.api.get(&mei.repository_api("llm", "/branches/release/1.x")).expect(200).json();
    assert_eq!(branch["commit"]["id"], git.head());
    git.run(&["push", "--quiet", "origin", "--delete", "release/1.x"]);
    let gone = mei.api.get(&mei.repository_api("llm", "/branches/release/1.x"));
    assert_eq!(gone.status, 404);
}

#[test]
fn a_large_push_needs_little_memory() {
    let server = TestServer::start();
    let (_, git) = repository(&server);
    git.run(&["config", "core.compression", "0"]);
    git.run(&["config", "http.postBuffer", "1048576"]);
    let before = server.process().memory("VmHWM");
    git.write("model.bin", noise(7, 64 * 1024 * 1024));
    let commit = git.commit("Add the weights");
    git.run(&["push", "--quiet"]);
    // The kernel counts pages for each processor apart, so that its highest value may read a little lower later.
    let grown = server.process().memory("VmHWM").saturating_sub(before);
    assert!(grown < 24 * MEBIBYTE, "the server grew by {} MiB", grown / MEBIBYTE);
    let listed = git.run(&["ls-remote", "origin", "refs/heads/main"]);
    assert!(listed.starts_with(&commit), "{listed}");
}

/// A commit whose tree holds a file that must never reach a work tree.
fn forged_commit(git: &Git, name: &str) -> String {
    git.write("evil.txt", "[core]\n");
    let blob = git.run(&["hash-object", "-w", "evil.txt"]);
    git.write("tree.txt", format!("100644 blob {}\t{name}\n", blob.trim()));
    let made = git.program("sh", &["-c", "git mktree --missing < tree.txt"], &[]);
    assert!(made.succeeded, "{}", made.err);
    git.run(&["commit-tree", made.out.trim(), "-m", "Harmless"]).trim().to_owned()
}

#[test]
fn a_refused_push_leaves_nothing_behind() {
    let server = TestServer::start();
    let (mei, git) = repository(&server);
    let before = git.run(&["ls-remote", "origin"]);
    for name in [".GIT", "git~1", ".git\u{200c}"] {
        let commit = forged_commit(&git, name);
        let pushed = git.attempt(&["push", "origin", &format!("{commit}:refs/heads/evil")]);
        assert!(!pushed.succeeded, "{name} was taken: {}", pushed.err);
        let object = mei.api.get(&mei.repository_api("llm", &format!("/git/commits/{commit}")));
        assert_eq!(object.status, 404, "{name}");
    }
    assert_eq!(git.run(&["ls-remote", "origin"]), before);
    assert_eq!(quarantines(server.data()), Vec::<String>::new());
}

/// Folders in which git keeps objects that are not accepted yet.
fn quarantines(folder: &Path) -> Vec<String> {
    let listed = std::process::Command::new("find")
        .arg(folder)
        .args(["-type", "d", "-name", "*incoming-*"])
        .output()
        .unwrap();
    String::from_utf8(listed.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn hidden_refs_cannot_be_pushed() {
    let server = TestServer::start();
    let (_, git) = repository(&server);
    for name in ["refs/pull/1/head", "refs/hearth/keep", "refs/heads/-x"] {
        let pushed = git.attempt(&["push", "origin", &format!("HEAD:{name}")]);
        assert!(!pushed.succeeded, "{name} was taken");
        assert!(!git.run(&["ls-remote", "origin"]).contains(name), "{name}");
    }
}

#[test]
fn of_two_pushes_to_one_branch_exactly_one_wins() {
    let server = TestServer::start();
    let (mei, first) = repository(&server);
    let mut second = Git::of(&mei);
    second.run(&["clone", "--quiet", &mei.clone_address("llm"), "copy"]);
    second.enter("copy");
    for turn in 0..5 {
        for git in [&first, &second] {
            git.run(&["fetch", "--quiet"]);
            git.run(&["reset", "--quiet", "--hard", "origin/main"]);
            git.commit(&format!("Turn {turn} in {}", git.folder().display()));
        }
        let won: Vec<bool> = std::thread::scope(|scope| {
            let pushes =
                [&first, &second].map(|git| scope.spawn(|| git.attempt(&["push", "origin", "main"])));
            pushes.map(|push| push.join().unwrap().succeeded).to_vec()
        });
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "turn {turn}: {won:?}");
        let winner = if won[0] { &first } else { &second };
        assert!(winner.run(&["ls-remote", "origin", "refs/heads/main"]).starts_with(&winner.head()));
    }
}
