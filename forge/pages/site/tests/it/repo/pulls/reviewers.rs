use axum::http::StatusCode;
use hearth_app::{
    Unit, content,
    pull_request::{self, HeadName, NewPullRequest},
};
use hearth_core::Permission;

use super::{asked, enter, push};

const PULL: &str = "/mei/llm/pulls/1";
const REVIEWERS: &str = "/mei/llm/pulls/1/reviewers";

#[tokio::test]
async fn reviews_are_requested_and_withdrawn_beside_the_conversation() {
    let site = asked().await;
    let bo = site.signed_in("bo").await;
    let row = site.hearth.find_repository("mei/llm").await;
    site.hearth.permit(&row, "bo", Permission::Write).await;
    let mei = site.signed_in("mei").await;
    let asked = mei.post(PULL, REVIEWERS, &[("other", "bo")]).await;
    assert_eq!(asked.header("location"), PULL, "{}", asked.body);
    let page = mei.get(PULL).await;
    assert!(page.body.contains("Review requested") && page.body.contains("requested a review from"));
    let dashboard = bo.get("/").await;
    assert!(dashboard.body.contains("your review is requested"), "{}", dashboard.body);
    mei.post(PULL, REVIEWERS, &[("withdraw", "bo")]).await;
    assert!(mei.get(PULL).await.body.contains("withdrew the review request"));
    let refused = mei.post(PULL, REVIEWERS, &[("other", "nobody")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_request_that_the_file_of_owners_makes_is_nobodys() {
    let site = asked().await;
    let bo = site.signed_in("bo").await;
    let row = site.hearth.find_repository("mei/llm").await;
    site.hearth.permit(&row, "bo", Permission::Write).await;
    push(&site, "main", "CODEOWNERS", "*.txt @bo\n").await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "notes", "main").await.expect("a new branch");
    push(&site, "notes", "notes.txt", "one\n").await;
    let new = NewPullRequest {
        title: "Keep notes".into(),
        base_branch: "main".into(),
        head: HeadName { repository: None, branch: "notes".into() },
        ..NewPullRequest::default()
    };
    let pulls = enter(&site, "mei", Unit::Pulls).await;
    pull_request::open(&site.hearth.app, &pulls, new).await.expect("opened");
    site.hearth.run_jobs().await;
    let page = bo.get("/mei/llm/pulls/2").await;
    assert!(page.body.contains("A review was requested from the code owner"), "{}", page.body);
    assert!(!page.body.contains("Someone requested"), "{}", page.body);
}
