use crate::site::Site;

#[tokio::test]
async fn first_page_speaks_the_readers_language() {
    let site = Site::new().await;
    let english = site.get("/", "en-GB,en;q=0.9").await;
    assert!(english.body.contains("<html lang=\"en\""));
    let chinese = site.get("/", "zh-Hans-CN").await;
    assert!(chinese.body.contains("<html lang=\"zh-CN\""));
    assert!(chinese.body.contains("代码、算力与模型"));
}

#[tokio::test]
async fn asked_language_is_remembered() {
    let answer = Site::new().await.get("/?lang=zh-CN", "en").await;
    assert!(answer.body.contains("<html lang=\"zh-CN\""));
    assert_eq!(answer.cookie("hearth_lang"), Some("zh-CN"));
}
