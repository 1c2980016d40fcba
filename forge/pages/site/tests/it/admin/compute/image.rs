use axum::http::StatusCode;

use super::fleet;

const NEW: &str = "/-/admin/compute/images/new";
const PAGE: &str = "/-/admin/compute/images/pytorch";
const VARIANTS: &str = "/-/admin/compute/images/pytorch/variants";

#[tokio::test]
async fn a_variant_is_added_refused_and_deleted() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let bad = boss.post(PAGE, VARIANTS, &[("family", "cuda"), ("reference", "torch:2")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("full reference with its registry") && bad.body.contains("torch:2"));
    let fields = [("family", "cuda"), ("toolkit", "CUDA 12.4"), ("reference", "images.example.org/torch:2")];
    let kept = boss.post(PAGE, VARIANTS, &fields).await;
    assert_eq!((kept.status, kept.header("location")), (StatusCode::SEE_OTHER, PAGE), "{}", kept.body);
    let shown = boss.get(PAGE).await;
    assert!(shown.body.contains("CUDA 12.4") && shown.body.contains("Not pinned"), "{}", shown.body);
    assert_eq!(boss.post(PAGE, &format!("{VARIANTS}/rocm/pin"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.post(PAGE, &format!("{VARIANTS}/cuda/dance"), &[]).await.status, StatusCode::NOT_FOUND);
    boss.post(PAGE, &format!("{VARIANTS}/cuda/delete"), &[]).await;
    assert!(!boss.get(PAGE).await.body.contains("CUDA 12.4,</code>"));
    assert!(!boss.get(PAGE).await.body.contains("images.example.org/torch:2"));
}

#[tokio::test]
async fn an_image_is_made_and_switched_on() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let fields =
        [("code", "jax-0.7"), ("label", "JAX 0.7"), ("framework", "jax"), ("framework_version", "0.7")];
    let made = boss.post(NEW, NEW, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let page = "/-/admin/compute/images/jax-0.7";
    let on = [("label", "JAX 0.7"), ("framework", "jax"), ("is_enabled", "true")];
    assert!(boss.post(page, page, &on).await.body.contains("Tasks affected: 0 waiting, 0 running"));
    boss.post(page, &format!("{page}?sure=yes"), &on).await;
    assert!(boss.get(page).await.body.contains("checked"));
}
