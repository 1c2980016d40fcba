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
async fn an_address_that_is_no_text_names_nothing() {
    let site = Site::new().await;
    for path in
        ["/%ff/llm", "/mei/%ff", "/mei/llm/pulls/%ff", "/mei/llm/src/branch/%ff", "/mei/-/members/%ff"]
    {
        assert_eq!(site.get(path, "en").await.status, StatusCode::NOT_FOUND, "{path}");
    }
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

#[tokio::test]
async fn what_is_missing_in_a_repository_is_said_inside_it_with_where_to_go_on() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    mei.post(
        "/repo/create",
        "/repo/create",
        &[("name", "llm"), ("visibility", "public"), ("readme", "true")],
    )
    .await;
    let head = "<section class=\"head\"";
    for (path, part) in [
        ("/mei/llm/src/branch/main/deep/er/file.py", "href=\"/mei/llm\">Back to the repository"),
        ("/mei/llm/src/branch/nowhere", "href=\"/mei/llm/branches\">All branches"),
        ("/mei/llm/commit/0123456789012345678901234567890123456789", "All branches"),
        ("/mei/llm/issues/99", "href=\"/mei/llm/issues\">All issues"),
        ("/mei/llm/no/such/page", "Back to the repository"),
    ] {
        let missing = mei.get(path).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{path}");
        assert!(missing.body.contains(head) && missing.body.contains(part), "{path}: {}", missing.body);
        assert!(missing.body.contains("Code not-found-"), "{path}");
        assert!(mei.get_in(path, "zh-CN").await.body.contains("返回仓库"), "{path}");
    }
}

#[tokio::test]
async fn whoever_may_see_but_not_do_learns_who_can_help() {
    let site = Site::new().await;
    let lab = site.hearth.organization("lab", "mei").await;
    site.hearth.repository("mei/llm").await;
    site.hearth.repository("lab/model").await;
    let bo = site.signed_in("bo").await;
    for (path, help) in [
        ("/mei/llm/settings", "who owns it"),
        ("/lab/model/settings", "href=\"/lab/-/people\">lab</a>"),
        ("/lab/-/settings", "href=\"/lab/-/people\">lab</a>"),
    ] {
        let refused = bo.get(path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path} of {}", lab.name);
        assert!(refused.body.contains("<section class=\"head\""), "{path}");
        assert!(
            refused.body.contains(help) && refused.body.contains("forbidden-"),
            "{path}: {}",
            refused.body
        );
    }
    let missing = bo.get("/lab/-/nothing").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(
        missing.body.contains("<section class=\"head\"") && missing.body.contains("Back to the organisation")
    );
}

#[tokio::test]
async fn what_one_may_not_see_is_a_page_like_that_of_what_does_not_exist() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/secret").await;
    let bo = site.signed_in("bo").await;
    for rest in ["", "/settings", "/src/branch/main/a", "/issues/1", "/no/such/page"] {
        let hidden = bo.get(&format!("/mei/secret{rest}")).await;
        let nothing = bo.get(&format!("/mei/nowhere{rest}")).await;
        let plain = |body: &str| {
            let reference = body.split("Reference ").nth(1).and_then(|rest| rest.split('<').next());
            let body = reference.map_or_else(|| body.to_owned(), |reference| body.replace(reference, ""));
            body.replace("secret", "nowhere").split("<footer").next().map(str::to_owned)
        };
        assert_eq!((hidden.status, nothing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(plain(&hidden.body), plain(&nothing.body), "{rest}");
        assert!(!hidden.body.contains("<section class=\"head\""), "{rest}");
    }
}
