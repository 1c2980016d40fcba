use crate::site::Site;

const PAGE: &str = "/explore/users";

#[tokio::test]
async fn people_are_found_by_name_without_their_address() {
    let site = Site::new().await;
    site.hearth.user("mei").await;
    site.hearth.user("lin").await;
    let all = site.get(PAGE, "en").await;
    assert!(all.body.contains("href=\"/mei\"") && all.body.contains("2 people"));
    assert!(!all.body.contains("example.org"));
    let found = site.get("/explore/users?q=EI", "en").await;
    assert!(found.body.contains("href=\"/mei\"") && !found.body.contains("href=\"/lin\""));
    let none = site.get("/explore/users?q=example.org", "zh-CN").await;
    assert!(none.body.contains("没有找到用户"));
}
