use axum::http::StatusCode;
use hearth_core::{Permission, Unit};

use super::issues::{opened, project};
use crate::site::Answer;

const ISSUE: &str = "/mei/llm/issues/1";
const COMMENTS: &str = "/mei/llm/issues/1/comments";
const FILES: &str = "/mei/llm/attachments";

/// The first address of a file in a response.
fn address(answer: &Answer) -> String {
    let uuid = answer.between("/mei/llm/attachments/", "\"").chars().take(36).collect::<String>();
    format!("{FILES}/{uuid}")
}

#[tokio::test]
async fn a_file_comes_with_a_comment_without_scripts() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let bo = site.signed_in("bo").await;
    let files = [
        ("loss.png", "picture"),
        ("run.svg", "<svg onload=alert(1)>"),
        ("a].html", "<script>alert(1)</script>"),
    ];
    let said = bo.post_files(ISSUE, COMMENTS, &[("body", "see")], &files).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let page = site.get(ISSUE, "en").await;
    let picture = page.between("<img src=\"", "\"").to_owned();
    assert!(picture.starts_with(FILES) && page.body.contains("run.svg"), "{}", page.body);
    let shown = site.get(&picture, "en").await;
    assert_eq!((shown.status, shown.body.as_str()), (StatusCode::OK, "picture"));
    assert_eq!(shown.header("content-type"), "image/png");
    let uuids: Vec<&str> = page.body.split("/mei/llm/attachments/").skip(1).map(|rest| &rest[..36]).collect();
    assert_eq!(uuids.len(), 3, "{}", page.body);
    for uuid in &uuids[1..] {
        let raw = site.get(&format!("{FILES}/{uuid}"), "en").await;
        assert_eq!(raw.status, StatusCode::OK);
        assert_eq!(raw.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(raw.header("x-content-type-options"), "nosniff");
        assert_eq!(raw.header("content-security-policy"), "default-src 'none'; sandbox");
        assert!(raw.header("content-disposition").contains("filename"));
    }
}

#[tokio::test]
async fn a_file_that_is_not_taken_leaves_the_text_and_says_why() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let bo = site.signed_in("bo").await;
    let refused = bo.post_files(ISSUE, COMMENTS, &[("body", "typed words")], &[("run.exe", "x")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("This file type is not accepted") && refused.body.contains("typed words"));
    let empty = bo.post_files(ISSUE, COMMENTS, &[("body", "no file")], &[("", "")]).await;
    assert_eq!(empty.status, StatusCode::SEE_OTHER);
    let new = bo
        .post_files("/mei/llm/issues/new", "/mei/llm/issues/new", &[("title", "")], &[("a.txt", "x")])
        .await;
    assert_eq!(new.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(new.body.contains("[a.txt]("), "the file waits in the text");
}

#[tokio::test]
async fn scripts_send_files_with_the_forms_token_alone() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let bo = site.signed_in("bo").await;
    let sent = bo.post_files(ISSUE, FILES, &[], &[("a.png", "x"), ("b.txt", "y")]).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert!(sent.body.contains("![a.png](/mei/llm/attachments/") && sent.body.contains("\"refused\":\"\""));
    let waiting = address(&sent);
    assert_eq!(site.get(&waiting, "en").await.status, StatusCode::NOT_FOUND, "nobody else sees it yet");
    assert_eq!(bo.get(&waiting).await.status, StatusCode::OK);
    let refused = bo.post_files(ISSUE, FILES, &[], &[("a.exe", "x")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("not accepted"));
    let foreign = bo.post_files_with("wrong", FILES, &[], &[("a.png", "x")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let anonymous = site.browser();
    let token = anonymous.get("/user/login").await.between("name=\"csrf\" value=\"", "\"").to_owned();
    let nobody = anonymous.post_files_with(&token, FILES, &[], &[("a.png", "x")]).await;
    assert_ne!(nobody.status, StatusCode::OK);
}

#[tokio::test]
async fn a_private_repositorys_files_are_not_for_strangers() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let mei = site.signed_in("mei").await;
    mei.post_files(ISSUE, COMMENTS, &[("body", "see")], &[("loss.png", "picture")]).await;
    let file = address(&mei.get(ISSUE).await);
    assert_eq!(site.get(&file, "en").await.status, StatusCode::OK);
    let fields = [("visibility", "private")];
    let hidden = mei.post("/mei/llm/settings", "/mei/llm/settings/visibility", &fields).await;
    assert_eq!(hidden.status, StatusCode::SEE_OTHER, "{}", hidden.body);
    let bo = site.signed_in("bo").await;
    assert_eq!(bo.get(&file).await.status, StatusCode::NOT_FOUND);
    assert_eq!(mei.get(&file).await.status, StatusCode::OK);
}

/// Texts of pull requests have files as those of issues do.
#[tokio::test]
async fn whoever_reads_pull_requests_alone_attaches_files_and_previews_texts() {
    let site = project().await;
    let secret = site.hearth.private_repository("mei/secret").await;
    for (name, unit, status) in
        [("bo", Unit::Pulls, StatusCode::OK), ("cam", Unit::Code, StatusCode::NOT_FOUND)]
    {
        let person = site.signed_in(name).await;
        site.hearth.permit_in(&secret, name, unit, Permission::Read).await;
        let sent = person.post_files("/", "/mei/secret/attachments", &[], &[("a.png", "x")]).await;
        assert_eq!(sent.status, status, "{name}: {}", sent.body);
        let preview = person.post("/", "/mei/secret/markdown", &[("text", "**a**")]).await;
        assert_eq!(preview.status, status, "{name}: {}", preview.body);
    }
}
