use axum::http::{StatusCode, header};

use crate::site::Site;

const TOKENS: &str = "/user/settings/applications";

#[tokio::test]
async fn an_empty_repository_says_what_to_type() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let mei = site.signed_in("mei").await;
    let page = mei.get("/mei/llm").await;
    // Where git begins on another branch, a push of `main` alone would fail.
    assert_eq!(page.body.matches("git branch -M main\ngit push -u origin main").count(), 2, "{}", page.body);
    assert!(!site.get("/mei/llm", "en").await.body.contains("git push"), "a visitor cannot push");
}

#[tokio::test]
async fn whoever_needs_a_token_is_led_to_it_and_back_with_the_commands_filled_in_once() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let mei = site.signed_in("mei").await;
    let link = mei.get("/mei/llm").await.between(&format!("href=\"{TOKENS}?"), "\"").replace("&amp;", "&");
    let form = mei.get(&format!("{TOKENS}?{link}")).await;
    assert!(form.body.contains("value=\"write:repository\" checked"), "{}", form.body);
    assert!(!form.body.contains("value=\"read:repository\" checked"), "and nothing else");
    assert!(form.body.contains("name=\"return_to\" value=\"/mei/llm\""), "{}", form.body);

    let fields =
        [("name", "mei/llm"), ("days", "30"), ("scopes", "write:repository"), ("return_to", "/mei/llm")];
    let made = mei.post(TOKENS, TOKENS, &fields).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/mei/llm"));
    let secret = made.cookie("hearth_new_token").expect("the token comes along").to_owned();
    let is_scoped = |cookie: &str| cookie.contains("Path=/mei/llm;") && cookie.contains("HttpOnly");
    let cookies = made.headers.get_all(header::SET_COOKIE);
    assert!(cookies.iter().any(|cookie| is_scoped(cookie.to_str().expect("plain"))), "{:?}", made.headers);

    let filled = mei.get("/mei/llm").await;
    let line = format!("git clone http://mei:{secret}@hearth.test/mei/llm.git");
    assert!(filled.body.contains(&line), "{}", filled.body);
    assert_eq!(filled.header("cache-control"), "no-store");
    assert!(!mei.get("/mei/llm").await.body.contains(&secret), "it is shown once");
}

#[tokio::test]
async fn a_token_is_shown_on_its_own_page_where_no_empty_repository_waits_for_it() {
    let site = crate::repo::project().await;
    site.hearth.repository("lin/empty").await;
    let mei = site.signed_in("mei").await;
    for return_to in ["/mei/llm", "/lin/empty", "/mei/absent", "/explore/repos", "//evil.example", "x"] {
        let fields = [("name", return_to), ("days", "30"), ("scopes", "all"), ("return_to", return_to)];
        let made = mei.post(TOKENS, TOKENS, &fields).await;
        assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"), "{return_to}");
        assert!(made.cookie("hearth_new_token").is_none(), "{return_to}");
        assert!(!made.body.contains("href=\"//evil"), "{}", made.body);
    }
}

#[tokio::test]
async fn somebody_elses_token_is_never_filled_in() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let (mei, lin) = (site.signed_in("mei").await, site.signed_in("lin").await);
    let made = lin.post(TOKENS, TOKENS, &[("name", "x"), ("days", "30"), ("scopes", "all")]).await;
    let theirs = made.between("data-done=\"Copied\"><code>", "</code>");
    for secret in [theirs, "0123456789", "%3Cb%3E"] {
        mei.set_cookie("hearth_new_token", secret);
        assert!(!mei.get("/mei/llm").await.body.contains(secret), "{secret}");
    }
}
