use axum::http::StatusCode;

use crate::organization::lab;

const EDIT: &str = "/lab/-/teams/readers/edit";

#[tokio::test]
async fn a_team_gets_another_name_and_other_permissions() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let fields = [("name", "Writers"), ("reach", "all"), ("role-all", "write")];
    let saved = mei.post(EDIT, EDIT, &fields).await;
    let address = "/lab/-/teams/Writers";
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, address), "{}", saved.body);
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get("/lab/secret").await.status, StatusCode::OK);
    assert_eq!(bo.get("/lab/-/teams/Writers/edit").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_from_before_another_change_comes_back_and_then_overwrites_it() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let fields = [("name", "readers"), ("reach", "all"), ("role-all", "write"), ("seen", "1")];
    let stale = mei.post(EDIT, EDIT, &fields).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("Someone else changed this"), "{}", stale.body);
    let seen = stale.body.split(r#"name="seen" value=""#).nth(1).and_then(|rest| rest.split('"').next());
    let fields =
        [("name", "readers"), ("reach", "all"), ("role-all", "write"), ("seen", seen.expect("a field"))];
    assert_eq!(mei.post(EDIT, EDIT, &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_owners_team_changes_its_description_alone() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let edit = "/lab/-/teams/Owners/edit";
    let saved = mei.post(edit, edit, &[("name", "Others"), ("description", "Answer for it")]).await;
    assert_eq!(saved.header("location"), "/lab/-/teams/Owners", "{}", saved.body);
    assert!(mei.get("/lab/-/teams").await.body.contains("Answer for it"));
    let kept = mei.post(edit, "/lab/-/teams/Owners/delete", &[("confirm", "Owners")]).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_team_is_deleted_by_its_name() {
    let site = lab().await;
    let mei = site.signed_in("mei").await;
    let delete = "/lab/-/teams/readers/delete";
    let wrong = mei.post(EDIT, delete, &[("confirm", "reader")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(mei.post(EDIT, delete, &[("confirm", "readers")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(mei.get("/lab/-/teams/readers").await.status, StatusCode::NOT_FOUND);
}
