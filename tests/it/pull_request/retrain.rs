//! A pull request whose training has to be as good as that of its base.

use std::time::Duration;

use hearth_tests::{PullRequest, Session, TestServer, wait_until};
use serde_json::json;

use super::Scene;

/// How long a task may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that measures this loss.
fn program(loss: &str) -> String {
    format!("print('step=1 loss={loss}', flush=True)\n")
}

fn scene() -> Scene {
    let mut builder = TestServer::builder();
    if let Ok(python) = std::env::var("HEARTH_TEST_PYTHON") {
        builder = builder.setting("engine.local.interpreters", &format!("[\"{python}\"]"));
    }
    Scene::on(builder.start(), &[("train.py", program("0.5").as_str())])
}

impl Scene {
    /// A rule for `main`: the loss of this task may not rise. It starts by itself.
    fn ask_for_low_loss(&self, task: &str) {
        let fields = [
            ("kind", "branch"),
            ("pattern", "main"),
            ("push", "writers"),
            ("merge", "writers"),
            ("force_push", "nobody"),
            ("create", "writers"),
            ("delete", "nobody"),
            ("only_listed_approvals", "writers"),
            ("bypass", "nobody"),
            ("retrain_name", "small"),
            ("retrain_task", task),
            ("retrain_metric", "loss"),
            ("retrain_better", "lower"),
            ("retrain_automatic", "true"),
        ];
        let made = Session::of(&self.mei).submit("/mei/llm/settings/rules/new", &fields);
        assert_eq!(made.status, 303, "{}", made.body);
    }

    /// What programs are told about the check of a head.
    fn check_of(&self, commit: &str) -> String {
        let path = self.mei.repository_api("llm", &format!("/commits/{commit}/statuses"));
        let statuses = self.mei.api.get(&path).expect(200).json();
        statuses[0]["status"].as_str().unwrap_or_default().to_owned()
    }

    fn wait_for_check(&self, commit: &str, wanted: &str) {
        wait_until(&format!("the check to be {wanted}"), PATIENCE, || self.check_of(commit) == wanted);
    }

    /// Presses the button that trains the base.
    fn train_base(&self, pull: &PullRequest) {
        let session = Session::of(&self.mei);
        let page = session.get(&pull.page("checks")).expect(200).body;
        let after = |mark: &str| {
            let rest = page.split(mark).nth(1).unwrap_or_else(|| panic!("{mark} is missing in {page}"));
            rest.split('"').next().unwrap_or_default().to_owned()
        };
        let rule = after("name=\"rule\" value=\"");
        let commit = after("value=\"base\"><input type=\"hidden\" name=\"commit\" value=\"");
        let fields = [("rule", rule.as_str()), ("side", "base"), ("commit", commit.as_str())];
        let pressed = session.submit_to(&pull.page("checks"), &pull.page("retrain"), &fields);
        assert_eq!(pressed.status, 303, "{}", pressed.body);
    }
}

#[test]
fn a_worse_training_keeps_a_pull_request_from_being_merged_until_a_better_push() {
    let scene = scene();
    let asked = json!({ "boot_file": "train.py" });
    let task = scene.mei.api.post(&scene.mei.repository_api("llm", "/tasks"), &asked).expect(201).json();
    scene.ask_for_low_loss(task["id"].to_string().trim_matches('"'));

    let worse = scene.push_branch("idea", "train.py", &program("0.75"));
    let pull = scene.open("idea", "main");
    pull.wait_until_followed(&scene.server);
    scene.train_base(&pull);
    scene.wait_for_check(&worse, "failure");
    let merged = pull.merge(&scene.mei, "merge");
    assert_eq!(merged.status, 405, "{}", merged.body);

    scene.git.run(&["switch", "--quiet", "idea"]);
    scene.git.write("train.py", program("0.25"));
    let better = scene.git.commit("Train better");
    scene.git.run(&["push", "--quiet"]);
    pull.wait_until_followed(&scene.server);
    scene.wait_for_check(&better, "success");
    let page = Session::of(&scene.mei).get(&pull.page("checks")).expect(200).body;
    assert!(page.contains("The head was trained, and is good enough."), "{page}");
    let _ = pull.merge(&scene.mei, "merge").expect(200);
    assert_eq!(pull.state(&scene.mei), "merged");
}
