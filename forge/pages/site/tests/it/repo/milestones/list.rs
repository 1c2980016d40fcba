use axum::http::StatusCode;
use hearth_core::{Permission, Unit};

use super::milestone;
use crate::repo::issues::project;

const LIST: &str = "/mei/llm/milestones";

#[tokio::test]
async fn milestones_are_listed_by_state_in_both_languages() {
    let site = project().await;
    let empty = site.get(LIST, "en").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.body.contains("No milestones here") && !empty.body.contains("/milestones/new"));
    let made = milestone(&site, "v1 <b>").await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(LIST).await;
    assert!(page.body.contains("v1 &#60;b&#62;") && page.body.contains("/milestones/new"), "{}", page.body);
    mei.post(LIST, &format!("{LIST}/{}/state", made.id), &[("state", "closed")]).await;
    assert!(!mei.get(LIST).await.body.contains("v1 "));
    let closed = mei.get_in(&format!("{LIST}?state=closed"), "zh-CN").await;
    assert!(closed.body.contains("v1 ") && closed.body.contains("里程碑"));
}

/// As in the API: they belong to the issues, whatever else somebody may do in the repository.
#[tokio::test]
async fn milestones_are_for_those_who_may_do_as_much_with_issues() {
    let site = project().await;
    let secret = site.hearth.private_repository("mei/secret").await;
    for (person, unit, status) in
        [("ana", Unit::Issues, StatusCode::OK), ("cam", Unit::Code, StatusCode::NOT_FOUND)]
    {
        let browser = site.signed_in(person).await;
        site.hearth.permit_in(&secret, person, unit, Permission::Write).await;
        for page in ["/mei/secret/milestones", "/mei/secret/milestones/new"] {
            assert_eq!(browser.get(page).await.status, status, "{person} {page}");
        }
    }
}
