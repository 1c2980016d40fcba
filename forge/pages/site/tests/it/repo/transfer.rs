use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/mei/llm/settings/transfer";

#[tokio::test]
async fn a_repository_goes_to_an_organisation_of_ones_own_at_once() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    site.hearth.organization("lab", "mei").await;
    let mei = site.signed_in("mei").await;
    let unsure = mei.post(PAGE, PAGE, &[("new_owner", "lab"), ("confirm", "llm")]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsure.body.contains("value=\"lab\""), "what was typed stays");
    let twice = mei.post(PAGE, PAGE, &[("new_owner", "nobody"), ("confirm", "llm")]).await;
    for field in ["new_owner", "confirm"] {
        assert!(twice.body.contains(&format!("<a href=\"#field-{field}\">")), "{field}: {}", twice.body);
    }
    let moved = mei.post(PAGE, PAGE, &[("new_owner", "lab"), ("confirm", "mei/llm")]).await;
    assert_eq!((moved.status, moved.header("location")), (StatusCode::SEE_OTHER, "/lab/llm"));
    assert_eq!(site.get("/mei/llm", "en").await.header("location"), "/lab/llm");
}

#[tokio::test]
async fn another_person_is_asked_and_answers_on_its_page() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    let give = [("new_owner", "bo"), ("confirm", "mei/llm")];
    let asked = mei.post(PAGE, PAGE, &give).await;
    assert_eq!(asked.header("location"), PAGE, "{}", asked.body);
    assert!(mei.get("/mei/llm").await.body.contains("pending."));
    assert!(!site.get("/mei/llm", "en").await.body.contains("/-/transfers/"), "nobody else is told");
    mei.post(PAGE, &format!("{PAGE}/withdraw"), &[]).await;
    assert!(!bo.get("/mei/llm").await.body.contains("/-/transfers/"));

    mei.post(PAGE, PAGE, &give).await;
    let page = bo.get("/mei/llm").await;
    let id = page.between("/-/transfers/", "/accept").to_owned();
    let taken = bo.post("/mei/llm", &format!("/-/transfers/{id}/accept"), &[]).await;
    assert_eq!(taken.header("location"), "/bo/llm", "{}", taken.body);
    assert_eq!(mei.get("/bo/llm/settings").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn only_who_administers_it_gives_it() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let taken = bo.post("/", PAGE, &[("new_owner", "bo"), ("confirm", "mei/llm")]).await;
    assert_eq!(taken.status, StatusCode::FORBIDDEN);
}
