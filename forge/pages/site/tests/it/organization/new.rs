use axum::http::StatusCode;

use crate::site::Site;

#[tokio::test]
async fn a_person_makes_an_organisation_and_owns_it() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    assert!(mei.get("/").await.body.contains("href=\"/-/organizations/new\""), "it stands in the + menu");
    let page = "/-/organizations/new";
    let fields = [("name", "lab"), ("display_name", "实验室"), ("visibility", "private")];
    let made = mei.post(page, page, &fields).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::SEE_OTHER, "/lab"), "{}", made.body);
    let shown = mei.get("/lab").await;
    assert!(shown.body.contains("实验室") && shown.body.contains("href=\"/lab/-/settings\""));
    assert_eq!(site.get("/lab", "en").await.status, StatusCode::NOT_FOUND, "it is private");
}

#[tokio::test]
async fn a_taken_name_comes_back_with_what_was_typed() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let page = "/-/organizations/new";
    let refused = mei.post(page, page, &[("name", "MEI"), ("description", "kept")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("This name is taken") && refused.body.contains("kept"));
    let asked = site.get(page, "en").await;
    assert_eq!(asked.header("location"), "/user/login?redirect_to=%2F-%2Forganizations%2Fnew");
}
