use axum::http::StatusCode;

use super::lab;
use crate::site::Site;

const SETTINGS: &str = "/lab/-/settings";

#[tokio::test]
async fn only_owners_find_the_settings() {
    let site = lab().await;
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(SETTINGS).await.status, StatusCode::FORBIDDEN);
    let refused = bo.post("/", &format!("{SETTINGS}/rename"), &[("name", "mine")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get("/mei/-/settings", "en").await.status, StatusCode::NOT_FOUND, "mei is a person");
}

#[tokio::test]
async fn an_owner_describes_it_and_pins_projects() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let fields = [("display_name", "实验室"), ("description", "Small models"), ("website", "")];
    let saved = mei.post(SETTINGS, SETTINGS, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let pins = format!("{SETTINGS}/pins");
    let unknown = mei.post(SETTINGS, &pins, &[("pins", "missing")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.body.contains("value=\"missing\"") && unknown.body.contains("Repository not found"));
    let pinned = mei.post(SETTINGS, &pins, &[("pins", ""), ("pins", "open"), ("pins", "lab/secret")]).await;
    assert_eq!(pinned.status, StatusCode::SEE_OTHER, "{}", pinned.body);
    let shown = mei.get("/lab").await;
    assert!(shown.body.contains("实验室") && shown.body.contains("Small models"));
    let first = shown.between("<ul class=\"pins\">", "</ul>");
    assert!(first.find("/lab/open") < first.find("/lab/secret"), "in the order that was typed");
}

#[tokio::test]
async fn it_becomes_private_only_without_public_repositories() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let visibility = format!("{SETTINGS}/visibility");
    let refused = mei.post(SETTINGS, &visibility, &[("visibility", "private")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("It has public repositories"));
}

#[tokio::test]
async fn a_new_name_leads_on_from_the_old_one() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let renamed = mei.post(SETTINGS, &format!("{SETTINGS}/rename"), &[("name", "works")]).await;
    assert_eq!((renamed.status, renamed.header("location")), (StatusCode::SEE_OTHER, "/works"));
    let moved = mei.get("/lab/-/people?page=1").await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (StatusCode::PERMANENT_REDIRECT, "/works/-/people?page=1")
    );
}

#[tokio::test]
async fn it_is_deleted_by_its_name_once_it_owns_nothing() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(SETTINGS).await.body;
    assert!(page.contains("It still owns 2 repositories") && page.contains("href=\"/lab/secret\""));
    let delete = format!("{SETTINGS}/delete");
    let refused = mei.post(SETTINGS, &delete, &[("confirm", "lab")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let empty = Site::new().await;
    empty.hearth.organization("lab", "mei").await;
    let mei = empty.signed_in("mei").await;
    let wrong = mei.post(SETTINGS, &delete, &[("confirm", "Lab?")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = mei.post(SETTINGS, &delete, &[("confirm", "lab")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(mei.get("/lab").await.status, StatusCode::NOT_FOUND);
}
