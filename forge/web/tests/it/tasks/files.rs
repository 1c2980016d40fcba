use axum::http::StatusCode;

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
    assert!(open.body.contains("hearth.run/1"), "{}", open.body);
    let file = laboratory.site.get(&format!("/tasks/{task}/files/run.json"), "en").await;
    assert!(
        file.body.contains("hearth.run/1") && file.header("content-disposition").starts_with("attachment")
    );
    for bad in ["resources.jsonl", "..%2Frun.json", "x"] {
        let answer = laboratory.site.get(&format!("/tasks/{task}/files/{bad}"), "en").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{bad}");
    }
}
