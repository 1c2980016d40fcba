use super::fleet;

#[tokio::test]
async fn without_scenes_everything_may_be_used() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let shown = boss.get("/-/admin/compute/scenes").await;
    assert!(shown.body.contains("No rules"), "{}", shown.body);
    assert!(boss.get_in("/-/admin/compute/scenes", "zh-CN").await.body.contains("没有场景"));
}
