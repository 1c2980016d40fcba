use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use hearth_core::Language;
use hearth_core::{Action, Conflict, Dependency, Kind};
use hearth_words::Words;

use crate::site::Site;

#[tokio::test]
async fn unknown_page_says_what_to_do_next_in_both_languages() {
    let site = Site::new().await;
    let english = site.get("/no/such/page/here", "en").await;
    assert_eq!(english.status, StatusCode::NOT_FOUND);
    assert!(english.body.contains("There is no page at this address."));
    assert!(english.body.contains("/user/login?redirect_to=%2Fno%2Fsuch%2Fpage%2Fhere"));
    let chinese = site.get("/no/such/page/here", "zh-CN").await;
    assert!(chinese.body.contains("此地址没有对应的页面。"));
    assert!(chinese.body.contains("not-found-page"));
}

#[tokio::test]
async fn odd_method_gets_a_page_and_not_a_blank_one() {
    let request = Request::builder().method(Method::DELETE).uri("/-/about").body(Body::empty()).unwrap();
    let answer = Site::new().await.send(request).await;
    assert!(answer.status.is_client_error());
    assert!(answer.body.contains("</html>"));
}

#[test]
fn every_code_has_a_sentence_in_both_languages() {
    let mut keys = Vec::new();
    keys.extend(Kind::ALL.iter().map(|kind| format!("error-not-found-{kind}")));
    keys.extend(Action::ALL.iter().map(|action| format!("error-forbidden-{action}")));
    keys.extend(Conflict::ALL.iter().map(|conflict| format!("error-conflict-{conflict}")));
    keys.extend(Dependency::ALL.iter().map(|part| format!("error-unavailable-{part}")));
    let missing: Vec<String> = keys
        .into_iter()
        .filter(|key| Language::ALL.iter().any(|&language| Words::of(language).find(key).is_none()))
        .collect();
    assert!(missing.is_empty(), "no message: {missing:?}");
}
