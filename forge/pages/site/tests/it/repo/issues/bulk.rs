use axum::http::StatusCode;
use hearth_app::thread::dependency::{self, ThreadName};
use hearth_core::ThreadNumber;

use super::{enter, opened, project};

const LIST: &str = "/mei/llm/issues";
const BULK: &str = "/mei/llm/issues/bulk";

#[tokio::test]
async fn writers_change_what_is_ticked() {
    let site = project().await;
    for title in ["One", "Two", "Three"] {
        opened(&site, "mei", title, "").await;
    }
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert!(!bo.get(LIST).await.body.contains("class=\"bulk-tick\""));
    let page = mei.get(LIST).await;
    assert_eq!(page.body.matches("class=\"bulk-tick\"").count(), 3, "{}", page.body);
    let fields = [("numbers", "1"), ("numbers", "2"), ("change", "close"), ("return_to", LIST)];
    let changed = mei.post(LIST, BULK, &fields).await;
    assert_eq!((changed.status, changed.header("location")), (StatusCode::SEE_OTHER, LIST));
    let left = mei.get(LIST).await;
    assert!(left.body.contains(">Three</a>") && !left.body.contains(">One</a>"));
    mei.post(LIST, BULK, &[("numbers", "3"), ("change", "apply"), ("assignee", "mei")]).await;
    assert!(mei.get("/mei/llm/issues?q=assignee%3Amei").await.body.contains(">Three</a>"));
    let elsewhere = [("numbers", "3"), ("change", "close"), ("return_to", "https://example.org")];
    assert_eq!(mei.post(LIST, BULK, &elsewhere).await.header("location"), LIST);
}

#[tokio::test]
async fn what_was_skipped_is_said_with_the_reason() {
    let site = project().await;
    for title in ["Release", "Fix"] {
        opened(&site, "mei", title, "").await;
    }
    let writing = enter(&site, "mei").await.write().expect("the owner");
    let fix = ThreadName { repository: None, number: ThreadNumber(2) };
    dependency::add_blocker(&site.hearth.app, &writing, ThreadNumber(1), &fix).await.expect("added");
    let mei = site.signed_in("mei").await;
    let fields = [("numbers", "1"), ("numbers", "7"), ("numbers", "2"), ("change", "close")];
    let told = mei.post(LIST, BULK, &fields).await;
    assert_eq!(told.status, StatusCode::OK);
    for part in ["1 changed.", "2 left as they were", "still open", "Issue not found"] {
        assert!(told.body.contains(part), "{part}: {}", told.body);
    }
}
