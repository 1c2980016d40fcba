use axum::http::StatusCode;
use hearth_core::{Program, RepositoryKind};
use hearth_store::{
    image, image_check, image_check::ImageCheck, repository, task, task::NewTask, testing::new_task,
};

use super::fleet;

const PAGE: &str = "/-/admin/compute/matrix";

#[tokio::test]
async fn a_cell_says_what_is_offered_and_when_it_was_tried() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let image_page = "/-/admin/compute/images/pytorch";
    let fields =
        [("family", "cann"), ("toolkit", "CANN 8.0"), ("reference", "images.example.org/torch-npu:2")];
    boss.post(image_page, &format!("{image_page}/variants"), &fields).await;
    let shown = boss.get(PAGE).await;
    assert_eq!(shown.body.matches("CANN 8.0").count(), 2, "{}", shown.body);
    assert_eq!(shown.body.matches("Not tested").count(), 2);

    let app = &site.hearth.app;
    let code = site.hearth.repository("boss/hearth-smoke").await;
    let mut writer = app.store().write().await.expect("a transaction");
    let owner = repository::find_by_name(&mut writer, RepositoryKind::Code, "boss", "hearth-smoke").await;
    let creator_id = owner.expect("an answer").expect("there").owner_id.0;
    let new = NewTask {
        priority: -100,
        program: Program::script("smoke.py", vec![]),
        image_code: "pytorch".into(),
        time_limit_seconds: None,
        ..new_task(code.id, hearth_core::UserId(creator_id), "smoke", app.now())
    };
    let task_id = task::insert(&mut writer, &new).await.expect("kept");
    let pytorch = image::find_by_code(&mut writer, "pytorch").await.expect("an answer").expect("there");
    let check = ImageCheck {
        image_id: pytorch.id,
        accelerator_code: "ascend-910".into(),
        task_id: Some(task_id),
        has_passed: None,
        checked_at: app.now(),
    };
    image_check::begin(&mut writer, &check).await.expect("kept");
    writer.commit().await.expect("kept");
    assert!(boss.get(PAGE).await.body.contains(" Running</span>"));
    let mut writer = app.store().write().await.expect("a transaction");
    image_check::end(&mut writer, task_id, true, app.now()).await.expect("kept");
    writer.commit().await.expect("kept");
    let shown = boss.get(PAGE).await;
    assert!(
        shown.body.contains(" Passed</span>") && shown.body.contains(&format!("#{task_id}")),
        "{}",
        shown.body
    );
    assert!(boss.get_in(PAGE, "zh-CN").await.body.contains("未测试"));
}

#[tokio::test]
async fn testing_everything_enqueues_smoke_tasks() {
    let site = fleet::site().await;
    let boss = site.signed_in_admin("boss").await;
    let sent = boss.post(PAGE, PAGE, &[]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, PAGE));
    assert!(boss.get(PAGE).await.body.contains("Smoke tests queued."));
    assert!(site.hearth.run_jobs().await >= 1);
    let mei = site.signed_in("mei").await;
    assert_eq!(mei.post("/-/about", PAGE, &[]).await.status, StatusCode::FORBIDDEN);
}
