use axum::http::StatusCode;
use hearth_app::{Unit, content};

use super::{asked, enter};

const PICK: &str = "/mei/llm/pulls/1/cherry-pick";

#[tokio::test]
async fn merged_changes_go_to_another_branch_by_a_new_pull_request() {
    let site = asked().await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "release", "main").await.expect("a new branch");
    let mei = site.signed_in("mei").await;
    let merge = [("method", "merge"), ("title_merge", "Merge it")];
    mei.post("/mei/llm/pulls/1", "/mei/llm/pulls/1/merge", &merge).await;
    site.hearth.run_jobs().await;
    let page = mei.get(PICK).await;
    assert!(page.body.contains("<option value=\"release\">"), "{}", page.body);
    let refused = mei.post(PICK, PICK, &[("onto", "..")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    let opened = mei.post(PICK, PICK, &[("onto", "release")]).await;
    assert_eq!(opened.header("location"), "/mei/llm/pulls/2", "{}", opened.body);
}
