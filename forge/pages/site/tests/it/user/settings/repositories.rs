use hearth_core::Permission;

use crate::site::Site;

const PAGE: &str = "/user/settings/repositories";

#[tokio::test]
async fn what_others_shared_is_listed_and_ones_own_is_not() {
    let site = Site::new().await;
    let shared = site.hearth.private_repository("mei/llm").await;
    site.hearth.repository("bo/own").await;
    let bo = site.signed_in("bo").await;
    assert!(bo.get(PAGE).await.body.contains("Nobody has shared a repository with you"));
    site.hearth.permit(&shared, "bo", Permission::Read).await;
    let shown = bo.get_in(PAGE, "zh-CN").await.body;
    assert!(
        shown.contains("href=\"/mei/llm\"") && shown.contains("退出") && !shown.contains("bo/own"),
        "{shown}"
    );
}
