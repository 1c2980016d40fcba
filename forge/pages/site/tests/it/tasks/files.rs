use axum::http::StatusCode;

use hearth_app::task::NewTask;

use crate::laboratory::Laboratory;

#[tokio::test]
async fn the_run_record_is_shown_file_by_file() {
    let laboratory = Laboratory::new().await;
    let task = laboratory.succeeded("one").await;
    let list = laboratory.site.get(&format!("/tasks/{task}/files"), "en").await;
    for name in ["run.json", "events.jsonl", "SHA256SUMS", "env.lock"] {
        assert!(list.body.contains(name), "{name} is missing in {}", list.body);
    }
    let open = laboratory.site.get(&format!("/tasks/{task}/files?show=run.json"), "en").await;
    assert!(open.body.contains("hearth.run/2"), "{}", open.body);
    let file = laboratory.site.get(&format!("/tasks/{task}/files/run.json"), "en").await;
    assert!(
        file.body.contains("hearth.run/2") && file.header("content-disposition").starts_with("attachment")
    );
    for bad in ["resources.jsonl", "..%2Frun.json", "x"] {
        let answer = laboratory.site.get(&format!("/tasks/{task}/files/{bad}"), "en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn the_unpushed_changes_of_a_task_are_shown() {
    const PATCH: &str = "diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -1 +1,2 @@\n-print('loss=1')\n\
        +print('loss=2')\n+print('<b>')\n";
    let laboratory = Laboratory::new().await;
    let new = NewTask { patch: Some(PATCH.into()), ..NewTask::script("train.py") };
    let task = laboratory.launch_as(new).await;
    laboratory.agent(task).await;
    let overview = laboratory.site.get(&format!("/tasks/{task}"), "en").await;
    let address = format!("/tasks/{task}/files?attempt=1&#38;show=code.patch#shown");
    let plain = overview.body.replace("&amp;", "&#38;");
    assert!(plain.contains(&address) && plain.contains("1 file, +2 −1, on top"), "{plain}");
    let open = laboratory.site.get(&format!("/tasks/{task}/files?attempt=1&show=code.patch"), "zh-CN").await;
    for part in ["<code class=\"hl-deleted\">-print(", "<code class=\"hl-inserted\">+print("] {
        assert!(open.body.contains(part), "{part} is missing in {}", open.body);
    }
    assert!(!open.body.contains("print('<b>')"), "what a patch says is text");
}
