//! What git sees of a pull request.

use hearth_tests::Git;

use super::Scene;

const HIDDEN: &str = "refs/hearth/pulls/1/1";

#[test]
fn a_pull_request_is_fetched_by_its_number_and_cannot_be_pushed() {
    let scene = Scene::new();
    let first = scene.push_branch("idea", "idea.txt", "An idea\n");
    let pull = scene.open("idea", "main");
    pull.wait_until_followed(&scene.server);

    let mut reader = Git::anonymous();
    reader.run(&["clone", "--quiet", &scene.mei.clone_address("llm"), "copy"]);
    reader.enter("copy");
    reader.run(&["fetch", "--quiet", "origin", "pull/1/head:theirs", "pull/1/merge:together"]);
    assert_eq!(reader.run(&["rev-parse", "theirs"]).trim(), first);
    let parents = reader.run(&["rev-parse", "together^1", "together^2"]);
    assert_eq!(parents.lines().collect::<Vec<_>>(), [&*scene.tip("refs/heads/main"), &*first]);
    let listed = reader.run(&["ls-remote", "origin"]);
    assert!(!listed.contains("refs/hearth"), "{listed}");
    assert!(!reader.attempt(&["fetch", "origin", HIDDEN]).succeeded);

    for name in ["refs/pull/1/head", "refs/pull/1/merge", "refs/pull/2/head", HIDDEN] {
        for what in [format!("+main:{name}"), format!(":{name}")] {
            let pushed = scene.git.attempt(&["push", "origin", &what]);
            assert!(!pushed.succeeded, "{what}: {}", pushed.err);
        }
    }
    assert_eq!(scene.tip("refs/pull/1/head"), first);

    // A push to its branch is what moves it.
    scene.git.run(&["switch", "--quiet", "idea"]);
    let second = scene.git.commit("A second thought");
    let pushed = scene.git.attempt(&["push"]);
    assert!(pushed.err.contains("idea has pull request #1:"), "{}", pushed.err);
    assert!(pushed.err.contains(&scene.server.url(&pull.page(""))), "{}", pushed.err);
    pull.wait_until_followed(&scene.server);
    assert_eq!(scene.tip("refs/pull/1/head"), second);
    assert_eq!(pull.card(&scene.lin)["head"]["sha"], second);
}

#[test]
fn every_head_that_was_pushed_stays_after_force_pushes_garbage_collection_and_a_restart() {
    let mut scene = Scene::new();
    let mut heads = vec![scene.push_branch("idea", "idea.txt", "0\n")];
    let pull = scene.open("idea", "main");
    scene.git.run(&["switch", "--quiet", "idea"]);
    // Faster than the server looks at them.
    for number in 1..8 {
        scene.git.write("idea.txt", format!("{number}\n"));
        scene.git.run(&["commit", "--quiet", "--all", "--amend", "--message", &format!("Idea {number}")]);
        scene.git.run(&["push", "--quiet", "--force"]);
        heads.push(scene.git.head());
    }
    pull.wait_until_followed(&scene.server);
    scene.git.run(&["push", "--quiet", "origin", "--delete", "idea"]);
    pull.wait_until_followed(&scene.server);

    assert!(scene.server.stop().success());
    scene.collect_garbage();
    scene.server.start_again();
    for (place, head) in heads.iter().enumerate() {
        let commit = scene.lin.api.get(&scene.mei.repository_api("llm", &format!("/git/commits/{head}")));
        assert_eq!(commit.status, 200, "version {} is lost: {}", place + 1, commit.body);
        let page =
            scene.server.anonymous().get(&pull.page(&format!("files?version={}", place + 1))).expect(200);
        assert!(page.body.contains("idea.txt"), "version {}: {}", place + 1, page.body);
    }
    assert_eq!(scene.tip("refs/pull/1/head"), *heads.last().unwrap());
    let found = scene.server.attempt(&["doctor", "--deep"]);
    assert!(found.succeeded, "{}{}", found.out, found.err);
}
