use axum::http::StatusCode;
use hearth_app::{
    organization,
    user::{self, Profile},
};

use crate::site::Site;

#[tokio::test]
async fn a_person_is_shown_with_what_the_reader_may_see() {
    let site = Site::new().await;
    site.hearth.repository("mei/open").await;
    site.hearth.private_repository("mei/secret").await;
    let profile = Profile {
        display_name: "梅".into(),
        biography: "<script>alert(1)</script>".into(),
        website: "https://example.org/mei".into(),
        is_email_hidden: true,
        ..Profile::default()
    };
    let actor = site.hearth.actor("mei").await;
    user::change_profile(&site.hearth.app, &actor, profile).await.expect("kept");
    let shown = site.get("/MEI", "en").await;
    assert!(shown.body.contains("<h1>梅</h1>") && shown.body.contains("href=\"/mei/open\""));
    assert!(shown.body.contains("rel=\"nofollow noopener noreferrer ugc\""));
    for hidden in ["secret", "mei@example.org", "<script>alert"] {
        assert!(!shown.body.contains(hidden), "{hidden}");
    }
    let own = site.signed_in("mei").await;
    let own = own.get("/mei").await;
    assert!(own.body.contains("/mei/secret") && own.body.contains("mei@example.org"));
    assert!(own.body.contains("Edit profile"));
}

#[tokio::test]
async fn nobody_of_this_name_is_not_found() {
    let site = Site::new().await;
    for path in ["/nobody", "/user", "/%00", "/a%2Fb"] {
        assert_eq!(site.get(path, "en").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_organisation_is_shown_at_the_same_address_and_under_its_former_name() {
    let site = Site::new().await;
    site.hearth.organization("lab", "mei").await;
    site.hearth.repository("lab/open").await;
    site.hearth.private_repository("lab/secret").await;
    let shown = site.get("/LAB", "en").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("href=\"/lab/open\"") && !shown.body.contains("secret"));
    let mei = site.signed_in("mei").await;
    assert!(mei.get("/lab").await.body.contains("/lab/secret"), "an owner sees all of it");

    let app = &site.hearth.app;
    let lab = organization::open(app, &site.hearth.actor("mei").await, "lab").await.expect("theirs");
    organization::rename(app, &lab.administer().expect("an owner"), "works").await.expect("free");
    for (old, new) in [
        ("/lab", "/works"),
        ("/lab/open", "/works/open"),
        ("/lab/open/tags?page=2", "/works/open/tags?page=2"),
    ] {
        let moved = site.get(old, "en").await;
        assert_eq!((moved.status, moved.header("location")), (StatusCode::PERMANENT_REDIRECT, new));
    }
    assert_eq!(site.get("/lab/secret", "en").await.status, StatusCode::NOT_FOUND);
}
