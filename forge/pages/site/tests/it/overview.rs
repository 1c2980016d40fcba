use axum::http::StatusCode;
use hearth_app::issue::{self, NewIssue};
use hearth_core::{RepositoryKind, Unit};

use crate::site::Site;

async fn open(site: &Site, name: &str, (owner, repository): (&str, &str), new: NewIssue) {
    let (app, actor, kind) = (&site.hearth.app, site.hearth.actor(name).await, RepositoryKind::Code);
    let access = hearth_app::access::open(app, &actor, Unit::Issues, kind, owner, repository).await;
    issue::open(app, &access.expect("may read"), new).await.expect("opened");
}

#[tokio::test]
async fn what_concerns_the_reader_is_listed_over_all_repositories() {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    site.hearth.repository("lin/digits").await;
    let mei = site.signed_in("mei").await;
    let new = |title: &str| NewIssue { title: title.into(), ..NewIssue::default() };
    let (llm, digits) = (("mei", "llm"), ("lin", "digits"));
    open(&site, "mei", llm, new("Own here")).await;
    open(&site, "mei", digits, new("Own there")).await;
    open(&site, "lin", digits, NewIssue { assignees: vec!["mei".into()], ..new("Given") }).await;
    open(&site, "lin", digits, NewIssue { body: "see @mei".into(), ..new("Said") }).await;
    for (address, shown, hidden) in [
        ("/issues", &["Own here", "Own there"][..], &["Given", "Said"][..]),
        ("/issues?relation=assigned", &["Given"], &["Own here", "Said"]),
        ("/issues?relation=mentioned", &["Said"], &["Given"]),
        ("/issues?relation=created&q=there", &["Own there"], &["Own here"]),
        ("/issues?relation=created&state=closed", &[], &["Own here"]),
    ] {
        let page = mei.get(address).await;
        assert_eq!(page.status, StatusCode::OK);
        let shows = |title: &&str| page.body.contains(&format!(">{title}</a>"));
        assert!(shown.iter().all(shows) && !hidden.iter().any(shows), "{address}: {}", page.body);
    }
    assert!(mei.get_in("/pulls?relation=review-requested", "zh-CN").await.body.contains("请你评审的"));
    assert!(!mei.get("/issues").await.body.contains("review-requested"), "issues are not reviewed");
    assert_eq!(site.get("/issues", "en").await.status, StatusCode::SEE_OTHER, "visitors sign in first");
}

#[tokio::test]
async fn a_question_over_all_repositories_is_saved_as_it_is_shown() {
    let site = Site::new().await;
    let mei = site.signed_in("mei").await;
    let fields = [("name", "Waiting"), ("q", "relation=assigned&q=loss")];
    let saved = mei.post("/issues", "/issues/queries", &fields).await;
    assert_eq!(saved.header("location"), "/issues?relation=assigned&q=loss");
    let odd = [("name", "Odd"), ("q", "relation=nobody&q=损失&x=<y>")];
    let saved = mei.post("/issues", "/issues/queries", &odd).await;
    assert_eq!(saved.header("location"), "/issues?relation=created&q=%E6%8D%9F%E5%A4%B1");
    let page = mei.get("/issues").await;
    assert!(page.body.contains("relation=assigned&#38;q=loss\">Waiting</a>"), "{}", page.body);
    let delete = format!("/issues/queries/{}/delete", page.between("/issues/queries/", "/delete"));
    assert_eq!(mei.post("/issues", &delete, &[]).await.header("location"), "/issues");
    assert!(!mei.get("/issues?q=x").await.body.contains(">Odd</a>"));
}
