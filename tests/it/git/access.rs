//! Authentication and access.

use hearth_tests::{Git, Person, TestServer};

/// A private repository with one commit; its owner and its address.
fn private(server: &TestServer) -> (Person, String) {
    let mei = server.admin("mei");
    mei.create_private_repository("secret");
    let address = mei.clone_address("secret");
    Git::of(&mei).begin("secret", &address, &[("plan.md", "# Plan\n")]);
    (mei, address)
}

#[test]
fn a_private_repository_looks_like_none_to_others() {
    let server = TestServer::start();
    let (mei, address) = private(&server);
    let absent = mei.clone_address("absent");
    let lin = server.person("lin");
    for git in [Git::of(&lin), Git::anonymous()] {
        let hidden = git.attempt(&["ls-remote", &address]);
        let missing = git.attempt(&["ls-remote", &absent]);
        assert!(!hidden.succeeded && !missing.succeeded);
        assert_eq!(hidden.err.replace("secret", "absent"), missing.err);
        assert!(!hidden.err.contains("plan.md"));
    }
    for api in [&lin.api, &server.anonymous()] {
        let hidden = api.get(&mei.repository_api("secret", "")).expect(404);
        let missing = api.get(&mei.repository_api("absent", "")).expect(404);
        assert_eq!(hidden.body.replace("secret", "absent"), missing.body);
    }
    assert_eq!(server.anonymous().get("/mei/secret").status, 404);
}

#[test]
fn a_token_and_a_password_open_the_same_door() {
    let server = TestServer::start();
    let (mei, address) = private(&server);
    for git in [Git::of(&mei), Git::with_password_of(&mei)] {
        assert!(git.run(&["ls-remote", &address]).contains("refs/heads/main"));
    }
    for scheme in ["Bearer", "token"] {
        let header = format!("http.extraHeader=Authorization: {scheme} {}", mei.token);
        let listed = Git::anonymous().run(&["-c", &header, "ls-remote", &address]);
        assert!(listed.contains("refs/heads/main"), "{scheme}");
    }
}

#[test]
fn a_reader_may_not_push() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let address = mei.clone_address("llm");
    Git::of(&mei).begin("llm", &address, &[("a.txt", "a\n")]);
    let lin = server.person("lin");
    let mut git = Git::of(&lin);
    git.run(&["clone", "--quiet", &address, "copy"]);
    git.enter("copy").write("a.txt", "mine\n");
    git.commit("Take it over");
    let pushed = git.attempt(&["push"]);
    assert!(!pushed.succeeded, "{}", pushed.err);
    let listed = git.run(&["ls-remote", &address, "refs/heads/main"]);
    assert!(!listed.contains(&git.head()));
}

#[test]
fn a_token_for_reading_cannot_push() {
    let server = TestServer::start();
    let (mut mei, address) = private(&server);
    let words = ["admin", "token", "create", "--user", "mei", "--scopes", "read:repository"];
    server.hearth(&words, "").trim().clone_into(&mut mei.token);
    let mut git = Git::of(&mei);
    git.run(&["clone", "--quiet", &address, "copy"]);
    git.enter("copy").write("plan.md", "# Another\n");
    git.commit("Change the plan");
    let pushed = git.attempt(&["push"]);
    assert!(!pushed.succeeded, "{}", pushed.err);
}
