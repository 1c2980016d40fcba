use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/user/settings/keys";
const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl mei@laptop";

#[tokio::test]
async fn a_key_is_added_and_deleted() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let answer = browser.post(PAGE, PAGE, &[("title", ""), ("key", KEY)]).await;
    assert_eq!(answer.header("location"), PAGE);
    let shown = browser.get(PAGE).await;
    assert!(shown.body.contains("Key “mei@laptop” added."));
    assert!(shown.body.contains("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"));

    let delete = format!("{PAGE}/{}/delete", shown.between("settings/keys/", "/delete"));
    let stranger = site.signed_in("lin").await;
    assert_eq!(stranger.post(PAGE, &delete, &[]).await.status, StatusCode::NOT_FOUND);
    let taken = stranger.post(PAGE, PAGE, &[("title", ""), ("key", KEY)]).await;
    assert!(taken.body.contains("This key is already in use."));
    assert_eq!(browser.post(PAGE, &delete, &[]).await.header("location"), PAGE);
    assert!(browser.get(PAGE).await.body.contains("No SSH keys"));
}

#[tokio::test]
async fn a_private_key_is_refused_and_not_shown_as_taken() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let private = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----";
    let answer = browser.post(PAGE, PAGE, &[("title", "x"), ("key", private)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("This is a private key."));
    assert!(!answer.body.contains("b3BlbnNzaC1rZXk"), "it does not travel a second time");
}
