use axum::http::StatusCode;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn my_tasks_name_their_repositories() {
    let laboratory = Laboratory::new().await;
    laboratory.launch("mine").await;
    let mei = laboratory.site.signed_in("mei").await;
    let mine = mei.get("/tasks").await;
    assert!(mine.body.contains("mine") && mine.body.contains("href=\"/mei/llm/tasks\""), "{}", mine.body);
    let bo = laboratory.site.signed_in("bo").await;
    assert!(bo.get_in("/tasks", "zh-CN").await.body.contains("还没有计算任务"));
    assert_eq!(laboratory.site.get("/tasks", "en").await.status, StatusCode::SEE_OTHER);
}
