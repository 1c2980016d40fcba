use axum::http::StatusCode;

use super::project;

#[tokio::test]
async fn what_is_found_is_marked_and_its_lines_are_links() {
    let site = project().await;
    let page = site.get("/mei/llm/search?q=RETURN", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<mark>return</mark> 1"), "{}", page.body);
    assert!(page.body.contains("One line in one file"), "{}", page.body);
    let line = page.between("aria-label=\"src/train.py\">\n<div><a href=\"", "\"");
    assert!(line.starts_with("/mei/llm/src/commit/") && line.ends_with("#L2"), "{line}");
    assert!(page.body.contains("One file was passed over because it is not text."));
}

#[tokio::test]
async fn case_words_expressions_and_paths_narrow_it() {
    let site = project().await;
    let found = async |query: &str| {
        let page = site.get(&format!("/mei/llm/search?{query}"), "en").await;
        (page.status, page.body.contains("search-file"))
    };
    assert_eq!(found("q=RETURN&case=true").await, (StatusCode::OK, false));
    assert_eq!(found("q=retur&word=true").await, (StatusCode::OK, false));
    assert_eq!(found("q=ret..n&regex=true").await, (StatusCode::OK, true));
    assert_eq!(found("q=return&path=*.md").await, (StatusCode::OK, false));
    assert_eq!(found("q=return&path=docs+src").await, (StatusCode::OK, true));
    assert_eq!(found("q=return&revision=absent").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_broken_expression_is_told_and_stays_in_the_form() {
    let site = project().await;
    let page = site.get("/mei/llm/search?q=(&regex=true", "zh-CN").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("value=\"(\"") && page.body.contains("格式正确的正则表达式"), "{}", page.body);
    let empty = site.get("/mei/llm/search", "en").await;
    assert!(empty.status == StatusCode::OK && !empty.body.contains("Nothing found"));
    let none = site.get("/mei/llm/search?q=nowhere", "en").await;
    assert!(none.body.contains("Nothing found"));
}
