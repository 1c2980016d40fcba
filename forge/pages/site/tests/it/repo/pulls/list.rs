use axum::http::StatusCode;

use super::asked;
use crate::repo::project;

const LIST: &str = "/mei/llm/pulls";

#[tokio::test]
async fn the_list_counts_every_state_in_both_languages() {
    let site = asked().await;
    for (language, open, merged) in [("en", "1 open", "0 merged"), ("zh-CN", "1 个开启", "0 个已合并")]
    {
        let page = site.get(LIST, language).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("href=\"/mei/llm/pulls/1\">Improve the program</a>"), "{}", page.body);
        assert!(page.body.contains(open) && page.body.contains(merged), "{language}: {}", page.body);
    }
    let home = site.get("/mei/llm", "en").await;
    assert!(home.body.contains("href=\"/mei/llm/pulls\""), "the tab leads there");
}

#[tokio::test]
async fn the_query_narrows_it_and_menus_change_the_query() {
    let site = asked().await;
    let none = site.get("/mei/llm/pulls?q=is%3Aopen%20base%3Aother", "en").await;
    assert!(none.body.contains("No matching pull requests"), "{}", none.body);
    let found = site.get("/mei/llm/pulls?q=is%3Aopen%20base%3Amain%20author%3Amei", "en").await;
    assert!(found.body.contains("Improve the program"));
    let bo = site.signed_in("bo").await;
    let page = bo.get(LIST).await;
    assert!(page.body.contains("review-requested%3Ame"), "{}", page.body);
}

#[tokio::test]
async fn an_empty_list_says_how_to_begin() {
    let site = project().await;
    let page = site.get(LIST, "en").await;
    assert!(page.body.contains("No pull requests yet"));
    assert!(page.body.contains("href=\"/mei/llm/milestones\""), "as beside issues: {}", page.body);
    assert!(page.body.contains("href=\"/mei/llm/compare\" data-key=\"c\">New pull request</a>"));
}
