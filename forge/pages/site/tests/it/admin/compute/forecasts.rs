use axum::http::StatusCode;

use crate::laboratory::Laboratory;

const PAGE: &str = "/-/admin/compute/forecasts";

#[tokio::test]
async fn administrators_see_how_well_waits_were_foretold() {
    let laboratory = Laboratory::new().await;
    let boss = laboratory.site.signed_in_admin("boss").await;
    let empty = boss.get(PAGE).await;
    assert!(empty.body.contains("No tasks started yet"), "{}", empty.body);
    for name in ["one", "two", "three", "four"] {
        laboratory.succeeded(name).await;
    }
    let shown = boss.get(PAGE).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("<td>cpu-1</td>") && shown.body.contains("1 of 1"), "{}", shown.body);
    assert!(boss.get_in(PAGE, "zh-CN").await.body.contains("等待时间预计"));
}

#[tokio::test]
async fn nobody_else_sees_them() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    assert_eq!(mei.get(PAGE).await.status, StatusCode::FORBIDDEN);
}
