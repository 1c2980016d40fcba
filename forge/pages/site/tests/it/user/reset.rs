use axum::http::StatusCode;

use crate::site::Site;

/// A working link is created only together with its email: `hearth-app` tests it with a real mail server.
#[tokio::test]
async fn a_link_that_nobody_was_sent_changes_nothing() {
    let site = Site::new().await;
    site.hearth.user("mei").await;
    for secret in ["1-0000000000000000000000000000000000000000", "x", "1-"] {
        let address = format!("/user/reset/{secret}");
        let page = site.get(&address, "en").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{secret}");
        assert!(page.body.contains("This link is invalid, expired or already used"), "{secret}");
        let posted = site.post("/user/login", &address, &[("password", "a long and new sentence")]).await;
        assert_eq!(posted.status, StatusCode::FORBIDDEN, "{secret}");
    }
}
