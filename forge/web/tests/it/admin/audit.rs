use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/-/admin/audit";

#[tokio::test]
async fn every_change_is_there_with_before_and_after() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    assert!(boss.get(PAGE).await.body.contains("No entries"));
    let new = "/-/admin/compute/quotas/new";
    boss.post(new, new, &[("code", "everybody"), ("nominal_cards", "2")]).await;
    let page = "/-/admin/compute/quotas/everybody";
    boss.post(page, &format!("{page}?sure=yes"), &[("nominal_cards", "5")]).await;
    let shown = boss.get(PAGE).await;
    for part in ["everybody", "nominal_cards", "<td>2</td><td>5</td>", "changed", "boss", "2 entries"] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
    site.signed_in("mei").await;
    boss.post("/-/admin/users", "/-/admin/users/mei/block", &[]).await;
    let of_users = boss.get(&format!("{PAGE}?kind=user&subject=mei")).await;
    assert!(of_users.body.contains("is_blocked") && of_users.body.contains("1 entry"), "{}", of_users.body);
    assert!(boss.get_in(PAGE, "zh-CN").await.body.contains("审计日志"));
    let mei = site.signed_in("lin").await;
    assert_eq!(mei.get(PAGE).await.status, StatusCode::FORBIDDEN);
}
