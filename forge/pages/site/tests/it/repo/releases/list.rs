use axum::http::StatusCode;

use super::{NEW, publish};
use crate::repo::project;

#[tokio::test]
async fn releases_are_listed_with_a_feed_and_drafts_are_for_writers_alone() {
    let site = project().await;
    let empty = site.get("/mei/llm/releases", "en").await;
    assert!(empty.body.contains("No releases yet"), "{}", empty.body);
    let mei = publish(&site, "v1").await;
    let draft = [("tag_name", "v2"), ("title", "Not yet"), ("act", "draft")];
    assert_eq!(mei.post(NEW, NEW, &draft).await.status, StatusCode::SEE_OTHER);
    let own = mei.get("/mei/llm/releases").await;
    assert!(own.body.contains("Not yet") && own.body.contains("Draft"), "{}", own.body);
    let page = site.get("/mei/llm/releases", "zh-CN").await;
    assert!(page.body.contains("First words") && page.body.contains("最新"), "{}", page.body);
    assert!(!page.body.contains("Not yet") && page.body.contains("<strong>reads</strong>"));

    let feed = site.get("/mei/llm/releases.atom", "en").await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert!(feed.body.contains("<title>First words</title>") && !feed.body.contains("Not yet"));
    assert!(feed.body.contains("&lt;strong&gt;reads&lt;/strong&gt;"), "{}", feed.body);
    let latest = site.get("/mei/llm/releases/latest", "en").await;
    assert_eq!(latest.header("location"), "/mei/llm/releases/tag/v1");
    assert!(site.get("/mei/llm", "en").await.body.contains("/mei/llm/releases/tag/v1"));
}
