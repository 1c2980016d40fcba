//! Pull requests from forks.

use hearth_tests::{Git, PullRequest, wait_until};
use serde_json::json;

use super::{PATIENCE, Scene};

#[test]
fn what_is_pushed_to_a_fork_is_proposed_followed_and_merged() {
    let scene = Scene::new();
    let bo = scene.server.person("bo");
    let forked = bo.api.post("/api/v1/repos/mei/llm/forks", &json!({})).expect(202).json();
    assert_eq!(forked["full_name"], "bo/llm");
    let mut git = Git::of(&bo);
    git.run(&["clone", "--quiet", &bo.clone_address("llm"), "llm"]);
    git.enter("llm").run(&["switch", "--quiet", "--create", "idea"]);
    git.write("idea.txt", "An idea from elsewhere\n");
    git.commit("Have an idea");
    let pushed = git.attempt(&["push", "--set-upstream", "origin", "idea"]);
    assert!(pushed.succeeded && pushed.err.contains("/compare/"), "{}", pushed.err);

    let pull = PullRequest::open(&bo, "mei/llm", "bo:idea", "main");
    git.write("idea.txt", "A better idea from elsewhere\n");
    let head = git.commit("Improve it");
    git.run(&["push", "--quiet"]);
    pull.wait_until_followed(&scene.server);
    let card = pull.card(&scene.lin);
    assert_eq!((&card["head"]["sha"], &card["head"]["repo"]["full_name"]), (&json!(head), &json!("bo/llm")));
    assert_eq!(scene.tip("refs/pull/1/head"), head, "its commits are in the base's repository");

    // Who proposes something may not merge it, nor push to the base.
    assert_eq!(pull.merge(&bo, "merge").status, 403);
    assert!(!git.attempt(&["push", &scene.mei.clone_address("llm"), "idea:main"]).succeeded);
    let _ = pull.merge(&scene.lin, "merge").expect(200);
    assert_eq!(pull.state(&bo), "merged");
    scene.git.run(&["pull", "--quiet"]);
    assert_eq!(scene.git.run(&["rev-parse", "HEAD^2"]).trim(), head);
    assert_eq!(scene.git.run(&["show", "HEAD:idea.txt"]), "A better idea from elsewhere\n");
}

#[test]
fn a_pull_request_outlives_the_fork_that_it_came_from() {
    let scene = Scene::new();
    let bo = scene.server.person("bo");
    let _ = bo.api.post("/api/v1/repos/mei/llm/forks", &json!({ "name": "mine" })).expect(202);
    let mut git = Git::of(&bo);
    git.run(&["clone", "--quiet", &bo.clone_address("mine"), "mine"]);
    git.enter("mine").run(&["switch", "--quiet", "--create", "idea"]);
    git.write("idea.txt", "An idea\n");
    let head = git.commit("Have an idea");
    git.run(&["push", "--quiet", "origin", "idea"]);
    let pull = PullRequest::open(&bo, "mei/llm", "bo/mine:idea", "main");
    pull.wait_until_followed(&scene.server);
    pull.comment_on(&scene.lin, &head, ("idea.txt", 1), "Is it one?");

    let _ = bo.api.delete(&bo.repository_api("mine", "")).expect(204);
    wait_until("it to be closed", PATIENCE, || pull.state(&scene.lin) == "closed");
    scene.collect_garbage();
    let card = pull.card(&scene.lin);
    assert_eq!((&card["head"]["sha"], &card["head"]["repo"]), (&json!(head), &json!(null)));
    assert_eq!(pull.merge(&scene.lin, "merge").status, 409, "nothing can be merged any more");
    for part in ["", "commits", "files"] {
        let page = scene.server.anonymous().get(&pull.page(part)).expect(200);
        assert!(page.body.contains("Merge bo/mine:idea"), "{part}: {}", page.body);
    }
    let files = scene.server.anonymous().get(&pull.page("files")).expect(200);
    assert!(files.body.contains("An idea") && files.body.contains("Is it one?"), "{}", files.body);
    scene.git.run(&["fetch", "--quiet", "origin", "refs/pull/1/head"]);
    assert_eq!(scene.git.run(&["rev-parse", "FETCH_HEAD"]).trim(), head);
}
