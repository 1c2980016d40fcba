use axum::http::StatusCode;

use crate::repo::project;

const RULES: &str = "/mei/llm/settings/rules";

#[tokio::test]
async fn administrators_see_what_each_rule_demands() {
    let site = project().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert_eq!(bo.get(RULES).await.status, StatusCode::FORBIDDEN);
    assert!(mei.get_in(RULES, "zh-CN").await.body.contains("还没有规则"));
    let new = "/mei/llm/settings/rules/new";
    let fields = [
        ("kind", "branch"),
        ("pattern", "release/*"),
        ("push", "administrators"),
        ("merge", "writers"),
        ("force_push", "nobody"),
        ("create", "writers"),
        ("delete", "nobody"),
        ("only_listed_approvals", "writers"),
        ("bypass", "nobody"),
        ("approvals", "2"),
        ("linear_history", "true"),
    ];
    let made = mei.post(new, new, &fields).await;
    assert_eq!(made.header("location"), RULES, "{}", made.body);
    let page = mei.get(RULES).await;
    for said in ["release/*", "Push: administrators", "Force-push: no one", "2 approvals", "No merge commits"]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
}
