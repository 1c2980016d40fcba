use crate::site::Site;

#[tokio::test]
async fn signed_in_users_start_with_their_own_things() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let empty = mei.get("/").await;
    assert!(
        empty.body.contains("Create your first repository") && empty.body.contains("href=\"/repo/create\"")
    );
    site.hearth.private_repository("mei/llm").await;
    site.hearth.repository("lin/other").await;
    let page = mei.get_in("/", "zh-CN").await;
    assert!(page.body.contains("href=\"/mei/llm\"") && !page.body.contains("/lin/other"));
    assert!(page.body.contains("我的仓库") && page.body.contains("还没有计算任务"));
}
