use axum::http::StatusCode;
use hearth_app::{organization, owner};

use super::lab;

#[tokio::test]
async fn strangers_members_and_owners_see_what_is_theirs_to_see() {
    let site = lab().await;
    let stranger = site.get("/lab", "en").await.body;
    assert!(stranger.contains("href=\"/lab/open\"") && stranger.contains("href=\"/lab/-/people\""));
    for hidden in ["secret", "/lab/-/teams", "/lab/-/settings", "href=\"/bo\"", "owner=lab"] {
        assert!(!stranger.contains(hidden), "{hidden}");
    }
    let bo = site.signed_in("bo").await.get("/lab").await.body;
    assert!(bo.contains("href=\"/lab/-/teams/readers\"") && bo.contains("href=\"/mei\""));
    assert!(!bo.contains("/lab/-/settings") && !bo.contains("owner=lab"));
    let mei = site.signed_in("mei").await.get_in("/lab", "zh-CN").await.body;
    assert!(mei.contains("/lab/secret") && mei.contains("href=\"/lab/-/settings\""));
    assert!(mei.contains("href=\"/repo/create?owner=lab\"") && mei.contains("团队"));
}

#[tokio::test]
async fn pinned_repositories_come_first_for_who_may_see_them() {
    let site = lab().await;
    let app = &site.hearth.app;
    let actor = site.hearth.actor("mei").await;
    let lab = organization::open(app, &actor, "lab").await.expect("theirs");
    let (open, secret) =
        (site.hearth.find_repository("lab/open").await, site.hearth.find_repository("lab/secret").await);
    owner::pin(app, &actor, lab.organization().id.into(), &[secret.id, open.id]).await.expect("pinned");
    let stranger = site.get("/lab", "en").await;
    assert_eq!(stranger.status, StatusCode::OK);
    let pins = stranger.between("<ul class=\"pins\">", "</ul>");
    assert!(pins.contains("/lab/open") && !pins.contains("secret"));
}
