use std::time::{Duration, Instant};

use axum::http::StatusCode;
use hearth_app::{comment, issue};

use super::{enter, opened, project};
use crate::site::Site;

const ISSUE: &str = "/mei/llm/issues/1";

#[tokio::test]
async fn an_issue_is_discussed_closed_and_reopened_without_scripts() {
    let site = project().await;
    opened(&site, "mei", "Loss is NaN", "See @mei").await;
    let bo = site.signed_in("bo").await;
    let said = bo.post(ISSUE, "/mei/llm/issues/1/comments", &[("body", "me too, #1")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert!(said.header("location").starts_with("/mei/llm/issues/1?comment="));
    let mei = site.signed_in("mei").await;
    let closed = mei.post(ISSUE, "/mei/llm/issues/1/comments", &[("body", ""), ("action", "close")]).await;
    assert_eq!(closed.header("location"), ISSUE);
    for (language, state, line) in [("en", "Closed", "closed this"), ("zh-CN", "已关闭", "关闭了议题")]
    {
        let page = site.get(ISSUE, language).await;
        assert!(page.body.contains(state) && page.body.contains(line), "{language}");
        assert!(page.body.contains("class=\"mention\""));
        assert!(page.body.contains("me too"));
    }
    mei.post(ISSUE, "/mei/llm/issues/1/comments", &[("body", "again"), ("action", "reopen")]).await;
    let page = site.get(ISSUE, "en").await;
    assert!(page.body.contains("reopened this") && page.body.contains("again"));
}

#[tokio::test]
async fn an_empty_comment_comes_back_with_a_reason() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let bo = site.signed_in("bo").await;
    let refused = bo.post(ISSUE, "/mei/llm/issues/1/comments", &[("body", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("This field is required."));
    let refused = bo.post(ISSUE, "/mei/llm/issues/1/comments", &[("action", "close")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn labels_and_assignees_are_set_in_the_rail_by_writers() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    site.hearth.user("bo").await;
    let mei = site.signed_in("mei").await;
    let defaults = mei.post("/mei/llm/labels", "/mei/llm/labels/defaults", &[]).await;
    assert_eq!(defaults.status, StatusCode::SEE_OTHER);
    let page = mei.get(ISSUE).await;
    let label = page.between("name=\"labels\" value=\"", "\"").to_owned();
    mei.post(ISSUE, "/mei/llm/issues/1/labels", &[("labels", &label)]).await;
    mei.post(ISSUE, "/mei/llm/issues/1/assignees", &[("assignees", "mei"), ("other", "bo")]).await;
    let page = site.get(ISSUE, "en").await;
    assert!(page.body.contains("label%3Abug") && page.body.contains("added"), "{}", page.body);
    assert!(page.body.contains("assigned"));
    let refused = mei.post(ISSUE, "/mei/llm/issues/1/assignees", &[("other", "nobody")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("User not found"));
    mei.post(ISSUE, "/mei/llm/issues/1/labels", &[]).await;
    assert!(site.get(ISSUE, "en").await.body.contains("removed"));
    let bo = site.signed_in("bo").await;
    let refused = bo.post(ISSUE, "/mei/llm/issues/1/labels", &[("labels", &label)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nothing_that_was_written_runs() {
    let site = project().await;
    opened(&site, "mei", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>").await;
    let access = enter(&site, "mei").await;
    let number = hearth_core::ThreadNumber(1);
    let bad = "<svg onload=alert(1)>[x](javascript:alert(1))";
    comment::add(&site.hearth.app, &access, number, bad).await.expect("said");
    let edit = issue::Edit { title: Some("\"><b onmouseover=alert(1)>".into()), ..issue::Edit::default() };
    issue::edit(&site.hearth.app, &access, number, edit).await.expect("renamed");
    let page = site.get(ISSUE, "en").await;
    for bad in ["<script>alert", "onerror=alert(1)>", "<svg onload", "href=\"javascript", "<b onmouseover"] {
        assert!(!page.body.contains(bad), "{bad}");
    }
}

#[tokio::test]
async fn an_issue_that_does_not_exist_says_so() {
    let site = project().await;
    for number in ["1", "x", "-1", "99999999999999999999"] {
        let page = site.get(&format!("/mei/llm/issues/{number}"), "en").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{number}");
        assert!(page.body.contains("Issue not found."), "{number}");
    }
}

#[tokio::test]
async fn an_issue_leaves_a_trace_in_those_it_names() {
    let site = project().await;
    opened(&site, "mei", "First", "").await;
    opened(&site, "mei", "Second", "because of #1 and #99").await;
    let page = site.get(ISSUE, "en").await;
    assert!(page.body.contains("mentioned this in <a href=\"/mei/llm/issues/2\">Second #2</a>"));
}

#[tokio::test]
async fn a_discussion_that_names_tens_of_thousands_of_people_is_shown_in_parts() {
    const COMMENTS: u64 = 330;
    for site in Site::all().await {
        site.hearth.repository("mei/llm").await;
        opened(&site, "mei", "Everybody", "").await;
        let (access, app) = (enter(&site, "mei").await, &site.hearth.app);
        for comment in 0..COMMENTS {
            let body =
                (0..100).map(|name| format!("@p{comment}-{name} #{name} ")).collect::<Vec<_>>().concat();
            let number = hearth_core::ThreadNumber(1);
            comment::add(app, &access, number, &format!("said {comment} {body}")).await.expect("said");
        }
        let started = Instant::now();
        let page = site.get(ISSUE, "en").await;
        let took = started.elapsed();
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(took < Duration::from_secs(20), "{took:?}");
        assert!(page.body.contains("said 0 ") && page.body.contains("said 329 "));
        assert!(!page.body.contains("said 100 ") && page.body.contains("Show 280 more entries"));
        assert!(page.body.len() < 4 << 20, "{}", page.body.len());
        let next = site.get(&format!("{ISSUE}?after=100"), "zh-CN").await;
        assert!(next.body.contains("said 100 ") && next.body.contains("再显示 180 条"), "{}", next.body);
    }
}
