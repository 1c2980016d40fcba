use crate::site::Site;

#[tokio::test]
async fn a_repository_shows_what_happened_in_it_in_both_languages() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let mei = site.signed_in("mei").await;
    let empty = mei.get("/mei/llm/activity").await;
    assert!(empty.body.contains("No activity yet"), "{}", empty.body);
    mei.post("/mei/llm/issues/new", "/mei/llm/issues/new", &[("title", "It is slow"), ("body", "")]).await;
    site.hearth.deliver().await;
    let page = mei.get("/mei/llm/activity").await;
    assert!(page.body.contains(" opened <a href=\"/mei/llm/issues/1\">#1 It is slow</a>"), "{}", page.body);
    let page = mei.get_in("/mei/llm/activity", "zh-CN").await;
    assert!(page.body.contains(" 创建了 <a href=\"/mei/llm/issues/1\">#1 It is slow</a>"), "{}", page.body);
    for address in ["/", "/mei?tab=activity"] {
        let page = mei.get(address).await;
        assert!(
            page.body.contains("#1 It is slow") && page.body.contains("href=\"/mei/llm\">mei/llm</a>"),
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_long_feed_goes_on_by_a_link() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    let mei = site.signed_in("mei").await;
    for number in 1..=21 {
        mei.post(
            "/mei/llm/issues/new",
            "/mei/llm/issues/new",
            &[("title", &format!("Issue {number}")), ("body", "")],
        )
        .await;
    }
    site.hearth.deliver().await;
    let page = mei.get("/mei/llm/activity").await;
    assert!(page.body.contains("#21 Issue 21") && !page.body.contains("#1 Issue 1<"));
    let link = page.body.split("href=\"/mei/llm/activity?before=").nth(1).expect("a link to older lines");
    let before = link.split('"').next().expect("an address");
    let page = mei.get(&format!("/mei/llm/activity?before={before}")).await;
    assert!(page.body.contains("#1 Issue 1<") && !page.body.contains("rel=\"next\""));
    assert!(
        mei.get("/mei/llm/activity?before=x").await.body.contains("#21 Issue 21"),
        "no place is the beginning"
    );
}

#[tokio::test]
async fn what_one_may_not_see_is_in_no_feed() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/secret").await;
    let mei = site.signed_in("mei").await;
    mei.post("/mei/secret/issues/new", "/mei/secret/issues/new", &[("title", "Hidden"), ("body", "")]).await;
    site.hearth.deliver().await;
    assert!(mei.get("/mei?tab=activity").await.body.contains("Hidden"));
    let bo = site.signed_in("bo").await;
    assert!(!bo.get("/mei?tab=activity").await.body.contains("Hidden"));
    assert!(!bo.get("/").await.body.contains("Hidden"));
}
