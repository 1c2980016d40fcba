use super::fleet;

#[tokio::test]
async fn an_empty_shelf_says_so() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let shown = boss.get("/-/admin/compute/specs").await;
    assert!(shown.body.contains("No specs"), "{}", shown.body);
    assert!(boss.get_in("/-/admin/compute/specs", "zh-CN").await.body.contains("还没有资源规格"));
}
