use axum::http::StatusCode;

use crate::site::Site;

const LEAVE: &str = "/mei/llm/leave";

#[tokio::test]
async fn a_collaborator_leaves_after_being_asked_whatever_they_were_given() {
    for role in [("role-all", "write"), ("role-issues", "read")] {
        let site = Site::new().await;
        site.hearth.private_repository("mei/llm").await;
        let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
        let people = "/mei/llm/settings/collaborators";
        mei.post(people, people, &[("name", "bo"), role]).await;
        let shared = bo.get("/user/settings/repositories").await.body;
        assert!(shared.contains("mei/llm") && shared.contains(&format!("href=\"{LEAVE}\"")), "{shared}");
        let asked = bo.get(LEAVE).await;
        assert!(
            asked.body.contains("Leave mei/llm?") && asked.body.contains("You will no longer see it"),
            "{}",
            asked.body
        );
        assert_eq!(bo.get("/mei/llm/issues").await.status, StatusCode::OK);
        let left = bo.post(LEAVE, LEAVE, &[]).await;
        assert_eq!(
            (left.status, left.header("location")),
            (StatusCode::SEE_OTHER, "/user/settings/repositories")
        );
        assert_eq!(bo.get("/mei/llm/issues").await.status, StatusCode::NOT_FOUND);
        assert!(
            bo.get("/user/settings/repositories")
                .await
                .body
                .contains("Nobody has shared a repository with you")
        );
    }
}

#[tokio::test]
async fn whoever_is_no_collaborator_has_nothing_to_leave_and_learns_nothing() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/llm").await;
    site.hearth.repository("mei/open").await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    let unknown = bo.get("/mei/nothing/leave").await;
    for path in [LEAVE, "/mei/open/leave"] {
        let refused = bo.get(path).await;
        assert_eq!(
            (refused.status, mei.get(path).await.status),
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
        );
        assert!(
            refused.body.contains("Repository not found") == unknown.body.contains("Repository not found")
        );
    }
    assert_eq!(site.get(LEAVE, "en").await.status, StatusCode::SEE_OTHER);
}
