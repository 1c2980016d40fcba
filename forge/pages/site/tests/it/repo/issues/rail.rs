use axum::http::StatusCode;

use super::{opened, project};

const ISSUE: &str = "/mei/llm/issues/1";

#[tokio::test]
async fn writers_lock_with_a_reason_and_unlock() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    let refused = bo.post(ISSUE, "/mei/llm/issues/1/lock", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let locked = mei.post(ISSUE, "/mei/llm/issues/1/lock", &[("reason", "too-heated")]).await;
    assert_eq!(locked.header("location"), ISSUE);
    for (language, notice, line) in [
        ("en", "This discussion is locked", "locked the discussion as too heated"),
        ("zh-CN", "讨论已锁定", "锁定了讨论（争论过于激烈）"),
    ] {
        let page = bo.get_in(ISSUE, language).await;
        assert!(page.body.contains(notice) && page.body.contains(line), "{language}: {}", page.body);
        assert!(!page.body.contains("name=\"body\"") && !page.body.contains("name=\"reaction\""));
    }
    assert!(mei.get(ISSUE).await.body.contains("name=\"body\""));
    let refused = bo.post(ISSUE, "/mei/llm/issues/1/comments", &[("body", "x")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("This discussion is locked"));
    mei.post(ISSUE, "/mei/llm/issues/1/unlock", &[]).await;
    assert!(bo.get(ISSUE).await.body.contains("unlocked the discussion"));
    let said = bo.post(ISSUE, "/mei/llm/issues/1/comments", &[("body", "x")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn everybody_chooses_whether_to_follow() {
    let site = project().await;
    opened(&site, "mei", "a", "").await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert!(mei.get(ISSUE).await.body.contains("You are subscribed because you opened this."));
    assert!(bo.get_in(ISSUE, "zh-CN").await.body.contains("你未关注"));
    let action = "/mei/llm/issues/1/subscription";
    assert_eq!(bo.post(ISSUE, action, &[("state", "watching")]).await.header("location"), ISSUE);
    assert!(bo.get(ISSUE).await.body.contains("You are subscribed."));
    bo.post(ISSUE, action, &[("state", "muted")]).await;
    assert!(bo.get(ISSUE).await.body.contains("You are not subscribed."));
    assert!(!site.get(ISSUE, "en").await.body.contains("Notifications"));
}
