use axum::http::StatusCode;

use super::TO_BRANCH;
use crate::repo::project;

const UPLOAD: &str = "/mei/llm/upload/branch/main/src";

#[tokio::test]
async fn several_files_become_one_commit() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let files = [("one.txt", "1"), ("train.py", "replaced\n")];
    let fields = [("message", "Add two files"), TO_BRANCH];
    let taken = mei.post_files(UPLOAD, UPLOAD, &fields, &files).await;
    assert_eq!(taken.header("location"), "/mei/llm/src/branch/main/src", "{}", taken.body);
    assert_eq!(mei.get("/mei/llm/raw/branch/main/src/one.txt").await.body, "1");
    assert_eq!(mei.get("/mei/llm/raw/branch/main/src/train.py").await.body, "replaced\n");
    let history = mei.get("/mei/llm/commits/branch/main").await.body;
    assert_eq!(history.matches(">Add two files</a>").count(), 1, "{history}");
}

#[tokio::test]
async fn names_that_lead_elsewhere_and_forms_without_files_are_refused() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    for files in
        [&[("../../x", "1")][..], &[(".git/config", "1")], &[("a", "1"), ("a", "2")], &[("", "")], &[]]
    {
        let refused = mei.post_files(UPLOAD, UPLOAD, &[TO_BRANCH], files).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{files:?}: {}", refused.body);
    }
    let forged = mei.post_files_with("forged", UPLOAD, &[TO_BRANCH], &[("a", "1")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn where_a_rule_lets_nobody_push_a_form_begins_with_a_new_branch() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let own_branch = "value=\"branch\" checked";
    assert!(mei.get(UPLOAD).await.body.contains(own_branch));
    let rules = "/mei/llm/settings/rules/new";
    let fields = [
        ("kind", "branch"),
        ("pattern", "main"),
        ("push", "nobody"),
        ("merge", "writers"),
        ("force_push", "nobody"),
        ("create", "writers"),
        ("delete", "nobody"),
        ("only_listed_approvals", "writers"),
        ("bypass", "nobody"),
        ("approvals", "0"),
    ];
    let made = mei.post(rules, rules, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    for page in [UPLOAD, "/mei/llm/edit/branch/main/src/train.py", "/mei/llm/new/branch/main/src"] {
        let body = mei.get(page).await.body;
        assert!(body.contains("A rule does not let you commit to this branch"), "{page}: {body}");
        assert!(!body.contains(own_branch), "{page}");
    }
    let fields = [("target", "new"), ("new_branch", "more")];
    let taken = mei.post_files(UPLOAD, UPLOAD, &fields, &[("one.txt", "1")]).await;
    assert_eq!(taken.header("location"), "/mei/llm/compare/main...more", "{}", taken.body);
}
