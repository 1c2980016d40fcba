use axum::http::StatusCode;
use hearth_app::{
    Unit, content,
    pull_request::{self, HeadName, NewPullRequest},
    task,
};
use hearth_core::{Outcome, Reason, TaskId, TaskState};

use super::{enter, push};
use crate::laboratory::Laboratory;

const CHECKS: &str = "/mei/llm/pulls/1/checks";
const RETRAIN: &str = "/mei/llm/pulls/1/retrain";
const NEW_RULE: &str = "/mei/llm/settings/rules/new";

/// The fields of a rule for `main` with this task as the one to repeat.
fn rule(task: &str) -> Vec<(&'static str, String)> {
    [
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
        ("retrain_allowance", "0.05"),
    ]
    .map(|(field, value)| (field, value.to_owned()))
    .to_vec()
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    fields.iter().map(|(field, value)| (*field, value.as_str())).collect()
}

/// A pull request into `main`, whose rule asks for a low loss.
async fn asked() -> Laboratory {
    let laboratory = Laboratory::new().await;
    let site = &laboratory.site;
    let template = laboratory.succeeded("template").await.to_string();
    let mei = site.signed_in("mei").await;
    let made = mei.post(NEW_RULE, NEW_RULE, &borrowed(&rule(&template))).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let access = enter(site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "feature", "main").await.expect("a new branch");
    push(site, "feature", "train.py", "print('loss=2')\n").await;
    let new = NewPullRequest {
        title: "Train otherwise".into(),
        base_branch: "main".into(),
        head: HeadName { repository: None, branch: "feature".into() },
        ..NewPullRequest::default()
    };
    let pulls = enter(site, "mei", Unit::Pulls).await;
    pull_request::open(&site.hearth.app, &pulls, new).await.expect("opened");
    site.hearth.run_jobs().await;
    laboratory
}

/// Presses the button of a side, and plays the agent of the task that it starts.
async fn train(laboratory: &Laboratory, side: &str, loss: f64) -> TaskId {
    let mei = laboratory.site.signed_in("mei").await;
    let page = mei.get(CHECKS).await;
    let rule = page.between("name=\"rule\" value=\"", "\"").to_owned();
    let seen = format!("name=\"side\" value=\"{side}\"><input type=\"hidden\" name=\"commit\" value=\"");
    let commit = page.between(&seen, "\"").to_owned();
    let fields = [("rule", rule.as_str()), ("side", side), ("commit", commit.as_str())];
    let pressed = mei.post(CHECKS, RETRAIN, &fields).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.body);
    let tasks = enter(&laboratory.site, "mei", Unit::Tasks).await;
    let newest = task::list_newest(&laboratory.site.hearth.app, &tasks, 1).await.expect("a list");
    let task = newest[0].id;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.metrics(&format!("{{\"step\": 1, \"loss\": {loss}, \"seconds\": 3}}\n")).await;
    agent.finish(Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished }, 0).await;
    task
}

#[tokio::test]
async fn both_sides_are_trained_by_a_button_and_stand_beside_each_other() {
    let laboratory = asked().await;
    let mei = laboratory.site.signed_in("mei").await;
    let page = mei.get(CHECKS).await;
    assert!(
        page.body.contains("retrain/small") && page.body.contains("The head has not been trained yet."),
        "{}",
        page.body
    );
    let head = train(&laboratory, "head", 0.75).await;
    assert!(mei.get(CHECKS).await.body.contains("nothing to compare with"));
    let base = train(&laboratory, "base", 0.5).await;
    let page = mei.get(CHECKS).await;
    for said in [
        "The head is worse than the base by more than is allowed.",
        "loss should be low, and may be 0.05 above the base.",
        "Base, at the merge base",
        "<strong>loss</strong>",
        "+0.25",
        "Worse",
        "seconds",
        &format!("/tasks/{head}"),
        &format!("task={base}"),
    ] {
        assert!(page.body.contains(said), "{said} is missing in {}", page.body);
    }
    let chinese = laboratory.site.get(CHECKS, "zh-CN").await;
    assert!(chinese.body.contains("超出了允许的范围") && !chinese.body.contains("name=\"side\""));
}

#[tokio::test]
async fn readers_have_no_button_and_may_not_press_it() {
    let laboratory = asked().await;
    laboratory.site.hearth.user("bo").await;
    let bo = laboratory.site.signed_in("bo").await;
    let page = bo.get(CHECKS).await;
    assert!(page.body.contains("retrain/small") && !page.body.contains("name=\"side\""), "{}", page.body);
    let fields = [("rule", "1"), ("side", "head"), ("commit", "")];
    assert_eq!(bo.post(CHECKS, RETRAIN, &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_rule_keeps_its_task_when_it_is_saved_again_and_names_mistakes() {
    let laboratory = asked().await;
    let mei = laboratory.site.signed_in("mei").await;
    let list = mei.get("/mei/llm/settings/rules").await;
    assert!(list.body.contains("Retraining: small"), "{}", list.body);
    let address = list.between("<div class=\"list-title\"><a href=\"", "\"").to_owned();
    let page = mei.get(&address).await;
    assert!(page.body.contains("value=\"small\"") && page.body.contains("train.py · python-3.11"));
    let kept = mei.post(&address, &address, &borrowed(&rule(""))).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    assert!(mei.get(&address).await.body.contains("train.py · python-3.11"));
    let mut fields = rule("4711");
    for (field, value) in &mut fields {
        match *field {
            "retrain_better" => *value = "sideways".into(),
            "retrain_allowance" => *value = "-1".into(),
            _ => {}
        }
    }
    let refused = mei.post(&address, &address, &borrowed(&fields)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["Task not found", "Choose one of the options.", "Enter a number, 0 or more."] {
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
}
