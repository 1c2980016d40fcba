use axum::http::StatusCode;

use crate::site::Site;

#[tokio::test]
async fn an_address_that_this_site_has_not_made_leads_nowhere() {
    let site = Site::new().await;
    for path in ["/-/picture/x/aHR0cHM6Ly9leGFtcGxlLm9yZy8", "/-/picture/AAAA/%2e%2e", "/-/picture/%00/x"] {
        let answer = site.get(path, "en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.body.is_empty(), "{path}");
    }
}
