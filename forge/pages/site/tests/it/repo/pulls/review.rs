use axum::http::StatusCode;

use super::{FILES, asked};

const REVIEW: &str = "/mei/llm/pulls/1/review";

#[tokio::test]
async fn a_review_is_submitted_with_its_verdict() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let fields = [("verdict", "approve"), ("body", "Good work"), ("version", "1")];
    let answer = lin.post(FILES, REVIEW, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let location = answer.headers["location"].to_str().expect("an address");
    assert!(location.starts_with("/mei/llm/pulls/1#review-"), "{location}");
}

#[tokio::test]
async fn nobody_approves_what_they_have_written() {
    let site = asked().await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(FILES).await;
    assert_eq!(page.body.matches("name=\"verdict\"").count(), 3);
    assert_eq!(page.body.matches(" disabled>").count(), 2, "{}", page.body);
    let fields = [("verdict", "approve"), ("body", ""), ("version", "1")];
    assert_eq!(mei.post(FILES, REVIEW, &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_review_that_says_nothing_is_shown_again() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let fields = [("verdict", "comment"), ("body", ""), ("version", "1")];
    let answer = lin.post(FILES, REVIEW, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains("review-menu\" open"), "{}", answer.body);
}

#[tokio::test]
async fn a_pending_review_is_deleted_with_its_comments() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let comment = [
        ("path", "program.py"),
        ("side", "new"),
        ("last_line", "10"),
        ("version", "1"),
        ("body", "Only a draft"),
        ("when", "review"),
    ];
    lin.post(FILES, "/mei/llm/pulls/1/line-comments", &comment).await;
    assert!(lin.get(FILES).await.body.contains("Only a draft"));
    let answer = lin.post(FILES, &format!("{REVIEW}/discard"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(!lin.get(FILES).await.body.contains("Only a draft"));
}
