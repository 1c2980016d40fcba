use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/-/admin/users";

#[tokio::test]
async fn a_blocked_account_is_out_at_once_and_can_come_back() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    let mei = site.signed_in("mei").await;
    let answer = boss.post(PAGE, "/-/admin/users/mei/block", &[]).await;
    assert_eq!(answer.header("location"), PAGE);
    assert!(boss.get(PAGE).await.body.contains("Account mei updated."));
    assert_eq!(mei.get("/user/settings/profile").await.status, StatusCode::SEE_OTHER);
    let fields = [("name", "mei"), ("password", crate::site::PASSWORD)];
    let refused = site.post("/user/login", "/user/login", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("This account is blocked."));
    boss.post(PAGE, "/-/admin/users/mei/unblock", &[]).await;
    let back = site.post("/user/login", "/user/login", &fields).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn rights_are_given_to_others_and_taken_with_the_next_sign_in() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    let mei = site.signed_in("mei").await;
    boss.post(PAGE, "/-/admin/users/mei/make-admin", &[("confirm", "mei")]).await;
    assert_eq!(mei.get(PAGE).await.status, StatusCode::SEE_OTHER, "they sign in again");
    let mei = site.signed_in("mei").await;
    assert_eq!(mei.get(PAGE).await.status, StatusCode::OK);
    assert_eq!(boss.post(PAGE, "/-/admin/users/boss/unmake-admin", &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(boss.post(PAGE, "/-/admin/users/mei/promote", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn users_cannot_grant_themselves_rights() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let answer = mei.post("/-/about", "/-/admin/users/mei/make-admin", &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(mei.get(PAGE).await.status, StatusCode::FORBIDDEN);
}
