use axum::http::StatusCode;
use hearth_app::{
    Unit, content,
    pull_request::{self, HeadName, NewPullRequest},
    review::{self, NewLineComment, NewReview, When},
};
use hearth_core::{LineSide, ReviewVerdict, ThreadNumber};

use super::{asked, enter, program, push};

const PULL: &str = "/mei/llm/pulls/1";

#[tokio::test]
async fn the_page_says_who_wants_to_merge_what_into_what() {
    let site = asked().await;
    for (language, wants, tab) in
        [("en", "wants to merge 2 commits", "Files"), ("zh-CN", "请求合并 2 个提交", "文件")]
    {
        let page = site.get(PULL, language).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(wants) && page.body.contains(tab), "{language}: {}", page.body);
        assert!(page.body.contains("<code>main</code>") && page.body.contains("<code>feature</code>"));
        assert!(page.body.contains("href=\"/mei/llm/pulls/1/files\""));
    }
}

#[tokio::test]
async fn it_is_discussed_closed_and_reopened_without_scripts() {
    let site = asked().await;
    let bo = site.signed_in("bo").await;
    let said = bo.post(PULL, "/mei/llm/pulls/1/comments", &[("body", "looks **good**")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    assert!(said.header("location").starts_with("/mei/llm/pulls/1?comment="), "{}", said.header("location"));
    let mei = site.signed_in("mei").await;
    let closed = mei.post(PULL, "/mei/llm/pulls/1/comments", &[("action", "close")]).await;
    assert_eq!(closed.header("location"), PULL);
    let page = site.get(PULL, "en").await;
    assert!(page.body.contains("<strong>good</strong>") && page.body.contains("Closed without being merged"));
    mei.post(PULL, "/mei/llm/pulls/1/comments", &[("action", "reopen")]).await;
    assert!(site.get(PULL, "zh-CN").await.body.contains("重新打开了合并请求"));
    let refused = bo.post(PULL, "/mei/llm/pulls/1/comments", &[("body", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn labels_assignees_locks_and_subscriptions_are_those_of_threads() {
    let site = asked().await;
    let mei = site.signed_in("mei").await;
    mei.post("/mei/llm/labels", "/mei/llm/labels/defaults", &[]).await;
    let page = mei.get(PULL).await;
    let label = page.between("name=\"labels\" value=\"", "\"").to_owned();
    let set = mei.post(PULL, "/mei/llm/pulls/1/labels", &[("labels", &label)]).await;
    assert_eq!(set.header("location"), PULL);
    mei.post(PULL, "/mei/llm/pulls/1/assignees", &[("assignees", "mei")]).await;
    mei.post(PULL, "/mei/llm/pulls/1/lock", &[("reason", "resolved")]).await;
    let page = site.get(PULL, "en").await;
    for said in ["added label", "assigned", "locked the discussion as resolved", "/mei/llm/pulls?q="] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    let refused = mei.post(PULL, "/mei/llm/pulls/1/assignees", &[("other", "nobody")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Improve the program") && refused.body.contains("User not found"));
}

#[tokio::test]
async fn a_draft_is_marked_ready_by_its_author() {
    let site = asked().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    mei.post(PULL, "/mei/llm/pulls/1/draft", &[("draft", "true")]).await;
    let page = mei.get(PULL).await;
    assert!(
        page.body.contains("This is a draft.") && page.body.contains("Ready for review"),
        "{}",
        page.body
    );
    let refused = bo.post(PULL, "/mei/llm/pulls/1/draft", &[("draft", "false")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    mei.post(PULL, "/mei/llm/pulls/1/draft", &[("draft", "false")]).await;
    assert!(!mei.get(PULL).await.body.contains("This is a draft."));
}

#[tokio::test]
async fn one_whose_branch_is_gone_is_reopened_after_the_branch_is_restored() {
    let site = asked().await;
    let mei = site.signed_in("mei").await;
    mei.post(PULL, "/mei/llm/pulls/1/comments", &[("action", "close")]).await;
    mei.post(PULL, "/mei/llm/pulls/1/branch", &[("action", "delete")]).await;
    site.hearth.run_jobs().await;
    assert!(mei.get(PULL).await.body.contains("Restore the branch and reopen the pull request"));
    let again = [("action", "reopen"), ("body", "a second try")];
    let refused = mei.post(PULL, "/mei/llm/pulls/1/comments", &again).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("The branch was deleted.") && refused.body.contains("a second try"));
    mei.post(PULL, "/mei/llm/pulls/1/branch", &[("action", "restore")]).await;
    let reopened = mei.post(PULL, "/mei/llm/pulls/1/comments", &again).await;
    assert_eq!(reopened.status, StatusCode::SEE_OTHER, "{}", reopened.body);
}

#[tokio::test]
async fn a_push_stands_in_the_conversation_with_a_link_to_what_changed() {
    let site = asked().await;
    push(&site, "feature", "program.py", &program("again")).await;
    let page = site.get(PULL, "en").await;
    assert!(
        page.body.contains("now version 2") && page.body.contains("files?version=2&amp;since=1"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn issues_and_pull_requests_lead_to_each_other_by_number() {
    let site = asked().await;
    let moved = site.get("/mei/llm/issues/1", "en").await;
    assert_eq!((moved.status, moved.header("location")), (StatusCode::SEE_OTHER, PULL));
    for number in ["2", "x", "99999999999999999999"] {
        let page = site.get(&format!("/mei/llm/pulls/{number}"), "en").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{number}");
        assert!(page.body.contains("Pull request not found."), "{number}");
    }
}

#[tokio::test]
async fn a_review_stands_with_its_version_and_the_code_that_it_is_on() {
    let site = asked().await;
    let (app, number) = (&site.hearth.app, ThreadNumber(1));
    site.hearth.user("bo").await;
    let bo = enter(&site, "bo", Unit::Pulls).await;
    let on_tenth = NewLineComment {
        path: "program.py".into(),
        side: LineSide::New,
        first_line: 10,
        last_line: 10,
        version: 1,
        body: "Why **this**?".into(),
    };
    review::comment_on_lines(app, &bo, number, on_tenth, When::WithReview).await.expect("written");
    let page = site.get(PULL, "en").await;
    assert!(!page.body.contains("Why <strong>this</strong>?"), "it is not submitted yet");
    let new = NewReview { verdict: ReviewVerdict::RequestChanges, body: "Not yet".into(), version: 1 };
    review::submit(app, &bo, number, new).await.expect("submitted");
    for (language, verdict, line) in
        [("en", "requested changes to version 1", "line 10"), ("zh-CN", "对版本 1 要求修改", "第 10 行")]
    {
        let page = site.get(PULL, language).await;
        for said in [verdict, line, "Not yet", "Why <strong>this</strong>?", "<td>after</td>"] {
            assert!(page.body.contains(said), "{said}: {}", page.body);
        }
    }
    push(&site, "feature", "program.py", &program("rewritten")).await;
    let page = site.get(PULL, "en").await;
    assert!(
        page.body.contains("Outdated · version 1") && page.body.contains("<td>after</td>"),
        "{}",
        page.body
    );
    let mei = site.signed_in("mei").await;
    let page = mei.get(PULL).await;
    assert!(page.body.contains("/resolve\">") && page.body.contains("/reply\">"), "{}", page.body);
    let dismiss =
        page.between("<form class=\"menu-list menu-body\" method=\"post\" action=\"", "\"").to_owned();
    mei.post(PULL, &dismiss, &[("reason", "Settled in person")]).await;
    let page = mei.get(PULL).await;
    assert!(page.body.contains("dismissed the review by") && page.body.contains("Settled in person"));
}

#[tokio::test]
async fn a_chain_of_pull_requests_is_shown_from_below() {
    let site = asked().await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "upper", "feature").await.expect("a new branch");
    push(&site, "upper", "upper.txt", "x\n").await;
    let new = NewPullRequest {
        title: "Build on it".into(),
        base_branch: "feature".into(),
        head: HeadName { repository: None, branch: "upper".into() },
        ..NewPullRequest::default()
    };
    let pulls = enter(&site, "mei", Unit::Pulls).await;
    pull_request::open(&site.hearth.app, &pulls, new).await.expect("opened");
    site.hearth.run_jobs().await;
    let upper = site.get("/mei/llm/pulls/2", "en").await;
    assert!(upper.body.contains("Stacked pull requests"), "{}", upper.body);
    assert!(upper.body.contains("<a href=\"/mei/llm/pulls/1\">Improve the program</a>"));
    assert!(site.get(PULL, "zh-CN").await.body.contains("<a href=\"/mei/llm/pulls/2\">Build on it</a>"));
}
