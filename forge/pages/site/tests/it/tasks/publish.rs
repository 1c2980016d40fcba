use axum::http::StatusCode;
use hearth_core::{Outcome, Reason, TaskState};

use crate::laboratory::Laboratory;

#[tokio::test]
async fn what_a_task_made_becomes_a_model_whose_origin_is_on_all_three_pages() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let mei = laboratory.site.signed_in("mei").await;
    let form = format!("/tasks/{task}/publish");
    let shown = mei.get(&form).await;
    assert!(shown.body.contains("value=\"model.bin\" checked"), "{}", shown.body);
    let fields = [("model", "digits"), ("visibility", "public"), ("note", "第一版"), ("path", "model.bin")];
    let sent = mei.post(&form, &form, &fields).await;
    assert_eq!(
        (sent.status, sent.header("location")),
        (StatusCode::SEE_OTHER, "/models/mei/digits"),
        "{}",
        sent.body
    );
    let model = mei.get("/models/mei/digits").await;
    for part in ["v1", "git clone", &format!("/tasks/{task}"), "mei/llm"] {
        assert!(model.body.contains(part), "{part} is missing in {}", model.body);
    }
    let lineage = mei.get(&format!("/tasks/{task}/lineage")).await;
    assert!(lineage.body.contains("/models/mei/digits"));
    let code = mei.get("/mei/llm").await;
    assert!(code.body.contains("/models/mei/digits"), "{}", code.body);
    let versions = mei.get("/models/mei/digits/models").await;
    assert!(versions.body.contains("第一版"), "{}", versions.body);
}

#[tokio::test]
async fn a_publication_without_files_or_a_name_is_shown_again() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let mei = laboratory.site.signed_in("mei").await;
    let form = format!("/tasks/{task}/publish");
    let none = mei.post(&form, &form, &[("model", "digits"), ("note", "kept")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.body.contains("Choose at least one output.") && none.body.contains("kept"));
    let both = mei.post(&form, &form, &[("model", "a b")]).await;
    for field in ["model", "paths"] {
        assert!(both.body.contains(&format!("<a href=\"#field-{field}\">")), "{field}: {}", both.body);
    }
    let bad = mei.post(&form, &form, &[("model", "a b"), ("path", "model.bin")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
}

#[tokio::test]
async fn only_who_may_write_publishes_and_only_what_has_ended() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("one").await;
    let bo = laboratory.site.signed_in("bo").await;
    assert_eq!(bo.get(&format!("/tasks/{task}/publish")).await.status, StatusCode::FORBIDDEN);
    let mei = laboratory.site.signed_in("mei").await;
    assert_eq!(mei.get(&format!("/tasks/{task}/publish")).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn publishing_is_offered_where_there_is_something_to_publish() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let task = laboratory.launch("empty").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    agent.finish(Outcome { state: TaskState::Failed, reason: Reason::RunExitNonzero }, 1).await;
    for (task, is_offered) in [(laboratory.succeeded("full").await, true), (task, false)] {
        let shown = mei.get(&format!("/tasks/{task}")).await.body;
        assert_eq!(shown.contains(&format!("href=\"/tasks/{task}/publish\"")), is_offered, "{shown}");
    }
}
