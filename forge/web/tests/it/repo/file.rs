use axum::http::StatusCode;

use super::project;

#[tokio::test]
async fn code_is_coloured_and_its_lines_are_links() {
    let site = project().await;
    let page = site.get("/mei/llm/src/branch/main/src/train.py", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("id=\"L2\"") && page.body.contains("hl-k"), "{}", page.body);
    assert!(page.body.contains("/mei/llm/src/commit/"), "there is a permalink");
}

#[tokio::test]
async fn markdown_is_drawn_and_its_source_can_be_seen() {
    let site = project().await;
    assert!(site.get("/mei/llm/src/branch/main/README.md", "en").await.body.contains("<h1"));
    let source = site.get("/mei/llm/src/branch/main/README.md?display=source", "en").await;
    assert!(source.body.contains("id=\"L1\""));
}

#[tokio::test]
async fn bytes_are_not_shown_as_text() {
    let site = project().await;
    assert!(site.get("/mei/llm/src/branch/main/data.bin", "en").await.body.contains("Binary file not shown"));
}

#[tokio::test]
async fn addresses_of_another_forge_lead_here() {
    let site = project().await;
    let moved = site.get("/mei/llm/blob/main/src/train.py", "en").await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.headers["location"], "/mei/llm/src/branch/main/src/train.py");
}
