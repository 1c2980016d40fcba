use std::time::Duration;

use hearth_app::issue::{self, NewIssue};
use hearth_core::{Permission, RepositoryKind, Unit};

use crate::site::Site;

#[tokio::test]
async fn signed_in_users_start_with_their_own_things() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let empty = mei.get("/").await;
    assert!(
        empty.body.contains("Create your first repository") && empty.body.contains("href=\"/repo/create\"")
    );
    site.hearth.private_repository("mei/llm").await;
    site.hearth.repository("lin/other").await;
    let page = mei.get_in("/", "zh-CN").await;
    assert!(page.body.contains("href=\"/mei/llm\"") && !page.body.contains("/lin/other"));
    assert!(page.body.contains("我的仓库") && page.body.contains("还没有计算任务"));
}

#[tokio::test]
async fn what_waits_for_a_person_comes_first() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let repository = site.hearth.repository("lin/llm").await;
    assert!(!mei.get("/").await.body.contains("Waiting for you"), "a newcomer is told how to begin instead");
    site.hearth.permit(&repository, "mei", Permission::Write).await;
    assert!(mei.get("/").await.body.contains("Nothing is waiting for you."));
    let lin = site.hearth.actor("lin").await;
    let app = &site.hearth.app;
    let access = hearth_app::access::open(app, &lin, Unit::Issues, RepositoryKind::Code, "lin", "llm").await;
    let new = NewIssue { title: "Loss is NaN".into(), assignees: vec!["mei".into()], ..NewIssue::default() };
    issue::open(app, &access.expect("it is theirs"), new).await.expect("opened");
    let shown = mei.get("/").await.body;
    assert!(
        shown.contains("href=\"/lin/llm/issues/1\">Loss is NaN</a>") && shown.contains("lin/llm#1"),
        "{shown}"
    );
    assert!(mei.get_in("/", "zh-CN").await.body.contains("等你处理"));
    site.hearth.clock.advance(Duration::from_secs(3_600));
    assert!(mei.get("/").await.body.contains("Loss is NaN"), "it waits until it is done");
}
