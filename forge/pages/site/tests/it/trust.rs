//! The security headers of pages, and which forms they accept.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use crate::site::Site;

#[tokio::test]
async fn every_answer_has_a_strict_policy() {
    let site = Site::new().await;
    for path in ["/", "/-/about", "/no/such/page", "/favicon.ico"] {
        let answer = site.get(path, "en").await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("base-uri 'none'") && policy.contains("frame-ancestors 'self'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
    }
}

#[tokio::test]
async fn no_answer_is_kept_for_others_unless_it_says_so() {
    let site = Site::new().await;
    for path in ["/", "/explore", "/no/such/page", "/-/picture/x/x", "/-/diagram/mermaid/x/x"] {
        assert_eq!(site.get(path, "en").await.header("cache-control"), "private, no-cache", "{path}");
    }
    assert_eq!(site.get("/favicon.ico", "en").await.header("cache-control"), "public, max-age=86400");
}

#[tokio::test]
async fn pages_have_nothing_inline() {
    let answer = Site::new().await.get("/", "en").await;
    assert!(!answer.body.contains(" style=\""));
    assert!(!answer.body.contains("<style"));
    assert!(!answer.body.contains(" onclick="));
    assert!(
        answer.body.matches("<script").count()
            == answer.body.matches("<script type=\"module\" src=\"/assets/").count()
    );
}

#[tokio::test]
async fn form_from_another_site_is_refused() {
    let request = Request::post("/-/theme")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = Site::new().await.send(request.body(Body::from("value=dark")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("The form expired or came from another site"));
    let request = Request::post("/-/theme")
        .header(header::ORIGIN, "http://evil.example")
        .header(header::HOST, "hearth.test");
    assert_eq!(
        Site::new().await.send(request.body(Body::empty()).unwrap()).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn form_without_the_visitors_token_is_refused() {
    let request = Request::post("/-/theme").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = Site::new().await.send(request.body(Body::from("value=dark&csrf=guess")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.cookie("hearth_theme"), None);
}

#[tokio::test]
async fn style_and_script_are_small_and_kept_for_ever() {
    let site = Site::new().await;
    let page = site.get("/", "en").await;
    for (mark, end, most) in
        [("href=\"/assets/hearth.", "\"", 35 * 1024), ("src=\"/assets/hearth.", "\"", 60 * 1024)]
    {
        let path = format!("/assets/hearth.{}", page.between(mark, end));
        let request = Request::get(&path).header(header::ACCEPT_ENCODING, "gzip");
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("cache-control").contains("immutable"));
        assert!(answer.body.len() < most, "{path} is over its budget");
    }
}
