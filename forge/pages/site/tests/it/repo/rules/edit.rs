use axum::http::StatusCode;

use crate::repo::project;

const NEW: &str = "/mei/llm/settings/rules/new";

const ANSWERS: [(&str, &str); 4] =
    [("create", "writers"), ("force_push", "nobody"), ("delete", "nobody"), ("bypass", "nobody")];

#[tokio::test]
async fn a_rule_is_created_changed_and_deleted() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(&format!("{NEW}?kind=tag")).await;
    assert!(page.body.contains("New rule for tags") && !page.body.contains("name=\"approvals\""));
    let fields = [&[("kind", "tag"), ("pattern", "v*")][..], &ANSWERS[..]].concat();
    mei.post(NEW, NEW, &fields).await;
    let list = mei.get("/mei/llm/settings/rules").await;
    let address = list.between("<div class=\"list-title\"><a href=\"", "\"").to_owned();
    assert!(mei.get(&address).await.body.contains("value=\"v*\""));
    let listed = [&[("kind", "tag"), ("pattern", "v*")][..], &ANSWERS[1..]].concat();
    let listed = [&listed[..], &[("create", "listed"), ("create_people", "mei")][..]].concat();
    assert_eq!(mei.post(&address, &address, &listed).await.status, StatusCode::SEE_OTHER);
    assert!(mei.get(&address).await.body.contains("name=\"create_people\" value=\"mei\""));
    mei.post(&address, &format!("{address}/delete"), &[]).await;
    assert_eq!(mei.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_mistakes_are_shown_at_once_and_what_was_typed_stays() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let fields = [
        ("kind", "tag"),
        ("pattern", "kept*"),
        ("create", "listed"),
        ("create_people", "nobody-here"),
        ("force_push", "nobody"),
        ("delete", "maybe"),
        ("bypass", "nobody"),
    ];
    let refused = mei.post(NEW, NEW, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["value=\"kept*\"", "nobody-here", "User not found", "Choose one of the options."] {
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
}
