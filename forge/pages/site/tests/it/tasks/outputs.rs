use axum::http::StatusCode;
use hearth_core::{Outcome, Reason, TaskState};

use crate::laboratory::Laboratory;

#[tokio::test]
async fn outputs_have_size_and_hash_and_are_downloaded_never_run() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let shown = laboratory.site.get(&format!("/tasks/{task}/outputs"), "en").await;
    for part in ["model.bin", "结果.txt", "7 B"] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
    let file = laboratory.site.get(&format!("/tasks/{task}/outputs/model.bin"), "en").await;
    assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, "weights"));
    assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
    let address = format!("/tasks/{task}/outputs/%E6%8A%A5%E5%91%8A/%E7%BB%93%E6%9E%9C.txt");
    let chinese = laboratory.site.get(&address, "en").await;
    assert!(chinese.header("content-disposition").contains("filename*=UTF-8''%E7%BB%93%E6%9E%9C.txt"));
    for bad in ["../run.json", "..%2Frun.json", "%2Fetc%2Fpasswd", "none"] {
        let answer = laboratory.site.get(&format!("/tasks/{task}/outputs/{bad}"), "en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn what_a_dead_agent_left_is_offered_and_stored_or_deleted_by_its_owner_alone() {
    let laboratory = Laboratory::new().await;
    for (act, is_kept) in [("store", true), ("discard", false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let task = laboratory.lost_with(act, folder.path()).await;
        let page = format!("/tasks/{task}/outputs");
        let shown = laboratory.site.get(&page, "en").await;
        assert!(shown.body.contains("Outputs not stored yet"), "{}", shown.body);
        assert!(!shown.body.contains("undelivered/store"), "only its owner may");
        let chinese = laboratory.site.get(&page, "zh-CN").await;
        assert!(chinese.body.contains("尚未保存的输出"), "{}", chinese.body);
        let bo = laboratory.site.signed_in("bo").await;
        let refused = bo.post("/-/about", &format!("/tasks/{task}/undelivered/{act}"), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);

        let mei = laboratory.site.signed_in("mei").await;
        let done = mei.post(&page, &format!("/tasks/{task}/undelivered/{act}"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        laboratory.site.hearth.run_jobs().await;
        let shown = laboratory.site.get(&page, "en").await;
        assert!(!shown.body.contains("Outputs not stored yet"), "{}", shown.body);
        assert_eq!(shown.body.contains("checkpoint.bin"), is_kept);
    }
}

#[tokio::test]
async fn many_outputs_are_listed_in_pages_and_published_without_a_choice() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.launch("many").await;
    let mut agent = laboratory.agent(task).await;
    agent.start().await;
    for number in 0..501 {
        agent.output(&format!("parts/{number:03}.bin"), b"x").await;
    }
    agent.finish(Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished }, 0).await;
    let address = format!("/tasks/{task}/outputs");
    let first = laboratory.site.get(&address, "en").await;
    assert!(first.body.contains("501 files") && first.body.contains("501 B"), "{}", first.body);
    assert!(first.body.contains("049.bin") && !first.body.contains("050.bin"));
    assert!(first.body.contains(&format!("href=\"{address}?page=2\"")));
    let last = laboratory.site.get(&format!("{address}?attempt=1&page=11"), "zh-CN").await;
    assert!(last.body.contains("500.bin") && last.body.contains("501 个文件"), "{}", last.body);
    assert!(last.body.contains(&format!("href=\"{address}?attempt=1&amp;page=10\"")));
    let beyond = laboratory.site.get(&format!("{address}?page=99"), "en").await;
    assert!(beyond.status == StatusCode::OK && beyond.body.contains("501 files"), "{}", beyond.body);

    let mei = laboratory.site.signed_in("mei").await;
    let form = mei.get(&format!("/tasks/{task}/publish")).await;
    assert!(form.body.contains("All of them will be published") && !form.body.contains("000.bin"));
    let fields = [("model", "parts"), ("visibility", "public"), ("whole", "true")];
    let page = format!("/tasks/{task}/publish");
    let published = mei.post(&page, &page, &fields).await;
    assert_eq!(published.header("location"), "/models/mei/parts", "{}", published.body);
}
