use axum::http::StatusCode;

use super::project;

const HOME: &str = "/mei/llm";

#[tokio::test]
async fn whoever_is_signed_in_stars_and_chooses_what_to_watch() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    let back = "/mei/llm/issues";
    let starred = bo.post(HOME, "/mei/llm/star", &[("star", "yes"), ("back", back)]).await;
    assert_eq!(
        (starred.status, starred.header("location")),
        (StatusCode::SEE_OTHER, back),
        "{}",
        starred.body
    );
    let page = bo.get(HOME).await;
    assert!(page.body.contains("aria-pressed=\"true\"") && page.body.contains("Starred"), "{}", page.body);
    let fields = [("choice", "parts"), ("part", "issues"), ("part", "releases"), ("back", "//evil.example")];
    let watched = bo.post(HOME, "/mei/llm/watch", &fields).await;
    assert_eq!(watched.header("location"), HOME, "{}", watched.body);
    let page = bo.get(HOME).await;
    assert!(page.body.contains("value=\"releases\" checked") && page.body.contains("Watching"));
    assert!(!page.body.contains("value=\"pulls\" checked"), "{}", page.body);
    let odd = bo.post(HOME, "/mei/llm/watch", &[("choice", "moon")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(site.get("/mei/llm/stars", "zh-CN").await.body.contains("href=\"/bo\""));
    assert!(site.get("/mei/llm/watchers", "en").await.body.contains("href=\"/bo\""));
    bo.post(HOME, "/mei/llm/star", &[("star", "")]).await;
    bo.post(HOME, "/mei/llm/watch", &[("choice", "nothing")]).await;
    assert!(!site.get("/mei/llm/stars", "en").await.body.contains("href=\"/bo\""));
}

#[tokio::test]
async fn visitors_are_led_to_the_sign_in_and_see_the_forks() {
    let site = project().await;
    let page = site.get(HOME, "en").await;
    assert!(page.body.contains("Star") && !page.body.contains("/mei/llm/star\""), "{}", page.body);
    assert!(site.get("/mei/llm/forks", "en").await.body.contains("Nobody yet"));
}
