use axum::http::StatusCode;
use hearth_app::{Registration, Settings, invite, testing::Choices, user};

use crate::site::{PASSWORD, Site};

const SIGN_UP: &str = "/user/sign_up";

fn fields<'a>(name: &'a str, email: &'a str, code: &'a str) -> [(&'a str, &'a str); 4] {
    [("name", name), ("email", email), ("password", PASSWORD), ("code", code)]
}

async fn with_policy(registration: Registration) -> Site {
    let settings = Settings { registration: Some(registration), ..Settings::default() };
    Site::with(Choices { settings, ..Choices::default() }).await
}

#[tokio::test]
async fn the_first_account_needs_the_code_and_administers() {
    let site = with_policy(Registration::Closed).await;
    let code = user::setup_code(&site.hearth.app).await.expect("an answer").expect("nobody is here yet");
    let browser = site.browser();
    assert!(browser.get(SIGN_UP).await.body.contains("Set up Hearth"));

    let wrong = browser.post(SIGN_UP, SIGN_UP, &fields("mei", "mei@example.org", "guess")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Wrong code, or already used"));

    let right = browser.post(SIGN_UP, SIGN_UP, &fields("mei", "mei@example.org", &code)).await;
    assert_eq!((right.status, right.header("location")), (StatusCode::SEE_OTHER, "/"));
    let page = browser.get("/-/about").await;
    assert!(page.body.contains("Site administration") && page.body.contains("Welcome, mei."));

    // The code is used up, and the site's sign-up policy applies.
    let other = site.browser();
    assert!(other.get(SIGN_UP).await.body.contains("Registration is closed"));
    let token = other.get(SIGN_UP).await.between("name=\"csrf\" value=\"", "\"").to_owned();
    let refused = other.post_with(&token, SIGN_UP, &fields("lin", "lin@example.org", &code)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn everybody_may_come_where_the_door_is_open() {
    let site = with_policy(Registration::Open).await;
    let browser = site.browser();
    let answer = browser.post(SIGN_UP, SIGN_UP, &fields("lin", "lin@example.org", "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = browser.get("/-/about").await;
    assert!(page.body.contains("Account: lin") && !page.body.contains("Site administration"));
}

#[tokio::test]
async fn an_invitation_lets_one_person_in() {
    let site = with_policy(Registration::Invite).await;
    site.signed_in_admin("mei").await;
    let actor = site.hearth.actor("mei").await;
    let code = invite::make(&site.hearth.app, &actor, "").await.expect("an invitation").code;
    let shown = site.get(&format!("{SIGN_UP}?code={code}"), "en").await;
    assert!(shown.body.contains(&format!("value=\"{code}\"")));

    let none = site.post(SIGN_UP, SIGN_UP, &fields("lin", "lin@example.org", "")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let first = site.post(SIGN_UP, SIGN_UP, &fields("lin", "lin@example.org", &code)).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = site.post(SIGN_UP, SIGN_UP, &fields("rui", "rui@example.org", &code)).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn every_mistake_is_shown_at_once_and_what_was_typed_stays() {
    let site = Site::new().await;
    let bad = [("name", "admin"), ("email", "nowhere"), ("password", "12345678")];
    let answer = site.post(SIGN_UP, SIGN_UP, &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for sentence in ["This name is reserved.", "Enter a valid email address", "This password is too common"] {
        assert!(answer.body.contains(sentence), "{sentence}");
    }
    assert!(answer.body.contains("value=\"nowhere\"") && !answer.body.contains("12345678"));
}

#[tokio::test]
async fn taken_names_and_addresses_are_told_beside_their_field() {
    let site = Site::new().await;
    site.signed_in("mei").await;
    let name = site.post(SIGN_UP, SIGN_UP, &fields("MEI", "new@example.org", "")).await;
    assert!(name.body.contains("href=\"#field-name\">This name is taken."));
    let email = site.post(SIGN_UP, SIGN_UP, &fields("rui", "Mei@Example.org", "")).await;
    assert!(email.body.contains("href=\"#field-email\">Another account uses this email address."));
}
