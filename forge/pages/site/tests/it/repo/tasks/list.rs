use axum::http::StatusCode;
use hearth_core::Reason;

use crate::laboratory::{Laboratory, failed};

#[tokio::test]
async fn a_list_has_one_line_a_task_and_its_filters_stand_in_the_address() {
    let laboratory = Laboratory::new().await;
    let good = laboratory.succeeded("基线").await;
    laboratory.finished("broken", failed(Reason::RunExitNonzero), 3).await;
    let mei = laboratory.site.signed_in("mei").await;
    let all = mei.get("/mei/llm/tasks").await;
    assert_eq!(all.status, StatusCode::OK);
    assert!(all.body.contains("基线") && all.body.contains("broken"), "{}", all.body);
    assert!(all.body.contains(&format!("href=\"/tasks/{good}\"")) && all.body.contains("cpu-1"));
    let bad = mei.get("/mei/llm/tasks?state=failed&kind=train").await;
    assert!(bad.body.contains("broken") && !bad.body.contains("基线"));
    let none = mei.get("/mei/llm/tasks?q=%25").await;
    assert!(none.body.contains("No matching tasks"));
}

#[tokio::test]
async fn an_empty_list_teaches_with_one_command() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let shown = mei.get("/mei/llm/tasks").await;
    assert!(shown.body.contains("No tasks yet") && shown.body.contains("hearth run"));
    let chinese = mei.get_in("/mei/llm/tasks", "zh-CN").await;
    assert!(chinese.body.contains("还没有计算任务"));
}

#[tokio::test]
async fn tasks_of_a_closed_repository_do_not_exist() {
    let laboratory = Laboratory::new().await;
    laboratory.site.hearth.private_repository("mei/secret").await;
    let bo = laboratory.site.signed_in("bo").await;
    assert_eq!(bo.get("/mei/secret/tasks").await.status, StatusCode::NOT_FOUND);
    assert_eq!(bo.get("/mei/secret/tasks/new").await.status, StatusCode::NOT_FOUND);
}
