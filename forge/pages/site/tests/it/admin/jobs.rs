use axum::http::StatusCode;
use hearth_app::{jobs, testing::Drill};

use crate::site::Site;

#[tokio::test]
async fn an_administrator_sees_what_failed_and_tries_it_again_or_discards_it() {
    let site = Site::new().await;
    jobs::enqueue(&site.hearth.app, &Drill::Fail).await.expect("kept");
    site.hearth.run_jobs().await;
    let lin = site.signed_in_admin("lin").await;
    let page = lin.get("/-/admin/jobs").await;
    assert!(page.body.contains("drill") && page.body.contains("internal error: told to"), "{}", page.body);
    assert!(page.body.contains("Tried once"));
    assert!(lin.get_in("/-/admin/jobs", "zh-CN").await.body.contains("已运行 1 次"));
    let none = lin.get("/-/admin/jobs?state=failed").await;
    assert!(none.body.contains("No jobs"), "it is retried");
    lin.post("/-/admin/jobs", "/-/admin/jobs/1/run", &[]).await;
    assert_eq!(site.hearth.run_jobs().await, 1, "now, not later");
    let asked = lin.get("/-/admin/jobs").await.body;
    assert!(asked.contains("Delete job 1") && asked.contains("Its work will not be done"), "{asked}");
    lin.post("/-/admin/jobs", "/-/admin/jobs/1/discard", &[]).await;
    assert!(lin.get("/-/admin/jobs").await.body.contains("No jobs"));
    let log = lin.get("/-/admin/audit").await;
    assert!(log.body.contains("deleted") && log.body.contains("retried"));
}

#[tokio::test]
async fn the_jobs_are_for_administrators() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    assert_eq!(mei.get("/-/admin/jobs").await.status, StatusCode::FORBIDDEN);
}
