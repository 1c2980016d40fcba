use axum::http::StatusCode;
use hearth_app::thread;

use super::milestone;
use crate::repo::issues::{enter, opened, project};

#[tokio::test]
async fn a_milestone_shows_how_far_it_is_and_what_belongs_to_it() {
    let site = project().await;
    let made = milestone(&site, "v1").await;
    let first = opened(&site, "mei", "Crash", "").await.issue.number;
    let second = opened(&site, "mei", "Docs", "").await.issue.number;
    let writing = enter(&site, "mei").await.write().expect("the owner");
    for number in [first, second] {
        thread::set_milestone(&site.hearth.app, &writing, number, Some(made.id)).await.expect("chosen");
    }
    let mei = site.signed_in("mei").await;
    mei.post("/mei/llm/issues/2", "/mei/llm/issues/2/comments", &[("action", "close")]).await;
    let address = format!("/mei/llm/milestone/{}", made.id);
    let page = site.get(&address, "en").await;
    assert!(page.body.contains("50% · 1 of 2 done"), "{}", page.body);
    assert!(page.body.contains(">Crash</a>") && page.body.contains(">Docs</a>"));
    assert!(page.body.contains("/mei/llm/issues?q=is%3Aopen%20milestone%3Av1"));
    assert!(site.get(&address, "zh-CN").await.body.contains("已完成 1/2"));
    assert_eq!(site.get("/mei/llm/milestone/999", "en").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/mei/llm/milestone/x", "en").await.status, StatusCode::NOT_FOUND);
}
