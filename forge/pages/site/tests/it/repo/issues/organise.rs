//! Due dates, dependencies, pins and saved queries, beside an issue and above the list.

use axum::http::StatusCode;

use super::{opened, project};

const ISSUE: &str = "/mei/llm/issues/1";
const LIST: &str = "/mei/llm/issues";

#[tokio::test]
async fn a_due_date_is_set_removed_and_shown_in_the_list() {
    let site = project().await;
    opened(&site, "mei", "Release", "").await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    let action = "/mei/llm/issues/1/due";
    assert_eq!(bo.post(ISSUE, action, &[("due", "2030-01-31")]).await.status, StatusCode::FORBIDDEN);
    let wrong = mei.post(ISSUE, action, &[("due", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Enter a date"));
    mei.post(ISSUE, action, &[("due", "2030-01-31")]).await;
    let page = bo.get(ISSUE).await;
    assert!(page.body.contains("Due 2030-01-31") && page.body.contains("set the due date to"));
    assert!(bo.get_in(LIST, "zh-CN").await.body.contains("2030-01-31 到期"));
    mei.post(ISSUE, action, &[("due", "")]).await;
    assert!(mei.get(ISSUE).await.body.contains("removed the due date"));
    assert!(!bo.get(LIST).await.body.contains("2030-01-31"));
}

#[tokio::test]
async fn what_blocks_an_issue_is_shown_and_closing_it_is_a_choice() {
    let site = project().await;
    opened(&site, "mei", "Release", "").await;
    opened(&site, "mei", "Fix", "").await;
    let mei = site.signed_in("mei").await;
    let action = "/mei/llm/issues/1/dependencies";
    let unknown = mei.post(ISSUE, action, &[("other", "#99"), ("end", "blockers")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.body.contains("Issue or pull request not found"));
    let own = mei.post(ISSUE, action, &[("other", "#1"), ("end", "blockers")]).await;
    assert!(own.body.contains("would wait for each other"), "{}", own.body);
    mei.post(ISSUE, action, &[("other", "mei/llm#2"), ("end", "blockers")]).await;
    let page = mei.get(ISSUE).await;
    assert!(page.body.contains("Blocked by") && page.body.contains("value=\"close-anyway\""));
    assert!(mei.get("/mei/llm/issues/2").await.body.contains("Blocks"));
    let refused = mei.post(ISSUE, "/mei/llm/issues/1/comments", &[("action", "close")]).await;
    assert!(refused.body.contains("still open"), "{}", refused.body);
    mei.post(ISSUE, "/mei/llm/issues/1/comments", &[("action", "close-anyway")]).await;
    assert!(mei.get(ISSUE).await.body.contains("value=\"reopen\""));
    mei.post(ISSUE, action, &[("other", "#2"), ("end", "blockers"), ("remove", "true")]).await;
    assert!(mei.get(ISSUE).await.body.contains("removed the dependency on"));
}

#[tokio::test]
async fn pinned_issues_stand_above_the_list_in_an_order() {
    let site = project().await;
    for title in ["One", "Two", "Three", "Four"] {
        opened(&site, "mei", title, "").await;
    }
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    let refused = bo.post(ISSUE, "/mei/llm/issues/1/pin", &[("to", "pin")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for number in [1, 2, 3] {
        mei.post(ISSUE, &format!("/mei/llm/issues/{number}/pin"), &[("to", "pin")]).await;
    }
    assert!(!mei.get("/mei/llm/issues/4").await.body.contains("Pin above the list"), "three are enough");
    let moved = mei.post(LIST, "/mei/llm/issues/3/pin", &[("to", "1"), ("from", "list")]).await;
    assert_eq!(moved.header("location"), LIST);
    let page = bo.get(LIST).await;
    let pins = page.between("class=\"pins\"", "</ul>");
    let places = ["Three", "One", "Two"].map(|title| pins.find(title).expect("it is pinned"));
    assert!(places.is_sorted(), "{pins}");
    mei.post(LIST, "/mei/llm/issues/3/pin", &[("to", "unpin")]).await;
    assert!(!bo.get(LIST).await.between("class=\"pins\"", "</ul>").contains("Three"));
}

#[tokio::test]
async fn a_query_is_saved_under_a_name_and_deleted() {
    let site = project().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    let fields = [("name", "My bugs"), ("q", "is:open label:bug")];
    let saved = mei.post(LIST, "/mei/llm/issues/queries", &fields).await;
    let address = "/mei/llm/issues?q=is%3Aopen%20label%3Abug";
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, address));
    let page = mei.get(LIST).await;
    assert!(page.body.contains(">My bugs</a>"), "{}", page.body);
    assert!(!bo.get(LIST).await.body.contains("My bugs"));
    let id = page.between("/mei/llm/issues/queries/", "/delete");
    let delete = format!("/mei/llm/issues/queries/{id}/delete");
    assert_eq!(bo.post(LIST, &delete, &[]).await.status, StatusCode::NOT_FOUND);
    mei.post(LIST, &delete, &[]).await;
    assert!(!mei.get("/mei/llm/issues?q=x").await.body.contains("My bugs"));
}
