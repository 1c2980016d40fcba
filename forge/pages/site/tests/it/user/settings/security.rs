use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/user/settings/security";

#[tokio::test]
async fn a_person_reads_what_happened_to_their_account_and_not_to_others() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let lin = site.signed_in("lin").await;
    let tokens = "/user/settings/applications";
    mei.post(tokens, tokens, &[("name", "laptop"), ("days", "30"), ("scopes", "write:repository")]).await;
    let shown = mei.get(PAGE).await.body;
    for part in ["signed in", "laptop", "write:repository"] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    assert!(!lin.get(PAGE).await.body.contains("laptop"));
    assert!(mei.get_in(PAGE, "zh-CN").await.body.contains("安全日志"));
    assert_eq!(site.get(PAGE, "en").await.status, StatusCode::SEE_OTHER);
}
