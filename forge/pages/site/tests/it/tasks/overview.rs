use axum::http::StatusCode;
use hearth_app::task::NewTask;
use hearth_core::{Reason, TaskState};
use hearth_store::{
    task as task_row,
    task_event::{self, NewTaskEvent},
};

use crate::laboratory::{Laboratory, failed};

#[tokio::test]
async fn a_task_shows_what_was_asked_for_and_what_came_of_it() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("基线 1").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    assert_eq!(shown.status, StatusCode::OK);
    for part in ["基线 1", "Succeeded", "train.py", "python-3.11", "loss", "0.4", "2 files", "1.4 s"] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
    assert!(!shown.body.contains("Run again"), "visitors have no buttons");
    assert!(shown.body.len() < 60 << 10);
}

#[tokio::test]
async fn a_failure_has_a_sentence_and_a_next_step() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.finished("broken", failed(Reason::RunExitNonzero), 3).await;
    let shown = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    assert!(shown.body.contains("The program failed with exit code 3."), "{}", shown.body);
    assert!(shown.body.contains("run.exit_nonzero") && shown.body.contains("<li class=\"is-bad\">"));
    let chinese = laboratory.site.get(&format!("/tasks/{task}"), "zh-CN").await;
    assert!(chinese.body.contains("程序运行失败，退出码 3。"));
}

#[tokio::test]
async fn a_failure_shows_the_end_of_its_log_from_its_last_error_on() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("broken").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.log(&"all is well\n".repeat(100)).await;
    let running = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    assert!(
        running.body.contains("line=100#L100\"") && !running.body.contains("line=90#L90\""),
        "{}",
        running.body
    );
    assert!(running.body.contains("<live-clock data-elapsed=\""), "{}", running.body);
    let calls = "  File \"a.py\", line 1\n".repeat(30);
    agent.log(&format!("Traceback (most recent call last):\n{calls}KeyError: '<b>'\n")).await;
    agent.finish(failed(Reason::RunExitNonzero), 1).await;
    let shown = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    assert!(shown.body.contains("<div class=\"is-error is-first\"><a href=\"/tasks/"), "{}", shown.body);
    assert!(shown.body.contains("KeyError: &#39;&lt;b&gt;&#39;") && !shown.body.contains("all is well"));
    assert!(shown.body.contains("log?attempt=1&#38;error=first") && !shown.body.contains("<live-clock"));
    let good = laboratory.succeeded("good").await;
    assert!(!laboratory.site.get(&format!("/tasks/{good}"), "en").await.body.contains("log-tail"));
}

#[tokio::test]
async fn installing_packages_is_a_step_before_the_run_whose_failure_shows_what_pip_says() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let mut agent = laboratory.agent(task).await;
    agent.tell(Reason::StagePackages, &[("count", "2")]).await;
    agent.tell(Reason::PackagesFailed, &[("detail", "No matching distribution found for torchh")]).await;
    agent.finish(failed(Reason::PackagesFailed), 1).await;
    let shown = laboratory.site.get(&format!("/tasks/{task}"), "en").await.body;
    let steps = shown.split("<ol class=\"steps\"").nth(1).and_then(|rest| rest.split("</ol>").next());
    let steps = steps.expect("the steps");
    assert!(steps.contains("<li class=\"is-bad\">") && steps.contains("<b>Packages</b>"), "{steps}");
    assert!(shown.contains("No matching distribution found for torchh"), "{shown}");
    let plain = laboratory.succeeded("plain").await;
    assert!(!laboratory.site.get(&format!("/tasks/{plain}"), "en").await.body.contains("<b>Packages</b>"));
}

#[tokio::test]
async fn a_failure_on_one_of_several_machines_names_it() {
    let laboratory = Laboratory::with_machines(&["one", "two"]).await;
    let new = NewTask { nodes: 2, ..NewTask::script("train.py") };
    let task = laboratory.launch_as(new).await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.fail_on(1, 3).await;
    let shown = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    assert!(shown.body.contains("Node 1: The program failed with exit code 3."), "{}", shown.body);
    let chinese = laboratory.site.get(&format!("/tasks/{task}"), "zh-CN").await;
    assert!(chinese.body.contains("节点 1：程序运行失败，退出码 3。"), "{}", chinese.body);
}

#[tokio::test]
async fn what_a_cluster_says_of_a_task_is_shown_in_its_words() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    laboratory.agent(task).await;
    let app = &laboratory.site.hearth.app;
    let mut writer = app.store().write().await.expect("a transaction");
    let (state, reason) = (TaskState::Creating, Reason::QueueUnschedulable);
    task_row::transition(&mut writer, task, state, state, reason, app.now()).await.expect("kept");
    let said = NewTaskEvent {
        task_id: task,
        attempt_number: 1,
        state,
        reason,
        source: "engine",
        data: [("detail".to_owned(), "0/5 nodes <are> available".to_owned())].into(),
        created_at: app.now(),
    };
    task_event::insert(&mut writer, &said).await.expect("kept");
    writer.commit().await.expect("kept");
    let shown = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    let sentence = "The cluster found no machine for this task.";
    assert_eq!(shown.body.matches(sentence).count(), 2, "as a notice and in the history: {}", shown.body);
    assert!(shown.body.contains("<p>Detail: 0/5 nodes &#60;are&#62; available</p>"), "{}", shown.body);
}

#[tokio::test]
async fn a_waiting_task_says_its_place_and_what_is_missing() {
    let laboratory = Laboratory::new().await;
    let whole =
        |name: &str| NewTask { name: name.into(), spec: "cpu-2".into(), ..NewTask::script("train.py") };
    let first = laboratory.launch_as(whole("first")).await;
    laboratory.agent(first).await.start().await;
    let second = laboratory.launch_as(whole("second")).await;
    let shown = laboratory.site.get(&format!("/tasks/{second}"), "en").await;
    for part in ["1 of 1 in the queue", "Not enough free CPUs", "2 CPU", "data-events=", "Unknown"] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
}

#[tokio::test]
async fn a_waiting_task_is_given_a_spec_that_starts_now() {
    let laboratory = Laboratory::new().await;
    let of = |spec: &str| NewTask { spec: spec.into(), ..NewTask::script("train.py") };
    let first = laboratory.launch_as(of("cpu-1")).await;
    laboratory.agent(first).await.start().await;
    let second = laboratory.launch_as(of("cpu-2")).await;
    let page = format!("/tasks/{second}");
    let visitor = laboratory.site.get(&page, "en").await;
    assert!(!visitor.body.contains("Use this spec"), "visitors have no buttons");
    let mei = laboratory.site.signed_in("mei").await;
    let shown = mei.get(&page).await;
    assert!(
        shown.body.contains("Starts now with one of these specs") && shown.body.contains("Use this spec")
    );
    let switched = mei.post(&page, &format!("{page}/switch"), &[("spec", "cpu-1")]).await;
    assert_eq!(switched.header("location"), page, "{}", switched.body);
    let again = mei.get(&page).await;
    assert!(again.body.contains("Switched from cpu-2 to cpu-1"), "{}", again.body);
    assert!(again.body.contains("Next in the queue"), "{}", again.body);
    let bad = mei.post(&page, &format!("{page}/switch"), &[("spec", "cpu-99")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bo = laboratory.site.signed_in("bo").await;
    let refused = bo.post("/-/about", &format!("{page}/switch"), &[("spec", "cpu-1")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_waiting_task_is_made_less_urgent_by_its_people_and_more_by_an_administrator() {
    let laboratory = Laboratory::new().await;
    let of = |spec: &str| NewTask { spec: spec.into(), ..NewTask::script("train.py") };
    let first = laboratory.launch_as(of("cpu-2")).await;
    laboratory.agent(first).await.start().await;
    let second = laboratory.launch_as(of("cpu-2")).await;
    let page = format!("/tasks/{second}");
    let visitor = laboratory.site.get(&page, "en").await;
    assert!(visitor.body.contains("Priority") && !visitor.body.contains("name=\"priority\""));
    let mei = laboratory.site.signed_in("mei").await;
    assert!(mei.get(&page).await.body.contains("min=\"-100\" max=\"0\""));
    let action = format!("{page}/priority");
    let changed = mei.post(&page, &action, &[("priority", "-5")]).await;
    assert_eq!(changed.header("location"), page, "{}", changed.body);
    let shown = mei.get(&page).await;
    assert!(shown.body.contains("mei changed the priority from 0 to -5"), "{}", shown.body);
    for refused in ["0", "-500", "high", ""] {
        let sent = mei.post(&page, &action, &[("priority", refused)]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    }
    let boss = laboratory.site.signed_in_admin("boss").await;
    assert_eq!(boss.post("/", &action, &[("priority", "7")]).await.status, StatusCode::FORBIDDEN);
    boss.post("/", "/-/administering", &[("value", "on")]).await;
    assert!(boss.get(&page).await.body.contains("min=\"-100\" max=\"100\""));
    assert_eq!(boss.post(&page, &action, &[("priority", "7")]).await.status, StatusCode::SEE_OTHER);
    let shown = laboratory.site.get(&page, "zh-CN").await;
    assert!(shown.body.contains("boss 将优先级从 -5 改为 7"), "{}", shown.body);
    let bo = laboratory.site.signed_in("bo").await;
    let refused = bo.post("/-/about", &action, &[("priority", "-9")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_may_not_be_seen_does_not_exist() {
    let laboratory = Laboratory::new().await;
    for path in ["/tasks/77", "/tasks/x", "/tasks/-1", "/tasks/77/log", "/tasks/99999999999999999999"] {
        assert_eq!(laboratory.site.get(path, "en").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let task = laboratory.succeeded("one").await;
    for path in ["", "/log", "/metrics", "/resources", "/outputs", "/files", "/lineage"] {
        let there = laboratory.site.get(&format!("/tasks/{task}{path}"), "zh-CN").await;
        assert_eq!(there.status, StatusCode::OK, "{path}");
        let other = laboratory.site.get(&format!("/tasks/{task}{path}?attempt=9"), "en").await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_long_history_is_shown_in_parts() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("long").await;
    let mut agent = laboratory.agent(task).await;
    for number in 0..120 {
        agent.tell(Reason::StageModel, &[("detail", &format!("model {number}."))]).await;
    }
    let address = format!("/tasks/{task}");
    let shown = laboratory.site.get(&address, "en").await;
    assert!(shown.body.contains("model 119.") && !shown.body.contains("model 60."), "{}", shown.body);
    let before = shown.between("before=", "#history");
    assert!(shown.body.contains(" earlier steps</a>") && !shown.body.contains(" later steps</a>"));
    let shown = laboratory.site.get(&format!("{address}?attempt=1&before={before}"), "zh-CN").await;
    assert!(shown.body.contains("model 60.") && !shown.body.contains("model 119."), "{}", shown.body);
    assert!(shown.body.contains("更早的") && shown.body.contains("之后的 50 步"));
}

#[tokio::test]
async fn what_most_people_do_next_is_the_main_action() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let good = laboratory.succeeded("good").await;
    let broken = laboratory.finished("broken", failed(Reason::RunExitNonzero), 1).await;
    let unlucky = laboratory.finished("unlucky", failed(Reason::RunNodeLost), 1).await;
    for (task, action) in
        [(good, "Publish as model"), (broken, "Run again with changes"), (unlucky, "Run again")]
    {
        let shown = mei.get(&format!("/tasks/{task}")).await;
        let main = shown.between("class=\"button\"", "</a>");
        let main = main.split("</button>").next().unwrap_or_default();
        assert!(main.ends_with(&format!(">{action}")), "{action}: {main}");
    }
}
