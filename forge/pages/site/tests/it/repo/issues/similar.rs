use axum::http::StatusCode;

use super::{opened, project};

#[tokio::test]
async fn titles_that_resemble_are_shown_in_both_scripts() {
    let site = project().await;
    for title in ["Crash <at> start", "训练时崩溃", "Docs"] {
        opened(&site, "mei", title, "").await;
    }
    let found = site.get("/mei/llm/issues/similar?title=It%20crashes%3A%20crash", "en").await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains("Similar issues") && found.body.contains("Crash &#60;at&#62; start"));
    assert!(!found.body.contains("Docs"));
    let found = site.get("/mei/llm/issues/similar?title=%E5%B4%A9%E6%BA%83", "zh-CN").await;
    assert!(found.body.contains("训练时崩溃") && found.body.contains("相似的议题"));
    assert_eq!(site.get("/mei/llm/issues/similar?title=a", "en").await.body.trim(), "");
    assert_eq!(site.get("/mei/llm/issues/similar", "en").await.status, StatusCode::OK);
}
