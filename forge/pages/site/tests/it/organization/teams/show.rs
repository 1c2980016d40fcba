use axum::http::StatusCode;

use crate::organization::lab;

const TEAM: &str = "/lab/-/teams/readers";

#[tokio::test]
async fn members_join_at_once_and_others_are_invited() {
    let site = lab().await;
    site.hearth.user("zoe").await;
    let mei = site.signed_in("mei").await;
    let members = format!("{TEAM}/members");
    let added = mei.post(TEAM, &members, &[("name", "mei")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    mei.post(TEAM, &members, &[("name", "zoe")]).await;
    let shown = mei.get(TEAM).await.body;
    let list = shown.split_once("<main").expect("the page").1;
    assert!(
        list.contains("href=\"/mei\"") && list.contains("href=\"/bo\"") && !list.contains("href=\"/zoe\"")
    );
    assert!(site.signed_in("zoe").await.get("/").await.body.contains("readers"), "the dashboard says so");
    let nobody = mei.post(TEAM, &members, &[("name", "nobody")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.body.contains("value=\"nobody\""));

    let bo = site.signed_in("bo").await;
    assert_eq!(bo.post(TEAM, &members, &[("name", "bo")]).await.status, StatusCode::FORBIDDEN);
    let removed = mei.post(TEAM, &format!("{members}/remove"), &[("name", "bo")]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    assert_eq!(bo.get(TEAM).await.status, StatusCode::NOT_FOUND, "out of the last team is out of it all");
}

#[tokio::test]
async fn a_team_works_in_the_repositories_that_were_chosen() {
    let site = lab().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert_eq!(bo.get("/lab/secret").await.status, StatusCode::NOT_FOUND);
    let (tab, act) = (format!("{TEAM}?tab=repositories"), format!("{TEAM}/repositories"));
    let unknown = mei.post(&tab, &act, &[("name", "missing")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = mei.post(&tab, &act, &[("name", "secret")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    assert_eq!(bo.get("/lab/secret").await.status, StatusCode::OK);
    assert!(bo.get(&tab).await.body.contains("href=\"/lab/secret\""));
    mei.post(&tab, &format!("{act}/remove"), &[("name", "secret")]).await;
    assert_eq!(bo.get("/lab/secret").await.status, StatusCode::NOT_FOUND);
}
