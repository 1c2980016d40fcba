use axum::http::StatusCode;

use super::fleet;

const PAGE: &str = "/-/admin/compute/nodes";

#[tokio::test]
async fn one_click_makes_the_pool_that_was_proposed() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let shown = boss.get(PAGE).await;
    for part in [
        "gpu-1",
        "8 × nvidia/NVIDIA-H200",
        "No pool, not used",
        "nvidia.com/gpu.product=NVIDIA-H200",
        "Cordoned",
    ] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
    let made = boss.post(PAGE, PAGE, &[("code", "east-cpu-amd64")]).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, PAGE));
    let shown = boss.get(PAGE).await;
    assert!(shown.body.contains("east-cpu-amd64 created."));
    assert_eq!(boss.post(PAGE, PAGE, &[("code", "east-cpu-amd64")]).await.status, StatusCode::NOT_FOUND);
}
