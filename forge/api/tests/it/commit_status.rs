use axum::http::Method;
use hearth_app::testing::TestHearth;
use hearth_core::Timestamp;
use hearth_git::{BranchName, Change, Content, EntryKind, NewCommit, Signature, StorageId, TreePath};
use serde_json::json;

use crate::client::Client;

/// `mei/llm` with one commit, and its id.
async fn committed(hearth: &TestHearth) -> String {
    let row = hearth.repository("mei/llm").await;
    let git = hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let author = Signature::new("Mei", "mei@example.org", Timestamp::from_second(1_789_990_000).as_jiff());
    let author = author.expect("a good signature");
    let change = Change::Put {
        path: TreePath::file("a.txt").expect("a good path"),
        kind: EntryKind::File,
        content: Content::Bytes(b"a".to_vec()),
    };
    let commit = NewCommit {
        branch: BranchName::new("main").expect("a good name"),
        branch_was: None,
        parent: None,
        committer: author.clone(),
        author,
        message: "Begin".into(),
        changes: vec![change],
        is_empty_allowed: false,
    };
    git.commit_files(commit).await.expect("committed").new.expect("a commit").to_string()
}

#[tokio::test]
async fn the_last_word_of_every_context_makes_the_state_of_a_commit() {
    let hearth = TestHearth::new().await;
    let sha = committed(&hearth).await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let statuses = format!("/api/v1/repos/mei/llm/statuses/{sha}");
    let silent = mei.get(&format!("/api/v1/repos/mei/llm/commits/{sha}/status")).await.expect(200).json();
    assert_eq!((&silent["state"], &silent["total_count"]), (&json!("pending"), &json!(0)));
    for (context, state) in [("ci/build", "pending"), ("ci/test", "success"), ("ci/build", "failure")] {
        let body = json!({ "context": context, "state": state, "target_url": "https://ci.example.org/1" });
        let said = mei.call(Method::POST, &statuses, &body.to_string()).await.expect(201).json();
        assert_eq!((&said["status"], &said["context"]), (&json!(state), &json!(context)));
        assert_eq!(said["creator"]["login"], "mei");
    }
    assert_eq!(mei.get(&statuses).await.expect(200).header("x-total-count"), "3");
    let by_branch = mei.get("/api/v1/repos/mei/llm/commits/main/statuses?state=pending").await.expect(200);
    assert_eq!(by_branch.header("x-total-count"), "1");
    let combined = mei.get("/api/v1/repos/mei/llm/commits/main/status").await.expect(200).json();
    assert_eq!((&combined["state"], &combined["total_count"]), (&json!("failure"), &json!(2)));
    assert_eq!(combined["sha"], sha);
}

#[tokio::test]
async fn statuses_are_for_writers_and_commits_that_exist() {
    let hearth = TestHearth::new().await;
    let sha = committed(&hearth).await;
    hearth.user("bo").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let path = format!("/api/v1/repos/mei/llm/statuses/{sha}");
    bo.call(Method::POST, &path, r#"{"state":"success"}"#).await.expect(403);
    Client::anonymous(&hearth.app).call(Method::POST, &path, r#"{"state":"success"}"#).await.expect(401);
    mei.call(Method::POST, &path, r#"{"state":"splendid"}"#).await.expect(422);
    mei.call(Method::POST, &path, r#"{"state":"success","target_url":"javascript:alert(1)"}"#)
        .await
        .expect(422);
    let reserved =
        mei.call(Method::POST, &path, r#"{"state":"success","context":"retrain/small"}"#).await.expect(422);
    let said = reserved.json().to_string();
    assert!(said.contains("name-reserved"), "only the server reports it: {said}");
    let absent = format!("/api/v1/repos/mei/llm/statuses/{}", "0".repeat(40));
    mei.call(Method::POST, &absent, r#"{"state":"success"}"#).await.expect(404);
    mei.get(&absent).await.expect(404);
}
