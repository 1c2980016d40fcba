use axum::http::StatusCode;

use super::project;

const BRANCHES: &str = "/mei/llm/branches";

#[tokio::test]
async fn the_default_branch_comes_first_and_is_marked() {
    let site = project().await;
    let page = site.get(BRANCHES, "en").await;
    assert!(page.body.contains("href=\"/mei/llm/src/branch/main\"") && page.body.contains("Default"));
    assert!(!page.body.contains("branches/delete"), "visitors change nothing");
}

#[tokio::test]
async fn a_branch_is_made_renamed_deleted_and_restored() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let act = |part: &str| format!("{BRANCHES}/{part}");
    let made = mei.post(BRANCHES, &act("new"), &[("new_branch_name", "hi"), ("revision", "")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let refused = mei.post(BRANCHES, &act("new"), &[("new_branch_name", "x"), ("revision", "nowhere")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"nowhere\""), "{}", refused.body);
    let renamed = mei.post(BRANCHES, &act("rename"), &[("from", "hi"), ("to", "hello/all")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.body);
    let old = site.get("/mei/llm/src/branch/hi/src/train.py", "en").await;
    assert_eq!(old.header("location"), "/mei/llm/src/branch/hello/all/src/train.py", "{}", old.body);
    let old = site.get("/mei/llm/commits/branch/hi", "en").await;
    assert_eq!(old.header("location"), "/mei/llm/commits/branch/hello/all", "{}", old.body);

    let found = site.get(&format!("{BRANCHES}?q=HELLO"), "en").await;
    assert!(found.body.contains("0 ahead, 0 behind") && !found.body.contains("Default"), "{}", found.body);
    mei.post(BRANCHES, &act("delete"), &[("name", "hello/all")]).await;
    let page = mei.get(BRANCHES).await;
    assert!(page.body.contains("Restore hello/all"), "{}", page.body);
    assert!(!site.get(BRANCHES, "en").await.body.contains("hello/all"));
    let restored = mei.post(BRANCHES, &act("restore"), &[("name", "hello/all")]).await;
    assert_eq!(restored.status, StatusCode::SEE_OTHER, "{}", restored.body);
    assert!(site.get(BRANCHES, "zh-CN").await.body.contains("领先 0，落后 0"));
    let missing = site.get("/mei/llm/src/branch/never", "en").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
