use super::{opened, project};

const ISSUE: &str = "/mei/llm/issues/1";
const DELETE: &str = "/mei/llm/issues/1/delete";

#[tokio::test]
async fn an_administrator_deletes_an_issue_after_a_question() {
    let site = project().await;
    opened(&site, "mei", "Spam", "").await;
    let bo = site.signed_in("bo").await;
    assert!(!bo.get(ISSUE).await.body.contains(DELETE));
    assert_eq!(bo.post(ISSUE, DELETE, &[]).await.status.as_u16(), 403);
    let mei = site.signed_in("mei").await;
    let shown = mei.get(ISSUE).await.body;
    assert!(
        shown.contains(DELETE) && shown.contains("Its text, comments and files are permanently deleted.")
    );
    assert_eq!(mei.post(ISSUE, DELETE, &[]).await.status.as_u16(), 303);
    assert!(mei.get("/mei/llm/issues").await.body.contains("Issue #1 deleted."));
    assert_eq!(mei.get(ISSUE).await.status.as_u16(), 404);
}
