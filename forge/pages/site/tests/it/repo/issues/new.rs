use axum::http::StatusCode;
use hearth_app::label::{self, LabelInput};

use super::{choose, enter, project};
use crate::repo::pulls::push;

const FORM: &str = "/mei/llm/issues/new";

#[tokio::test]
async fn anybody_who_is_signed_in_opens_an_issue() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    let made = bo.post(FORM, FORM, &[("title", "Loss is NaN"), ("body", "after **3** steps")]).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/mei/llm/issues/1"));
    let page = bo.get("/mei/llm/issues/1").await;
    assert!(page.body.contains("Loss is NaN") && page.body.contains("<strong>3</strong>"));
}

#[tokio::test]
async fn a_bad_form_comes_back_with_what_was_typed() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    let refused = bo.post(FORM, FORM, &[("title", " "), ("body", "kept text")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("kept text") && refused.body.contains("This field is required."));
}

#[tokio::test]
async fn readers_cannot_label_or_assign_by_a_form_of_their_own() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    assert!(!bo.get(FORM).await.body.contains("name=\"assignees\""));
    let refused = bo.post(FORM, FORM, &[("title", "a"), ("assignees", "mei")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mei = site.signed_in("mei").await;
    assert!(mei.get(FORM).await.body.contains("name=\"assignees\""));
}

#[tokio::test]
async fn a_visitor_is_asked_to_sign_in_and_comes_back() {
    let site = project().await;
    let asked = site.get(FORM, "en").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert!(asked.header("location").contains("redirect_to=%2Fmei%2Fllm%2Fissues%2Fnew"));
}

#[tokio::test]
async fn an_address_may_bring_a_title_along() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    assert!(bo.get("/mei/llm/issues/new?title=Given").await.body.contains("value=\"Given\""));
}

#[tokio::test]
async fn the_answers_of_a_form_become_the_text_and_its_labels_are_given() {
    let site = project().await;
    push(&site, "main", ".github/ISSUE_TEMPLATE/bug.yml", choose::FORM).await;
    let writing = enter(&site, "mei").await.write().expect("the owner");
    let input = LabelInput { name: "bug".into(), color: "aa0000".into(), ..LabelInput::default() };
    label::create(&site.hearth.app, &writing, &input).await.expect("made");
    let bo = site.signed_in("bo").await;
    let form = format!("{FORM}?template=bug.yml");
    let page = bo.get(&form).await;
    for part in ["value=\"[Bug]:\"", "name=\"answer-version\"", "I searched first"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let fields = [("template", "bug.yml"), ("title", "[Bug]: x"), ("answer-version", " ")];
    let refused = bo.post(&form, FORM, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("This is required.") && refused.body.contains("Tick what is required."));
    let answers = [("answer-version", "1.2"), ("answer-terms", "0")];
    let fields = [[("template", "bug.yml"), ("title", "[Bug]: x")], answers].concat();
    let made = bo.post(&form, FORM, &fields).await;
    assert_eq!(made.header("location"), "/mei/llm/issues/1", "{}", made.body);
    let page = bo.get("/mei/llm/issues/1").await;
    assert!(page.body.contains("Version<a") && page.body.contains("1.2"), "{}", page.body);
    assert!(page.body.contains("bug</a>"), "the template's label");
    assert_eq!(bo.get(&format!("{FORM}?template=none.yml")).await.status, StatusCode::NOT_FOUND);
}
