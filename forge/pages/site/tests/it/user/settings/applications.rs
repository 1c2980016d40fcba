use axum::http::StatusCode;
use hearth_app::access_token;
use hearth_core::Scope;

use crate::site::Site;

const PAGE: &str = "/user/settings/applications";

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_it_is_deleted() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let fields =
        [("name", "laptop"), ("days", "30"), ("scopes", "read:repository"), ("scopes", "write:issue")];
    let made = browser.post(PAGE, PAGE, &fields).await;
    assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"));
    let secret = made.between("data-done=\"Copied\"><code>", "</code>").to_owned();
    assert_eq!(secret.len(), 40);

    let app = &site.hearth.app;
    let actor = access_token::authenticate(app, &secret).await.expect("an answer").expect("it is good");
    assert!(actor.require(Scope::ReadIssue).is_ok() && actor.require(Scope::WriteRepository).is_err());

    let list = browser.get(PAGE).await;
    assert!(!list.body.contains(&secret) && list.body.contains(&secret[32..]));
    assert!(list.body.contains("laptop") && list.body.contains("read:repository, write:issue"));

    assert!(list.body.contains("Revoke token laptop") && list.body.contains("lose access at once"));
    let delete = format!("{PAGE}/{}/delete", list.between("applications/", "/delete"));
    let stranger = site.signed_in("lin").await;
    assert_eq!(stranger.post(PAGE, &delete, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(PAGE, &delete, &[]).await.header("location"), PAGE);
    assert!(access_token::authenticate(app, &secret).await.expect("an answer").is_none());
    assert!(browser.get(PAGE).await.body.contains("No access tokens"));
}

#[tokio::test]
async fn a_token_for_nothing_or_without_an_end_in_sight_is_refused() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    for (fields, sentence) in [
        (vec![("name", "x")], "Choose at least one scope"),
        (vec![("name", ""), ("scopes", "all")], "This field is required."),
        (vec![("name", "x"), ("scopes", "all"), ("days", "soon")], "Enter 1 to"),
        (vec![("name", "x"), ("scopes", "read:admin")], "Only site administrators can choose this."),
        (vec![("name", "x"), ("scopes", "<b>")], "Unknown scope “&#60;b&#62;”."),
    ] {
        let answer = browser.post(PAGE, PAGE, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_administers_the_site_is_offered_to_administrators() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    assert!(!mei.get(PAGE).await.body.contains("write:admin"));
    let boss = site.signed_in_admin("boss").await;
    assert!(boss.get(PAGE).await.body.contains("write:admin"));
}
