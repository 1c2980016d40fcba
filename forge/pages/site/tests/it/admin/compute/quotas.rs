use super::fleet;

#[tokio::test]
async fn without_quotas_nothing_is_limited() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let shown = boss.get("/-/admin/compute/quotas").await;
    assert!(shown.body.contains("No quotas"), "{}", shown.body);
    assert!(boss.get_in("/-/admin/compute/quotas", "zh-CN").await.body.contains("没有配额"));
}
