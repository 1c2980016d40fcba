use axum::http::StatusCode;

use crate::site::Site;

const SWITCH: &str = "/-/administering";

#[tokio::test]
async fn an_administrator_sees_other_peoples_private_repositories_while_the_banner_says_so() {
    for site in Site::all().await {
        site.hearth.private_repository("mei/secret").await;
        let boss = site.signed_in_admin("boss").await;
        assert_eq!(boss.get("/mei/secret").await.status, StatusCode::NOT_FOUND);
        let home = boss.get("/explore/repos").await;
        assert!(
            !home.body.contains("class=\"administering\"") && home.body.contains("Enter administrator mode")
        );
        let on = [("value", "on"), ("return_to", "/mei/secret")];
        let begun = boss.post("/", SWITCH, &on).await;
        assert_eq!((begun.status, begun.header("location")), (StatusCode::SEE_OTHER, "/mei/secret"));
        let shown = boss.get("/mei/secret").await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(
            shown.body.contains("class=\"administering\"")
                && shown.body.contains("You are in administrator mode")
        );
        assert!(boss.get_in("/mei/secret", "zh-CN").await.body.contains("你正处于管理员模式"));

        let ended = boss.post("/", SWITCH, &[("value", "off"), ("return_to", "/")]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        assert_eq!(boss.get("/mei/secret").await.status, StatusCode::NOT_FOUND);
        let log = boss.get("/-/admin/audit?kind=session").await.body;
        assert!(
            log.contains("entered administrator mode") && log.contains("left administrator mode"),
            "{log}"
        );
    }
}

#[tokio::test]
async fn acting_as_administrator_ends_by_itself_and_with_the_right() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/secret").await;
    let boss = site.signed_in_admin("boss").await;
    boss.post("/", SWITCH, &[("value", "on")]).await;
    assert_eq!(boss.get("/mei/secret").await.status, StatusCode::OK);
    site.hearth.clock.advance(std::time::Duration::from_secs(3_601));
    assert_eq!(boss.get("/mei/secret").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_else_acts_as_an_administrator() {
    let site = Site::new().await;
    site.hearth.private_repository("mei/secret").await;
    let lin = site.signed_in("lin").await;
    let refused = lin.post("/", SWITCH, &[("value", "on")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(lin.get("/mei/secret").await.status, StatusCode::NOT_FOUND);
    assert!(!lin.get("/").await.body.contains("Enter administrator mode"));
    let boss = site.signed_in_admin("boss").await;
    let forged = boss.post_with("forged", SWITCH, &[("value", "on")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(boss.get("/mei/secret").await.status, StatusCode::NOT_FOUND);
}
