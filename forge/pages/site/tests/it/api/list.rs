use crate::site::Site;

#[tokio::test]
async fn the_groups_are_listed_in_both_languages() {
    let site = Site::new().await;
    let english = site.get("/-/api", "en").await.body;
    for part in ["Pull requests", "/-/api/pulls", "/api/v1/openapi.json", "http://hearth.test/api/v1"] {
        assert!(english.contains(part), "{part}");
    }
    let chinese = site.get("/-/api", "zh-CN").await.body;
    assert!(chinese.contains("合并请求") && chinese.contains("创建、评审和合并合并请求。"));
    assert!(site.get("/", "en").await.body.contains("href=\"/-/api\""), "every page leads there");
}

#[tokio::test]
async fn routes_are_found_by_words_of_path_and_summary() {
    let site = Site::new().await;
    let found = site.get("/-/api?q=POST+Labels", "en").await.body;
    assert!(found.contains("/-/api/issues#post_repos__owner___repo__labels"), "{found}");
    assert!(!found.contains("/-/api/pulls\""));
    assert!(site.get("/-/api?q=nothing-like-it", "en").await.body.contains("No routes found"));
    assert!(!site.get("/-/api?q=%3Cscript%3E", "en").await.body.contains("<script>"));
}
