use crate::site::Site;

#[tokio::test]
async fn about_page_names_the_version_and_the_licence() {
    let answer = Site::new().await.get("/-/about", "zh-CN").await;
    assert!(answer.body.contains("<title>关于 Hearth · Hearth</title>"));
    assert!(answer.body.contains("Apache-2.0"));
}
