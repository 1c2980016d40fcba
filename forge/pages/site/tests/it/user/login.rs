use axum::http::StatusCode;
use hearth_app::testing::Choices;

use crate::site::{PASSWORD, Site};

const LOGIN: &str = "/user/login";
const COOKIE: &str = "hearth_session";

#[tokio::test]
async fn sign_in_returns_to_the_requested_page() {
    let site = Site::new().await;
    site.signed_in("mei").await;
    let browser = site.browser();
    let shown = browser.get("/user/login?redirect_to=%2F-%2Fabout").await;
    assert_eq!(shown.between("name=\"redirect_to\" value=\"", "\""), "/-/about");
    let fields = [("name", "MEI@example.org"), ("password", PASSWORD), ("redirect_to", "/-/about")];
    let answer = browser.post(LOGIN, LOGIN, &fields).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/-/about"));
    let page = browser.get("/-/about").await;
    assert!(page.body.contains("Account: mei"));
    assert_eq!(browser.get(LOGIN).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let site = Site::new().await;
    site.signed_in("mei").await;
    for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nx"] {
        let fields = [("name", "mei"), ("password", PASSWORD), ("redirect_to", bad)];
        assert_eq!(site.browser().post(LOGIN, LOGIN, &fields).await.header("location"), "/", "{bad}");
    }
}

#[tokio::test]
async fn unknown_names_and_wrong_passwords_look_the_same() {
    let site = Site::new().await;
    site.signed_in("mei").await;
    let mut answers = Vec::new();
    for name in ["mei", "nobody"] {
        let fields = [("name", name), ("password", "wrong wrong wrong")];
        let answer = site.browser().post(LOGIN, LOGIN, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("Wrong name or password."));
        assert!(!answer.body.contains("wrong wrong"));
        let token = answer.between("name=\"csrf\" value=\"", "\"").to_owned();
        let time = answer.between("foot-time\">", "<").to_owned();
        answers.push(answer.body.replace(name, "NAME").replace(&token, "TOKEN").replace(&time, "TIME"));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn guessing_is_slowed_down_for_one_account_and_not_for_others() {
    let site = Site::new().await;
    site.signed_in("mei").await;
    site.signed_in("lin").await;
    let browser = site.browser();
    let wrong = [("name", "mei"), ("password", "wrong wrong wrong")];
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(browser.post(LOGIN, LOGIN, &wrong).await.status.as_u16());
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
    let right = browser.post(LOGIN, LOGIN, &[("name", "mei"), ("password", PASSWORD)]).await;
    assert_eq!((right.status, right.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "2"));
    let other = browser.post(LOGIN, LOGIN, &[("name", "lin"), ("password", PASSWORD)]).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_id_from_elsewhere_is_never_taken() {
    let site = Site::new().await;
    site.signed_in("mei").await;
    let browser = site.browser();
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    browser.set_cookie(COOKIE, planted);
    let fields = [("name", "mei"), ("password", PASSWORD)];
    assert_eq!(browser.post(LOGIN, LOGIN, &fields).await.status, StatusCode::SEE_OTHER);
    let id = browser.cookie(COOKIE).expect("a session");
    assert_ne!(id, planted);

    // Signing in again gives another id and invalidates the old one.
    browser.get("/").await;
    let again = site.browser();
    again.set_cookie(COOKIE, &id);
    let token = again.get("/-/about").await.between("name=\"csrf\" value=\"", "\"").to_owned();
    let answer = again.post_with(&token, LOGIN, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_ne!(again.cookie(COOKIE), Some(id));
    assert!(!browser.get("/-/about").await.body.contains("Account: mei"));
}

#[tokio::test]
async fn the_cookie_is_closed_to_scripts_and_other_sites() {
    for (root, name, secure) in [
        ("http://hearth.test", "hearth_session", false),
        ("https://hearth.test", "__Host-hearth_session", true),
    ] {
        let site = Site::with(Choices { root: Some(root.into()), ..Choices::default() }).await;
        let browser = site.signed_in("mei").await;
        let fields = [("value", "dark")];
        browser.post("/-/about", "/-/theme", &fields).await;
        assert!(browser.cookie(name).is_some(), "{root}");
        let out = site.browser();
        let answer = out.post(LOGIN, LOGIN, &[("name", "mei"), ("password", PASSWORD)]).await;
        let cookies = answer.headers.get_all("set-cookie");
        let cookie = cookies.iter().filter_map(|cookie| cookie.to_str().ok()).find(|c| c.starts_with(name));
        let cookie = cookie.expect("a session");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn who_only_reads_gets_no_session() {
    let site = Site::new().await;
    for path in ["/", "/-/about", LOGIN, "/no/such/page"] {
        assert_eq!(site.get(path, "en").await.cookie(COOKIE), None, "{path}");
    }
}

#[tokio::test]
async fn a_form_without_the_token_of_its_session_is_refused() {
    let site = Site::new().await;
    let browser = site.signed_in("mei").await;
    let stranger = site.browser().get("/-/about").await;
    let token = stranger.between("name=\"csrf\" value=\"", "\"");
    for token in [token, ""] {
        let answer = browser.post_with(token, "/user/logout", &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert!(browser.get("/-/about").await.body.contains("Account: mei"));
}
