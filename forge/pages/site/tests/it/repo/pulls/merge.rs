use axum::http::StatusCode;

use super::{asked, program, push};

const PULL: &str = "/mei/llm/pulls/1";
const MERGE: &str = "/mei/llm/pulls/1/merge";

#[tokio::test]
async fn a_writer_merges_with_a_message_of_their_own() {
    let site = asked().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    let page = mei.get(PULL).await;
    assert!(page.body.contains("Nothing stands in the way of merging."), "{}", page.body);
    let expected = page.between("name=\"expected_head\" value=\"", "\"").to_owned();
    let fields = [
        ("method", "squash"),
        ("title_squash", "One commit"),
        ("message_squash", "With reasons"),
        ("expected_head", &expected),
    ];
    let refused = bo.post(PULL, MERGE, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let merged = mei.post(PULL, MERGE, &fields).await;
    assert_eq!((merged.status, merged.header("location")), (StatusCode::SEE_OTHER, PULL), "{}", merged.body);
    site.hearth.run_jobs().await;
    let page = mei.get(PULL).await;
    assert!(page.body.contains("The commits are in main.") && page.body.contains("merged this as"));
    assert!(site.get("/mei/llm/commits/branch/main", "en").await.body.contains("One commit"));
    assert!(page.body.contains("Delete branch feature"), "{}", page.body);
    let deleted = mei.post(PULL, "/mei/llm/pulls/1/branch", &[("action", "delete")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER);
    site.hearth.run_jobs().await;
    assert!(mei.get(PULL).await.body.contains("Restore branch feature"));
}

#[tokio::test]
async fn a_head_that_moved_meanwhile_is_not_merged_and_what_was_typed_stays() {
    let site = asked().await;
    let mei = site.signed_in("mei").await;
    let seen = mei.get(PULL).await.between("name=\"expected_head\" value=\"", "\"").to_owned();
    push(&site, "feature", "program.py", &program("moved")).await;
    let fields = [("method", "merge"), ("title_merge", "My own words"), ("expected_head", &seen)];
    let refused = mei.post(PULL, MERGE, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("My own words"), "{}", refused.body);
}

#[tokio::test]
async fn conflicts_are_named_by_file_before_anybody_presses() {
    let site = asked().await;
    push(&site, "main", "program.py", &program("elsewhere")).await;
    let mei = site.signed_in("mei").await;
    for (language, sentence) in
        [("en", "There are conflicts with the base branch."), ("zh-CN", "与目标分支存在冲突。")]
    {
        let page = mei.get_in(PULL, language).await;
        assert!(page.body.contains(sentence), "{}", page.body);
        assert!(page.body.contains("<code>program.py</code>") && page.body.contains("elsewhere"));
        assert!(page.body.contains("href=\"/mei/llm/pulls/1/resolve\""), "{}", page.body);
    }
    let page = site.get(PULL, "en").await;
    assert!(!page.body.contains("name=\"method\""), "visitors cannot merge: {}", page.body);
}

#[tokio::test]
async fn a_branch_that_is_behind_is_brought_up_to_date() {
    let site = asked().await;
    push(&site, "main", "other.txt", "other\n").await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(PULL).await;
    assert!(page.body.contains("The branch lacks one commit of main."), "{}", page.body);
    let updated = mei.post(PULL, "/mei/llm/pulls/1/update", &[("method", "merge")]).await;
    assert_eq!(updated.status, StatusCode::SEE_OTHER, "{}", updated.body);
    site.hearth.run_jobs().await;
    let page = mei.get(PULL).await;
    assert!(!page.body.contains("The branch lacks") && page.body.contains("now version 2"), "{}", page.body);
}

#[tokio::test]
async fn what_was_merged_is_reverted_by_another_pull_request() {
    let site = asked().await;
    let mei = site.signed_in("mei").await;
    mei.post(PULL, MERGE, &[("method", "merge"), ("title_merge", "Merge it")]).await;
    site.hearth.run_jobs().await;
    let opened = mei.post(PULL, "/mei/llm/pulls/1/revert", &[]).await;
    assert_eq!(opened.header("location"), "/mei/llm/pulls/2", "{}", opened.body);
    assert!(mei.get("/mei/llm/pulls/2").await.body.contains("reverts #1"));
}
