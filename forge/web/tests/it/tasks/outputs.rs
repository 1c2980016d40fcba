use axum::http::StatusCode;

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
