use axum::http::StatusCode;

use super::project;

const FORK: &str = "/mei/llm/fork";

#[tokio::test]
async fn anybody_who_is_signed_in_forks_and_the_fork_says_of_what() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    let made = bo.post(FORK, FORK, &[("owner", "bo"), ("name", "llm")]).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/bo/llm"), "{}", made.body);
    site.hearth.run_jobs().await;
    let page = bo.get("/bo/llm").await;
    assert!(page.body.contains("forked from <a href=\"/mei/llm\">mei/llm</a>"), "{}", page.body);
    assert!(page.body.contains("Reads digits"), "it begins with the same code");
    let again = bo.post(FORK, FORK, &[("owner", "bo"), ("name", "other")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("value=\"other\"") && again.body.contains("1 fork"));
}

#[tokio::test]
async fn visitors_are_asked_to_sign_in() {
    let site = project().await;
    let page = site.get(FORK, "zh-CN").await;
    assert!(page.body.contains("登录后派生") && page.body.contains("还没有派生仓库"), "{}", page.body);
}
