use crate::site::Site;

#[tokio::test]
async fn an_empty_repository_says_what_to_type() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let mei = site.signed_in("mei").await;
    let page = mei.get("/mei/llm").await;
    assert!(page.body.contains("git push -u origin main"), "{}", page.body);
    assert!(page.body.contains("/user/settings/applications"));
    assert!(!site.get("/mei/llm", "en").await.body.contains("git push"), "a visitor cannot push");
}
