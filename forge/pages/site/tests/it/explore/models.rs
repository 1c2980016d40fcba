use hearth_core::{RepositoryKind, Visibility};

use crate::site::Site;

const PAGE: &str = "/explore/models";

#[tokio::test]
async fn only_models_that_one_may_see_are_listed() {
    let site = Site::new().await;
    assert!(site.get(PAGE, "en").await.body.contains("No models yet"));
    site.hearth.repository("mei/code").await;
    site.hearth.insert_repository("mei/open", RepositoryKind::Model, Visibility::Public).await;
    site.hearth.insert_repository("mei/secret", RepositoryKind::Model, Visibility::Private).await;
    let shown = site.get(PAGE, "zh-CN").await;
    assert!(
        shown.body.contains("href=\"/models/mei/open\"") && shown.body.contains("1 个模型"),
        "{}",
        shown.body
    );
    assert!(!shown.body.contains("secret") && !shown.body.contains("mei/code"));
    let searched = site.get("/explore/models?q=nothing", "en").await;
    assert!(!searched.body.contains("mei/open"));
}
