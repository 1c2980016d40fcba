use axum::http::StatusCode;

use super::{project, tag};
use crate::site::Site;

#[tokio::test]
async fn commits_stand_in_lanes_with_their_branches_and_tags() {
    let site = project().await;
    tag(&site, "v1").await;
    let page = site.get("/mei/llm/graph", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.matches("<circle class=\"lane-0\"").count(), 2, "{}", page.body);
    for part in ["/mei/llm/src/branch/main\">", "/mei/llm/src/tag/v1\">", ">Begin</a>"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let one = site.get("/mei/llm/graph?branch=main", "zh-CN").await;
    assert!(one.body.contains("提交图") && one.body.contains(">Begin</a>"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_a_page_beyond_the_end_is_empty() {
    let site = project().await;
    assert_eq!(site.get("/mei/llm/graph?branch=absent", "en").await.status, StatusCode::NOT_FOUND);
    let far = site.get("/mei/llm/graph?page=4000000000", "en").await;
    assert!(far.status == StatusCode::OK && !far.body.contains("class=\"lane-"), "{}", far.body);
}

#[tokio::test]
async fn an_empty_repository_has_no_graph() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let answer = site.get("/mei/llm/graph", "en").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/mei/llm"));
}
