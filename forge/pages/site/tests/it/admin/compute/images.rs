use super::fleet;

#[tokio::test]
async fn frameworks_come_switched_off_and_without_a_claim() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let shown = boss.get("/-/admin/compute/images").await;
    for name in [
        "PyTorch",
        "TensorFlow",
        "PaddlePaddle",
        "MindSpore",
        "MegEngine",
        "Jittor",
        "OneFlow",
        "Nothing yet",
    ] {
        assert!(shown.body.contains(name), "{name} is missing");
    }
    assert!(boss.get_in("/-/admin/compute/images", "zh-CN").await.body.contains("停用"));
}
