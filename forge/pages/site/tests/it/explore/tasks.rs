use crate::laboratory::Laboratory;

const PAGE: &str = "/explore/tasks";

#[tokio::test]
async fn tasks_of_public_repositories_are_listed_for_everybody() {
    let laboratory = Laboratory::new().await;
    let site = &laboratory.site;
    assert!(site.get(PAGE, "en").await.body.contains("No tasks yet"));
    let task = laboratory.launch("baseline").await;
    let shown = site.get(PAGE, "zh-CN").await;
    assert!(
        shown.body.contains(&format!("href=\"/tasks/{task}\"")) && shown.body.contains("mei/llm"),
        "{}",
        shown.body
    );
    let filtered = site.get("/explore/tasks?state=failed", "en").await;
    assert!(filtered.body.contains("No tasks found"), "{}", filtered.body);
    for odd in ["?page=0", "?page=99999", "?state=x&kind=y", "?q=%25"] {
        assert_eq!(site.get(&format!("{PAGE}{odd}"), "en").await.status.as_u16(), 200, "{odd}");
    }
}

#[tokio::test]
async fn tasks_of_private_repositories_are_seen_by_their_people_only() {
    let laboratory = Laboratory::new().await;
    let site = &laboratory.site;
    laboratory.launch("baseline").await;
    let mei = site.signed_in("mei").await;
    let settings = "/mei/llm/settings";
    mei.post(settings, "/mei/llm/settings/visibility", &[("visibility", "private")]).await;
    assert!(!site.get(PAGE, "en").await.body.contains("baseline"));
    assert!(mei.get(PAGE).await.body.contains("baseline"));
    assert!(!site.signed_in("lin").await.get(PAGE).await.body.contains("baseline"));
}
