use hearth_core::{RepositoryKind, Visibility};

use crate::site::Site;

const PAGE: &str = "/explore/datasets";

#[tokio::test]
async fn only_datasets_that_one_may_see_are_listed() {
    let site = Site::new().await;
    assert!(site.get(PAGE, "en").await.body.contains("No datasets yet"));
    site.hearth.repository("mei/code").await;
    site.hearth.insert_repository("mei/open", RepositoryKind::Dataset, Visibility::Public).await;
    site.hearth.insert_repository("mei/secret", RepositoryKind::Dataset, Visibility::Private).await;
    let shown = site.get(PAGE, "zh-CN").await;
    assert!(
        shown.body.contains("href=\"/datasets/mei/open\"") && shown.body.contains("1 个数据集"),
        "{}",
        shown.body
    );
    assert!(!shown.body.contains("secret") && !shown.body.contains("mei/code"));
    let searched = site.get("/explore/datasets?q=nothing", "en").await;
    assert!(!searched.body.contains("mei/open"));
}
