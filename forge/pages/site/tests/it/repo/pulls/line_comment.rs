use axum::http::StatusCode;

use super::{FILES, asked, program, push};

const COMMENTS: &str = "/mei/llm/pulls/1/line-comments";

fn on_line_ten<'a>(body: &'a str, when: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("path", "program.py"),
        ("side", "new"),
        ("first_line", "10"),
        ("last_line", "10"),
        ("version", "1"),
        ("body", body),
        ("when", when),
        ("return_to", "/mei/llm/pulls/1/files?file=program.py"),
    ]
}

#[tokio::test]
async fn a_comment_stands_under_its_line() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let answer = lin.post(FILES, COMMENTS, &on_line_ten("Why *not*?", "now")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let location = answer.headers["location"].to_str().expect("an address").to_owned();
    assert!(location.starts_with("/mei/llm/pulls/1/files?file=program.py#line-comment-"), "{location}");
    let page = site.get(FILES, "en").await;
    let below = page.body.split_once("R10\"").expect("the line is there").1;
    assert!(below.contains("Why <em>not</em>?"), "{}", page.body);
}

#[tokio::test]
async fn a_pending_comment_is_seen_by_its_author_only() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    lin.post(FILES, COMMENTS, &on_line_ten("Only a draft", "review")).await;
    assert!(lin.get(FILES).await.body.contains("Only a draft"));
    assert!(lin.get(FILES).await.body.contains("Review (1 pending)"));
    assert!(!site.get(FILES, "en").await.body.contains("Only a draft"));
}

#[tokio::test]
async fn a_comment_whose_line_is_gone_is_shown_with_its_code() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    lin.post(FILES, COMMENTS, &on_line_ten("Why?", "now")).await;
    push(&site, "feature", "program.py", &program("something else")).await;
    let page = lin.get(&format!("{FILES}?since=0")).await;
    assert!(page.body.contains("Why?"), "{}", page.body);
    assert!(page.body.contains("class=\"quoted\""), "{}", page.body);
    let old = lin.get(&format!("{FILES}?version=1")).await;
    let below = old.body.split_once("R10\"").expect("the line is there").1;
    assert!(below.contains("Why?"), "{}", old.body);
}

#[tokio::test]
async fn a_comment_that_says_nothing_is_shown_again_with_its_mistake() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let answer = lin.post(FILES, COMMENTS, &on_line_ten("", "now")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("name=\"last_line\" min=\"1\" value=\"10\""), "{}", answer.body);
}

#[tokio::test]
async fn a_thread_is_answered_resolved_changed_and_deleted() {
    let site = asked().await;
    let lin = site.signed_in("lin").await;
    let answer = lin.post(FILES, COMMENTS, &on_line_ten("Why?", "now")).await;
    let location = answer.headers["location"].to_str().expect("an address").to_owned();
    let id = location.rsplit('-').next().expect("an id").to_owned();
    let part = |part: &str| format!("{COMMENTS}/{id}{part}");
    let reply = lin.post(FILES, &part("/reply"), &[("body", "Because"), ("when", "now")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    assert!(lin.get(FILES).await.body.contains("Because"));
    assert_eq!(lin.post(FILES, &part("/resolve"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(lin.get(FILES).await.body.contains("Resolved"));
    assert_eq!(lin.post(FILES, &part("/unresolve"), &[]).await.status, StatusCode::SEE_OTHER);
    let form = lin.get(&part("")).await;
    assert!(form.body.contains("Why?"), "{}", form.body);
    let edited = lin.post(&part(""), &part(""), &[("body", "Why so?"), ("version", "1")]).await;
    assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.body);
    assert!(lin.get(FILES).await.body.contains("Why so?"));
    let other = site.signed_in("bo").await;
    assert_eq!(other.get(&part("")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(lin.post(FILES, &part("/delete"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!lin.get(FILES).await.body.contains("Why so?"));
}
