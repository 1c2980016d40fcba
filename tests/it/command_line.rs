//! `hearth repo`, `issue`, `pr` and `release`: the work of two people from their terminals, with the real git.

use std::fs;

use hearth_tests::{Answer, Finished, Git, Person, TestServer};
use reqwest::Method;
use serde_json::{Value, json};

/// Two people, each with a git of their own.
struct Scene {
    server: TestServer,
    mei: Person,
    lin: Person,
    git: Git,
    lins: Git,
}

impl Scene {
    /// mei's repository, published from her folder, and lin's clone of it.
    fn new() -> Self {
        let server = TestServer::start();
        let (mei, lin) = (server.admin("mei"), server.person("lin"));
        let (mut git, mut lins) = (Git::of(&mei), Git::of(&lin));
        git.run(&["init", "--quiet", "llm"]);
        git.enter("llm");
        git.write("README.md", "# LLM\n");
        git.commit("Begin");
        let root = mei.root().to_owned();
        let created = hearth(&git, &["repo", "create", "llm", "--push", "--server", &root]);
        assert!(created.succeeded && created.out.trim() == format!("{root}/mei/llm"), "{created:?}");
        let invited = mei.api.request(Method::PUT, &mei.repository_api("llm", "/collaborators/lin"));
        let _ = Answer::to(invited.json(&json!({ "permission": "write" }))).expect(204);
        let cloned = hearth(&lins, &["repo", "clone", "mei/llm", "--server", &root]);
        assert!(cloned.succeeded, "{cloned:?}");
        lins.enter("llm");
        Self { server, mei, lin, git, lins }
    }

    /// lin's pull request with one commit on a branch of its own.
    fn propose(&self, branch: &str, more: &[&str]) -> Finished {
        self.lins.run(&["switch", "--quiet", "--create", branch, "main"]);
        self.lins.write(&format!("{branch}.txt"), "Faster\n");
        self.lins.commit(&format!("Add {branch}\n\nIt was slow."));
        hearth(&self.lins, &[&["pr", "create", "--fill", "--yes"], more].concat())
    }
}

/// Runs the program as this user would in their folder.
fn hearth(git: &Git, arguments: &[&str]) -> Finished {
    let command = TestServer::program(git.folder());
    let program = command.get_program().to_str().expect("a path in UTF-8");
    git.program(program, arguments, &[])
}

#[track_caller]
fn done(git: &Git, arguments: &[&str]) -> String {
    let finished = hearth(git, arguments);
    assert!(finished.succeeded, "hearth {arguments:?}: {finished:?}");
    finished.out
}

#[track_caller]
fn refused(git: &Git, arguments: &[&str], parts: &[&str]) {
    let finished = hearth(git, arguments);
    assert_eq!(finished.code, Some(1), "hearth {arguments:?}: {finished:?}");
    for part in parts {
        assert!(finished.err.contains(part), "{part} is missing in {finished:?}");
    }
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn two_people_open_review_and_merge_from_their_terminals() {
    let scene = Scene::new();
    let opened = scene.propose("faster", &["--reviewer", "mei", "--draft"]);
    assert!(
        opened.succeeded && opened.out.trim() == format!("{}/mei/llm/pulls/1", scene.mei.root()),
        "{opened:?}"
    );
    let card = json_of(&done(&scene.git, &["pr", "show", "1", "--json"]));
    assert_eq!((&card["title"], &card["body"]), (&json!("Add faster"), &json!("It was slow.")));
    assert_eq!(card["requested_reviewers"][0]["login"], "mei");

    refused(&scene.git, &["pr", "merge", "1"], &["cannot be merged", "It is a draft"]);
    assert!(done(&scene.lins, &["pr", "ready", "1"]).contains("is open"));
    let list = done(&scene.git, &["pr", "list"]);
    assert!(list.contains("#1") && list.contains("Add faster") && !list.contains('\u{1b}'), "{list:?}");
    assert!(done(&scene.git, &["pr", "diff", "1"]).contains("+Faster"));

    let _ = done(&scene.git, &["pr", "checkout", "1"]);
    assert_eq!(scene.git.run(&["branch", "--show-current"]).trim(), "faster");
    assert_eq!(scene.git.head(), scene.lins.head());
    scene.git.write("faster.txt", "Faster still\n");
    scene.git.commit("Make it faster still");
    scene.git.run(&["-c", "push.default=upstream", "push", "--quiet"]);
    scene.lins.run(&["pull", "--quiet"]);
    assert_eq!(scene.git.head(), scene.lins.head(), "a push from the checkout updates the pull request");

    refused(&scene.git, &["pr", "review", "1", "--request-changes"], &["there is no text"]);
    let _ = done(&scene.git, &["pr", "review", "1", "--request-changes", "-m", "Why?"]);
    let _ = done(&scene.lins, &["pr", "comment", "1", "--body", "Because it was slow"]);
    let _ = done(&scene.git, &["pr", "review", "1", "--approve"]);
    assert!(done(&scene.lins, &["pr", "view", "1"]).contains("Because it was slow"));
    let merged = done(&scene.lins, &["pr", "merge", "1", "--method", "squash", "--delete-branch"]);
    assert!(merged.contains("#1 is merged into main"), "{merged}");
    assert!(scene.git.run(&["ls-remote", "origin", "refs/heads/faster"]).is_empty());
    scene.git.run(&["switch", "--quiet", "main"]);
    scene.git.run(&["pull", "--quiet"]);
    assert_eq!(scene.git.run(&["show", "HEAD:faster.txt"]), "Faster still\n");
    refused(&scene.git, &["pr", "merge", "1"], &["cannot be merged", "It is merged or closed"]);
}

#[test]
fn a_fork_is_made_proposed_from_and_checked_out() {
    let scene = Scene::new();
    let bo = scene.server.person("bo");
    let mut bos = Git::of(&bo);
    let root = bo.root().to_owned();
    let forked = done(&bos, &["repo", "fork", "--repo", "mei/llm", "--server", &root, "--clone"]);
    assert_eq!(forked.trim(), format!("{root}/bo/llm"));
    bos.enter("llm").run(&["switch", "--quiet", "--create", "idea"]);
    bos.write("idea.txt", "An idea\n");
    let head = bos.commit("Have an idea");
    refused(&bos, &["pr", "create", "--fill"], &["--push"]);
    let _ = done(&bos, &["pr", "create", "--fill", "--push"]);
    let card = json_of(&done(&scene.git, &["pr", "show", "1", "--json"]));
    assert_eq!(card["head"]["repo"]["full_name"], "bo/llm");

    let _ = done(&scene.git, &["pr", "checkout", "1"]);
    assert_eq!(scene.git.run(&["branch", "--show-current"]).trim(), "pr-1");
    assert_eq!(scene.git.head(), head);
    let _ = done(&scene.git, &["pr", "checkout", "1"]);
    assert!(done(&bos, &["pr", "close", "1", "--comment", "Not now"]).contains("is closed"));
    assert!(done(&bos, &["pr", "reopen", "1"]).contains("is open"));
}

#[test]
fn issues_are_created_found_changed_and_closed() {
    let scene = Scene::new();
    let label = json!({ "name": "bug", "color": "#aa0000" });
    let _ = scene.mei.api.post(&scene.mei.repository_api("llm", "/labels"), &label).expect(201);
    let hostile = "Loss \u{1b}[2J is \u{202e}NaN 训练";
    let made = ["issue", "create", "--title", hostile, "--body", "Since v2", "--label", "bug"];
    let address = done(&scene.git, &made);
    assert!(address.trim().ends_with("/mei/llm/issues/1"), "{address}");
    let list = done(&scene.lins, &["issue", "list", "--label", "bug"]);
    assert!(list.contains("训练") && !list.contains(['\u{1b}', '\u{202e}']), "{list:?}");
    let _ = done(&scene.lins, &["issue", "comment", "1", "--body", "I see it too"]);
    let _ = done(&scene.git, &["issue", "edit", "1", "--add-assignee", "lin", "--remove-label", "bug"]);
    let shown = done(&scene.git, &["issue", "view", "1"]);
    for part in ["Since v2", "I see it too", "lin"] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    assert!(done(&scene.git, &["issue", "close", "1"]).contains("is closed"));
    assert_eq!(json_of(&done(&scene.git, &["issue", "list", "--json"])), json!([]));
    assert!(done(&scene.git, &["issue", "reopen", "1"]).contains("is open"));
    refused(&scene.git, &["issue", "show", "99"], &["no such thing"]);
    refused(&scene.git, &["issue", "create"], &["--title"]);
}

#[test]
fn a_release_is_published_with_its_files_and_fetched_again() {
    let scene = Scene::new();
    let content = hearth_tests::noise(7, 3_000_000);
    scene.git.write("out/模型.bin", &content);
    let made =
        ["release", "create", "v1.0", "out/模型.bin", "--title", "First", "--body", "Trained for a day"];
    let _ = done(&scene.git, &made);
    assert!(done(&scene.lins, &["release", "list"]).contains("latest"));
    assert!(done(&scene.lins, &["release", "view", "v1.0"]).contains("模型.bin"));
    let _ = done(&scene.lins, &["release", "download", "--folder", "weights"]);
    assert_eq!(fs::read(scene.lins.folder().join("weights/模型.bin")).unwrap(), content);
    refused(&scene.lins, &["release", "download", "--folder", "weights"], &["--overwrite"]);
    let again = hearth(&scene.git, &["release", "upload", "v1.0", "out/模型.bin"]);
    assert!(again.succeeded && again.err.contains("there already"), "{again:?}");
    refused(&scene.git, &["release", "delete", "v1.0"], &["--yes"]);
    let _ = done(&scene.git, &["release", "delete", "v1.0", "--yes"]);
    refused(&scene.lins, &["release", "show", "v1.0"], &["no such thing"]);
    assert_eq!(scene.lin.name, "lin");
}

#[test]
fn a_server_is_found_by_its_replacements_and_by_signing_in() {
    let scene = Scene::new();
    let root = scene.mei.root().to_owned();
    scene.git.run(&["remote", "set-url", "origin", "forge:mei/llm.git"]);
    scene.git.run(&["config", &format!("url.{root}/.insteadOf"), "forge:"]);
    assert!(done(&scene.git, &["repo", "show"]).contains("mei/llm"));

    let nobody = Git::anonymous();
    refused(&nobody, &["repo", "list"], &["hearth login"]);
    let command = TestServer::program(nobody.folder());
    let program = command.get_program().to_str().expect("a path in UTF-8");
    let script = format!("printf '%s\\n' \"$TOKEN\" | '{program}' login {root}");
    let signed_in = nobody.program("sh", &["-c", &script], &[("TOKEN", scene.mei.token.as_str())]);
    assert!(signed_in.succeeded && signed_in.out.contains("as mei"), "{signed_in:?}");
    assert!(done(&nobody, &["repo", "list"]).contains("mei/llm"));
    nobody.run(&["init", "--quiet"]);
    nobody.run(&["remote", "add", "origin", "ssh://git@127.0.0.1:2222/mei/llm.git"]);
    assert!(done(&nobody, &["repo", "show"]).contains("mei/llm"), "the server on the host of an SSH address");
}
