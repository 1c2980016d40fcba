use axum::http::StatusCode;
use hearth_git::StorageId;

use super::TO_BRANCH;
use crate::{
    repo::{commit, project},
    site::{Answer, Site},
};

const EDIT: &str = "/mei/llm/edit/branch/main/src/train.py";
const RAW: &str = "/mei/llm/raw/branch/main/src/train.py";

/// The content that an editor began with.
fn base(page: &Answer) -> String {
    page.between("name=\"base\" value=\"", "\"").to_owned()
}

async fn add(site: &Site, files: &[(&str, &str)]) {
    let row = site.hearth.find_repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    commit(&git, "Change", files).await;
}

#[tokio::test]
async fn a_file_is_edited_and_moved_in_one_commit() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(EDIT).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("def train():\n    return 1\n</textarea>"), "{}", page.body);
    let base = base(&page);
    let fields =
        [("path", "lib/train.py"), ("text", "def train():\r\n    return 1\r\ntrain()\r\n"), ("base", &base)];
    let saved =
        mei.post(EDIT, EDIT, &[&fields[..], &[("message", "Train at once"), TO_BRANCH]].concat()).await;
    let after = (saved.status, saved.header("location"));
    assert_eq!(after, (StatusCode::SEE_OTHER, "/mei/llm/src/branch/main/lib/train.py"), "{}", saved.body);
    let raw = mei.get("/mei/llm/raw/branch/main/lib/train.py").await;
    assert_eq!(raw.body, "def train():\n    return 1\ntrain()\n");
    assert_eq!(mei.get(RAW).await.status, StatusCode::NOT_FOUND);
    let history = mei.get("/mei/llm/commits/branch/main/lib/train.py").await;
    assert!(
        history.body.contains(">Train at once</a>") && history.body.contains("<code>src/train.py</code>")
    );
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_shown_and_what_was_typed_is_kept() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let old = base(&mei.get(EDIT).await);
    add(&site, &[("src/train.py", "def train():\n    return 7\n")]).await;
    let typed = [("path", "src/train.py"), ("text", "def train():\n    return 2\n"), TO_BRANCH];
    let stale = mei.post(EDIT, EDIT, &[&typed[..], &[("base", &old)]].concat()).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Someone else changed this file"), "{}", stale.body);
    assert!(stale.body.contains("return 2\n</textarea>"), "what was typed is kept: {}", stale.body);
    assert!(stale.body.contains("class=\"del\"") && stale.body.contains("return 7"), "{}", stale.body);
    // Saving again is meant.
    let again = mei.post(EDIT, EDIT, &[&typed[..], &[("base", &base(&stale))]].concat()).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert!(mei.get(RAW).await.body.contains("return 2"));
}

#[tokio::test]
async fn a_preview_shows_the_difference_and_saves_nothing() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let page = "/mei/llm/edit/branch/main/README.md";
    let base = base(&mei.get(page).await);
    let fields = [("path", "README.md"), ("text", "# Reads letters\n"), ("base", &base), ("do", "preview")];
    let shown = mei.post(page, page, &fields).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("class=\"add\"") && shown.body.contains("class=\"del\""), "{}", shown.body);
    assert!(
        shown.body.contains("Reads letters</h1>") || shown.body.contains("Reads letters"),
        "{}",
        shown.body
    );
    assert!(mei.get("/mei/llm/raw/branch/main/README.md").await.body.contains("Reads digits"));
}

#[tokio::test]
async fn a_new_file_is_written_and_one_that_is_there_is_not_replaced() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let page = "/mei/llm/new/branch/main/src";
    assert!(mei.get(page).await.body.contains("value=\"src/\""));
    let made = mei.post(page, page, &[("path", "src/a/b.txt"), ("text", "one"), TO_BRANCH]).await;
    assert_eq!(made.header("location"), "/mei/llm/src/branch/main/src/a/b.txt", "{}", made.body);
    for path in ["src/train.py", "../x", ".git/config", ""] {
        let refused = mei.post(page, page, &[("path", path), ("text", "typed words"), TO_BRANCH]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(
            refused.body.contains("typed words\n</textarea>")
                || refused.body.contains("typed words</textarea>")
        );
    }
}

#[tokio::test]
async fn a_change_can_go_to_a_new_branch_and_leads_to_the_pull_request() {
    let site = project().await;
    let mei = site.signed_in("mei").await;
    let page = mei.get(EDIT).await;
    assert!(page.body.contains("value=\"mei-patch-1\""), "{}", page.body);
    let base = base(&page);
    let fields = [
        ("path", "src/train.py"),
        ("text", "def train():\n    return 2\n"),
        ("base", &base),
        ("target", "new"),
        ("new_branch", "mei-patch-1"),
    ];
    let saved = mei.post(EDIT, EDIT, &fields).await;
    assert_eq!(saved.header("location"), "/mei/llm/compare/main...mei-patch-1", "{}", saved.body);
    assert!(mei.get(RAW).await.body.contains("return 1"), "the branch itself is as it was");
    assert!(mei.get(EDIT).await.body.contains("value=\"mei-patch-2\""));
    let taken = mei.post(EDIT, EDIT, &fields).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn those_who_may_not_write_propose_it_from_their_fork() {
    let site = project().await;
    let bo = site.signed_in("bo").await;
    let page = bo.get(EDIT).await;
    assert!(page.body.contains("Propose change") && !page.body.contains("value=\"branch\""), "{}", page.body);
    let base = base(&page);
    let fields = [
        ("path", "src/train.py"),
        ("text", "def train():\n    return 3\n"),
        ("base", &base),
        ("target", "new"),
    ];
    let saved = bo.post(EDIT, EDIT, &[&fields[..], &[("new_branch", "better")]].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(saved.header("location").starts_with("/mei/llm/compare/main..."), "{}", saved.header("location"));
    assert!(bo.get("/bo/llm/raw/branch/better/src/train.py").await.body.contains("return 3"));
    // A forged form gets no further.
    let forged = bo.post(EDIT, EDIT, &[&fields[..3], &[TO_BRANCH]].concat()).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(site.get(RAW, "en").await.body.contains("return 1"));
}

#[tokio::test]
async fn visitors_tags_and_bytes_have_no_editor() {
    let site = project().await;
    assert_eq!(site.get(EDIT, "en").await.status, StatusCode::SEE_OTHER, "to the sign-in form");
    assert!(!site.get("/mei/llm/src/branch/main/src/train.py", "en").await.body.contains("/mei/llm/edit/"));
    crate::repo::tag(&site, "v1").await;
    let mei = site.signed_in("mei").await;
    assert_eq!(mei.get("/mei/llm/edit/tag/v1/README.md").await.status, StatusCode::NOT_FOUND);
    let bytes = mei.get("/mei/llm/edit/branch/main/data.bin").await;
    assert!(bytes.body.contains("cannot be edited here") && !bytes.body.contains("<code-field"));
}
