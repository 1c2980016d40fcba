use axum::http::StatusCode;

use super::milestone;
use crate::repo::issues::project;

const NEW: &str = "/mei/llm/milestones/new";

#[tokio::test]
async fn writers_make_and_change_milestones() {
    let site = project().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert_eq!(bo.get(NEW).await.status, StatusCode::FORBIDDEN);
    let wrong = mei.post(NEW, NEW, &[("title", "v1"), ("due", "tomorrow")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"v1\"") && wrong.body.contains("Enter a date"));
    let made = mei.post(NEW, NEW, &[("title", "v1"), ("due", "2030-01-31")]).await;
    let address = made.header("location").to_owned();
    assert!(mei.get(&address).await.body.contains("Due 2030-01-31"));
    let edit = format!("{}/edit", address.replace("/milestone/", "/milestones/"));
    assert!(mei.get(&edit).await.body.contains("value=\"2030-01-31\""));
    mei.post(&edit, &edit, &[("title", "v2"), ("due", ""), ("description", "**all** of it")]).await;
    let page = mei.get(&address).await;
    assert!(page.body.contains("v2") && page.body.contains("<strong>all</strong>"), "{}", page.body);
    assert!(!page.body.contains("Due 2030"));
}

#[tokio::test]
async fn a_deleted_milestone_is_gone() {
    let site = project().await;
    let made = milestone(&site, "v1").await;
    let mei = site.signed_in("mei").await;
    let deleted = mei.post(NEW, &format!("/mei/llm/milestones/{}/delete", made.id), &[]).await;
    assert_eq!(deleted.header("location"), "/mei/llm/milestones");
    assert!(mei.get("/mei/llm/milestones").await.body.contains("No milestones here"));
}
