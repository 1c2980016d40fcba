use axum::http::StatusCode;

use crate::site::Site;

const PAGE: &str = "/mei/llm/settings/keys";
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl builder";

#[tokio::test]
async fn a_key_is_added_with_its_right_and_removed() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let mei = site.signed_in("mei").await;
    assert!(mei.get("/mei/llm/settings").await.body.contains(&format!("href=\"{PAGE}\"")));
    for language in ["en", "zh-CN"] {
        let page = mei.get_in(PAGE, language).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    }
    let fields = [("title", "build server"), ("key", KEY), ("may_write", "true")];
    let added = mei.post(PAGE, PAGE, &fields).await;
    assert_eq!((added.status, added.header("location")), (StatusCode::SEE_OTHER, PAGE), "{}", added.body);
    let list = mei.get(PAGE).await;
    assert!(list.body.contains("build server") && list.body.contains("Read and push"), "{}", list.body);
    assert!(list.body.contains("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"), "{}", list.body);

    let again = mei.post(PAGE, PAGE, &[("title", ""), ("key", KEY)]).await;
    assert_ne!(again.status, StatusCode::SEE_OTHER);
    let delete = format!("{PAGE}/{}/delete", list.between("settings/keys/", "/delete"));
    assert_eq!(mei.post(PAGE, &delete, &[]).await.header("location"), PAGE);
    assert!(mei.get(PAGE).await.body.contains("No deploy keys yet"));
}

#[tokio::test]
async fn only_administrators_of_the_repository_see_its_keys() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let taken = bo.post("/", PAGE, &[("title", ""), ("key", KEY)]).await;
    assert_eq!(taken.status, StatusCode::FORBIDDEN);
}
