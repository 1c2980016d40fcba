use axum::http::StatusCode;
use hearth_app::user::{self, Profile};

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
