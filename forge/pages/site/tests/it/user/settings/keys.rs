use axum::http::StatusCode;
use hearth_app::key_holder;

use crate::site::Site;

const PAGE: &str = "/user/settings/keys";
const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl mei@laptop";
const FINGERPRINT: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

#[tokio::test]
async fn a_key_is_shown_by_its_fingerprint_until_it_is_removed() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    assert!(browser.get(PAGE).await.body.contains("No SSH keys yet"));
    let added = browser.post(PAGE, PAGE, &[("title", ""), ("key", KEY)]).await;
    assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, PAGE), "{}", added.body);
    let list = browser.get(PAGE).await;
    assert!(list.body.contains("mei@laptop") && list.body.contains("Never used"));
    assert!(list.body.contains(FINGERPRINT) && list.body.contains("Remove mei@laptop"), "{}", list.body);
    let app = &site.hearth.app;
    assert!(key_holder::authenticate(app, FINGERPRINT).await.expect("an answer").is_some());

    let delete = format!("{PAGE}/{}/delete", list.between("settings/keys/", "/delete"));
    let stranger = site.signed_in("lin").await;
    assert_eq!(stranger.post(PAGE, &delete, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(PAGE, &delete, &[]).await.header("location"), PAGE);
    assert!(key_holder::authenticate(app, FINGERPRINT).await.expect("an answer").is_none());
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_kept_in_the_form() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    for (key, sentence) in [
        ("ssh-dss AAAAB3NzaC1kc3MAAAAIBwcHBwcHBwc=", "Unsupported key type. Use Ed25519, ECDSA or RSA."),
        ("", "This field is required."),
    ] {
        let refused = browser.post(PAGE, PAGE, &[("title", "laptop"), ("key", key)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("value=\"laptop\""), "{}", refused.body);
        assert!(refused.body.contains(sentence) || key.is_empty(), "{}", refused.body);
    }
}
