use axum::http::StatusCode;

use super::project;

#[tokio::test]
async fn badges_are_pictures_in_which_nothing_runs() {
    let site = project().await;
    let badge = site.get("/mei/llm/badges/status.svg", "en").await;
    assert_eq!((badge.status, badge.header("content-type")), (StatusCode::OK, "image/svg+xml"));
    assert!(badge.header("content-security-policy").contains("default-src 'none'"));
    assert!(badge.body.contains("main: unknown") && !badge.body.contains("script"), "{}", badge.body);
    assert!(site.get("/mei/llm/badges/release.svg", "zh-CN").await.body.contains("无"));
    for missing in ["moon.svg", "task.svg?id=7", "task.svg"] {
        let answer = site.get(&format!("/mei/llm/badges/{missing}"), "en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
}
