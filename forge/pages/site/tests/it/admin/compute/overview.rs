use axum::http::StatusCode;

use super::fleet;
use crate::site::Site;

const PAGE: &str = "/-/admin/compute";

#[tokio::test]
async fn engines_say_how_they_are_and_pools_what_they_have() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let shown = boss.get(PAGE).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    for part in ["east", "3 machines", "west", "connection refused", "2 pools are suggested", "No pools yet"]
    {
        assert!(shown.body.contains(part), "{part} is missing");
    }
    boss.post("/-/admin/compute/nodes", "/-/admin/compute/nodes", &[("code", "east-nvidia-h200")]).await;
    let shown = boss.get(PAGE).await;
    assert!(shown.body.contains("0 of 16 cards") && shown.body.contains("8 cordoned"), "{}", shown.body);
    let chinese = boss.get_in(PAGE, "zh-CN").await;
    assert!(chinese.body.contains("引擎") && chinese.body.contains("已封锁"));
}

#[tokio::test]
async fn without_an_engine_the_page_says_what_is_missing() {
    let site = Site::new().await;
    let boss = site.signed_in_admin("boss").await;
    assert!(boss.get(PAGE).await.body.contains("No engine"));
    let mei = site.signed_in("mei").await;
    for page in
        ["", "/nodes", "/accelerators", "/specs", "/scenes", "/images", "/matrix", "/quotas", "/pools/new"]
    {
        assert_eq!(mei.get(&format!("{PAGE}{page}")).await.status, StatusCode::FORBIDDEN, "{page}");
        assert_eq!(boss.get(&format!("{PAGE}{page}")).await.status, StatusCode::OK, "{page}");
    }
    for noun in ["accelerators", "specs", "scenes", "images", "quotas"] {
        assert_eq!(mei.get(&format!("{PAGE}/{noun}/new")).await.status, StatusCode::FORBIDDEN, "{noun}");
        assert_eq!(boss.get(&format!("{PAGE}/{noun}/new")).await.status, StatusCode::OK, "{noun}");
        assert_eq!(boss.get(&format!("{PAGE}/{noun}/none")).await.status, StatusCode::NOT_FOUND, "{noun}");
    }
}
