use axum::http::StatusCode;
use hearth_core::{RepositoryKind, Visibility};

use crate::site::Site;

const PAGE: &str = "/explore/repos";

#[tokio::test]
async fn readers_see_only_what_they_may_and_the_count_agrees() {
    let site = Site::new().await;
    site.hearth.repository("mei/open").await;
    site.hearth.private_repository("mei/secret").await;
    let stranger = site.get(PAGE, "en").await;
    assert!(stranger.body.contains("href=\"/mei/open\"") && stranger.body.contains("1 repository"));
    assert!(!stranger.body.contains("secret"));
    let mei = site.signed_in("mei").await;
    let own = mei.get(PAGE).await;
    assert!(own.body.contains("href=\"/mei/secret\"") && own.body.contains("2 repositories"));
    let lin = site.signed_in("lin").await;
    assert!(!lin.get("/explore/repos?q=secret").await.body.contains("/mei/secret"));
}

#[tokio::test]
async fn lists_are_searched_sorted_and_paged_by_the_address() {
    let site = Site::new().await;
    for n in 0..31 {
        site.hearth.repository(&format!("mei/r{n:02}")).await;
    }
    let (kind, visibility) = (RepositoryKind::Model, Visibility::Public);
    site.hearth.insert_repository("mei/llm", kind, visibility).await;
    let first = site.get("/explore/repos?sort=name&kind=code", "en").await;
    assert!(first.body.contains("31 repositories") && first.body.contains("/mei/r29\""));
    assert!(!first.body.contains("/mei/r30\"") && first.body.contains("page=2"));
    let second = site.get("/explore/repos?sort=name&kind=code&page=2", "en").await;
    assert!(second.body.contains("/mei/r30\"") && !second.body.contains("/mei/r29\""));
    let models = site.get("/explore/repos?q=LL", "zh-CN").await;
    assert!(models.body.contains("href=\"/models/mei/llm\"") && models.body.contains("1 个仓库"));
}

#[tokio::test]
async fn odd_questions_find_nothing_and_break_nothing() {
    let site = Site::new().await;
    for query in ["?page=0", "?page=-1", "?page=99999999999", "?kind=x&sort=y", "?q=%25%5f%5c%27"] {
        assert_eq!(site.get(&format!("{PAGE}{query}"), "en").await.status, StatusCode::OK, "{query}");
    }
    assert_eq!(site.get("/explore/repositories", "en").await.header("location"), PAGE);
}
