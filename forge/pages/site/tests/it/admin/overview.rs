use axum::http::StatusCode;
use hearth_app::ClientAddress;

use crate::site::Site;

#[tokio::test]
async fn figures_are_for_administrators() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let boss = site.signed_in_admin("boss").await;
    let page = boss.get("/-/admin").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<b>2</b><span>accounts") && page.body.contains("<b>1</b><span>repositories"));
    assert!(page.body.contains(env!("CARGO_PKG_VERSION")) && page.body.contains("SQLite"));
}

#[tokio::test]
async fn others_are_turned_away_by_every_spelling_of_the_address() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    for path in ["/-/admin", "/-/admin/users", "/-/admin/invites"] {
        assert_eq!(mei.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(site.get(path, "en").await.status, StatusCode::SEE_OTHER, "{path}");
    }
    for path in ["/-//admin/users", "/-/ADMIN", "/x/../-/admin", "/-/%61dmin/users/mei/make-admin"] {
        let answer = mei.get(path).await;
        assert!(!answer.body.contains("Accounts</h1>"), "{path}");
        assert_ne!(answer.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_proxy_that_nobody_named_is_told_to_administrators() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    let app = &site.hearth.app;
    assert!(!boss.get("/-/admin").await.body.contains("looks like an unconfigured proxy"));
    let proxy = ClientAddress::new("192.0.2.7".parse().expect("an address")).forwarding();
    for account in 0..10 {
        app.guesses().count(&format!("somebody-{account}"), proxy, app.monotonic()).expect("a first guess");
    }
    let page = boss.get("/-/admin").await;
    assert!(page.body.contains("192.0.2.7 looks like an unconfigured proxy"), "{}", page.body);
    assert!(page.body.contains("server.trusted_proxies"));
}
