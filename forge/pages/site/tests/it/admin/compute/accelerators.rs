use super::fleet;

#[tokio::test]
async fn every_shipped_kind_is_a_row() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let shown = boss.get("/-/admin/compute/accelerators").await;
    assert!(shown.body.contains("huawei.com/Ascend910"), "{}", shown.body);
    assert!(boss.get_in("/-/admin/compute/accelerators", "zh-CN").await.body.contains("加速卡"));
}
