//! A protected branch, by every way in.

use hearth_tests::{Answer, PullRequest, Session};
use reqwest::Method;
use serde_json::{Value, json};

use super::Scene;

const STABLE: &str = "refs/heads/stable";

/// Rules as their form sends them: nobody changes a branch but by an approved pull request.
fn protect(scene: &Scene, pattern: &str, bypass: &str) {
    let fields = [
        ("kind", "branch"),
        ("pattern", pattern),
        ("push", "nobody"),
        ("merge", "writers"),
        ("force_push", "nobody"),
        ("create", "nobody"),
        ("delete", "nobody"),
        ("only_listed_approvals", "writers"),
        ("bypass", bypass),
        ("approvals", "1"),
    ];
    let made = Session::of(&scene.mei).submit("/mei/llm/settings/rules/new", &fields);
    assert_eq!(made.status, 303, "{}", made.body);
}

impl Scene {
    /// A request of lin's, who may write.
    fn ask(&self, method: Method, rest: &str, body: &Value) -> Answer {
        let path = self.mei.repository_api("llm", rest);
        Answer::to(self.lin.api.request(method, &path).json(body))
    }
}

/// Tries to change the branch `stable` in every way but by a pull request into it.
fn try_everything(scene: &Scene, stable: &str, other: &str) {
    let git = &scene.git;
    let orphan = git.run(&["commit-tree", "-m", "Another beginning", "main^{tree}"]);
    for refused in [
        vec!["push", "origin", "main:stable"],
        vec!["push", "--force", "origin", &format!("{}:stable", orphan.trim())],
        vec!["push", "origin", ":stable"],
        vec!["push", "origin", "main:stable-too"],
        // Both or none.
        vec!["push", "--atomic", "origin", "main:elsewhere", "main:stable"],
    ] {
        let pushed = git.attempt(&refused);
        assert!(
            !pushed.succeeded && pushed.err.contains("the rule “stable*”"),
            "{refused:?}: {}",
            pushed.err
        );
    }
    assert_eq!(scene.tip("refs/heads/elsewhere"), "");

    let content = json!({ "branch": "stable", "content": "bmV3Cg==", "message": "Change it" });
    let mut known = content.clone();
    known["sha"] = git.run(&["rev-parse", &format!("{stable}:README.md")]).trim().into();
    let mut beside = content.clone();
    (beside["branch"], beside["new_branch"]) = ("main".into(), "stable-too".into());
    let file = json!({ "operation": "create", "path": "more.txt", "content": "bmV3Cg==" });
    let several = json!({ "branch": "stable", "message": "Both", "files": [file] });
    for (what, method, rest, body) in [
        ("create a file", Method::POST, "/contents/new.txt", content.clone()),
        ("change a file", Method::PUT, "/contents/README.md", known.clone()),
        ("delete a file", Method::DELETE, "/contents/README.md", known),
        ("change several files", Method::POST, "/contents", several),
        ("commit to a new branch", Method::POST, "/contents/new.txt", beside),
        ("create a branch", Method::POST, "/branches", json!({ "new_branch_name": "stable-too" })),
        ("delete the branch", Method::DELETE, "/branches/stable", json!({})),
        ("rename the branch", Method::PATCH, "/branches/stable", json!({ "name": "gone" })),
        ("rename one to it", Method::PATCH, "/branches/spare", json!({ "name": "stable-too" })),
        (
            "move the branch",
            Method::PUT,
            "/branches/stable",
            json!({ "new_commit_id": other, "force": true }),
        ),
    ] {
        let answer = scene.ask(method, rest, &body);
        assert_eq!(answer.status, 403, "{what}: {}", answer.body);
        assert_eq!(scene.tip(STABLE), stable, "{what}");
    }
    assert_eq!(scene.tip("refs/heads/stable-too"), "");
}

#[test]
fn a_protected_branch_changes_by_an_approved_pull_request_and_in_no_other_way() {
    let scene = Scene::new();
    scene.git.run(&["push", "--quiet", "origin", "main:stable", "main:spare"]);
    let stable = scene.tip(STABLE);
    protect(&scene, "stable*", "nobody");
    scene.git.write("README.md", "# A changed LLM\n");
    let other = scene.git.commit("Go on");
    scene.git.run(&["push", "--quiet"]);
    scene.push_branch("idea", "idea.txt", "An idea\n");
    try_everything(&scene, &stable, &other);

    // A protected branch is no less protected as the head of a pull request.
    let back = scene.open("stable", "idea");
    back.wait_until_followed(&scene.server);
    let updated = scene.lin.api.post(&back.api("/update"), &json!({}));
    assert_eq!(updated.status, 403, "{}", updated.body);
    let _ = scene.mei.api.patch(&back.api(""), &json!({ "state": "closed" })).expect(201);
    let session = Session::of(&scene.lin);
    let deleted = session.submit_to(&back.page(""), &back.page("branch"), &[("action", "delete")]);
    assert_eq!(deleted.status, 403, "{}", deleted.body);
    assert_eq!(scene.tip(STABLE), stable);

    let pull = scene.open("idea", "stable");
    pull.wait_until_followed(&scene.server);
    let merge = || session.submit_to(&pull.page(""), &pull.page("merge"), &[("method", "merge")]);
    pull.review(&scene.mei, "COMMENT");
    let page = session.get(&pull.page("")).expect(200).body;
    assert!(page.contains("One approval is needed."), "{page}");
    assert_eq!(merge().status, 422);
    for bypasses in [false, true] {
        let asked = json!({ "Do": "merge", "force_merge": bypasses });
        assert_eq!(scene.lin.api.post(&pull.api("/merge"), &asked).status, 405, "{bypasses}");
    }
    let own = json!({ "event": "APPROVED" });
    assert_eq!(scene.mei.api.post(&pull.api("/reviews"), &own).status, 422, "nobody approves their own");
    assert_eq!(scene.tip(STABLE), stable);

    pull.review(&scene.lin, "APPROVED");
    let merged = merge();
    assert_eq!(merged.status, 303, "{}", merged.body);
    assert_eq!(pull.state(&scene.mei), "merged");
    let tip = scene.tip(STABLE);
    scene.git.run(&["fetch", "--quiet", "origin", "stable"]);
    assert_eq!(scene.git.run(&["rev-parse", &format!("{tip}^1")]).trim(), stable);
}

#[test]
fn whoever_bypasses_a_rule_is_told_so_and_written_down() {
    let scene = Scene::new();
    scene.git.run(&["push", "--quiet", "origin", "main:stable"]);
    protect(&scene, "stable", "administrators");
    scene.push_branch("idea", "idea.txt", "An idea\n");
    let pull: PullRequest = scene.open("idea", "stable");
    pull.wait_until_followed(&scene.server);
    let force = json!({ "Do": "squash", "force_merge": true });
    assert_eq!(scene.lin.api.post(&pull.api("/merge"), &force).status, 405, "lin is no administrator");
    assert_eq!(pull.merge(&scene.mei, "squash").status, 405, "not without saying so");
    let _ = scene.mei.api.post(&pull.api("/merge"), &force).expect(200);
    assert_eq!(pull.state(&scene.lin), "merged");

    scene.git.commit("In a hurry");
    let pushed = scene.git.attempt(&["push", "--force", "origin", "main:stable"]);
    assert!(pushed.succeeded, "{}", pushed.err);
    assert!(pushed.err.contains("You bypassed the rule “stable”. This is recorded"), "{}", pushed.err);

    let session = Session::of(&scene.mei);
    let entered = session.submit_to("/", "/-/administering", &[("value", "on"), ("return_to", "/")]);
    assert_eq!(entered.status, 303, "{}", entered.body);
    let log = session.get("/-/admin/audit").expect(200).body;
    assert!(log.matches("bypassed").count() >= 2, "{log}");
    let actions = "SELECT COUNT(*) FROM events WHERE kind = 'branch_rule.bypassed'";
    assert!(scene.server.ask_database(actions)[0].parse::<u32>().unwrap() >= 2);
}
