use axum::http::Method;
use hearth_app::testing::TestHearth;
use hearth_core::Permission;
use serde_json::{Value, json};

use crate::client::Client;

const AT: &str = "/api/v1/repos/mei/llm";
const PULLS: &str = "/api/v1/repos/mei/llm/pulls";

/// A repository with a README, and a branch `hi` that adds a file of three lines.
async fn start() -> (TestHearth, Client) {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let new = json!({ "name": "llm", "auto_init": true }).to_string();
    mei.call(Method::POST, "/api/v1/user/repos", &new).await.expect(201);
    let file = json!({ "content": "YQpiCmMK", "message": "Say hi", "new_branch": "hi" }).to_string();
    mei.call(Method::POST, &format!("{AT}/contents/hi.txt"), &file).await.expect(201);
    (hearth, mei)
}

async fn open(hearth: &TestHearth, client: &Client) -> Value {
    let new = json!({ "title": "Say hi", "body": "To all", "head": "hi", "base": "main" }).to_string();
    let opened = client.call(Method::POST, PULLS, &new).await.expect(201).json();
    while hearth.run_jobs().await > 0 {}
    opened
}

#[tokio::test]
async fn a_pull_request_is_opened_listed_read_and_merged() {
    let (hearth, mei) = start().await;
    let opened = open(&hearth, &mei).await;
    assert_eq!((opened["number"].as_i64(), opened["state"].as_str()), (Some(1), Some("open")));
    assert_eq!((opened["head"]["ref"].as_str(), opened["base"]["ref"].as_str()), (Some("hi"), Some("main")));
    assert_eq!((opened["mergeable"].as_bool(), opened["merged"].as_bool()), (Some(true), Some(false)));
    let twice = json!({ "title": "a", "head": "hi", "base": "main" }).to_string();
    mei.call(Method::POST, PULLS, &twice).await.expect(409);
    assert_eq!(mei.get(PULLS).await.expect(200).header("x-total-count"), "1");
    assert_eq!(mei.get(&format!("{PULLS}?state=closed")).await.expect(200).json(), json!([]));
    mei.get(&format!("{PULLS}?state=odd")).await.expect(422);

    let files = mei.get(&format!("{PULLS}/1/files")).await.expect(200).json();
    assert_eq!(files.as_array().expect("a list").len(), 1);
    assert_eq!((files[0]["filename"].as_str(), files[0]["status"].as_str()), (Some("hi.txt"), Some("added")));
    assert_eq!(files[0]["additions"], 3);
    let commits = mei.get(&format!("{PULLS}/1/commits")).await.expect(200).json();
    assert_eq!(commits[0]["files"][0]["filename"], "hi.txt");
    let diff = mei.get(&format!("{PULLS}/1.diff")).await.expect(200).body;
    let patch = mei.get(&format!("{PULLS}/1.patch")).await.expect(200).body;
    assert!(diff.starts_with(b"diff --git a/hi.txt b/hi.txt\n") && patch.len() > diff.len());

    let edit = json!({ "title": "Greet", "milestone": 0 }).to_string();
    let edited = mei.call(Method::PATCH, &format!("{PULLS}/1"), &edit).await.expect(201).json();
    assert_eq!(edited["title"], "Greet");
    mei.get(&format!("{PULLS}/1/merge")).await.expect(404);
    assert_eq!(mei.get(&format!("{PULLS}/main/hi")).await.expect(200).json()["number"], 1);
    mei.get(&format!("{PULLS}/hi/main")).await.expect(404);
    let elsewhere = json!({ "Do": "merge", "head_commit_id": opened["base"]["sha"] }).to_string();
    mei.call(Method::POST, &format!("{PULLS}/1/merge"), &elsewhere).await.expect(409);
    let squash = json!({ "Do": "squash", "MergeTitleField": "Greet all", "delete_branch_after_merge": true });
    mei.call(Method::POST, &format!("{PULLS}/1/merge"), &squash.to_string()).await.expect(200);
    mei.get(&format!("{PULLS}/1/merge")).await.expect(204);
    let merged = mei.get(&format!("{PULLS}/1")).await.expect(200).json();
    assert_eq!((merged["merged"].as_bool(), merged["state"].as_str()), (Some(true), Some("closed")));
    assert_eq!(merged["merged_by"]["login"], "mei");
    let commit = merged["merge_commit_sha"].as_str().expect("a commit");
    assert_eq!(mei.get(&format!("{AT}/commits/{commit}/pull")).await.expect(200).json()["number"], 1);
    let before = opened["base"]["sha"].as_str().expect("a commit");
    mei.get(&format!("{AT}/commits/{before}/pull")).await.expect(404);
    mei.get(&format!("{PULLS}/main/hi")).await.expect(404);
    assert_eq!(mei.get(&format!("{PULLS}?state=closed")).await.expect(200).header("x-total-count"), "1");
    mei.get(&format!("{AT}/branches/hi")).await.expect(404);
    mei.get(&format!("{PULLS}/2")).await.expect(404);
}

#[tokio::test]
async fn a_pull_request_is_organised_through_its_issue() {
    let (hearth, mei) = start().await;
    open(&hearth, &mei).await;
    let issue = format!("{AT}/issues/1");
    let label = json!({ "name": "bug", "color": "#ff0000" }).to_string();
    let label = mei.call(Method::POST, &format!("{AT}/labels"), &label).await.expect(201).json();
    let labels = json!({ "labels": ["bug"] }).to_string();
    let held = mei.call(Method::POST, &format!("{issue}/labels"), &labels).await.expect(200).json();
    assert_eq!(held[0]["name"], "bug");
    assert_eq!(mei.get(&format!("{issue}/labels")).await.expect(200).json(), held);
    mei.call(Method::DELETE, &format!("{issue}/labels/{}", label["id"]), "").await.expect(204);
    mei.call(Method::PUT, &format!("{issue}/labels"), &labels).await.expect(200);

    let milestone = json!({ "title": "v1" }).to_string();
    let milestone = mei.call(Method::POST, &format!("{AT}/milestones"), &milestone).await.expect(201).json();
    let edit = json!({ "title": "Greet", "milestone": milestone["id"], "assignees": ["mei"] }).to_string();
    let edited = mei.call(Method::PATCH, &issue, &edit).await.expect(201).json();
    assert_eq!(
        (edited["title"].as_str(), edited["milestone"]["title"].as_str()),
        (Some("Greet"), Some("v1"))
    );
    assert_eq!(
        (&edited["pull_request"]["merged"], &edited["pull_request"]["draft"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(edited["html_url"], "http://hearth.test/mei/llm/pulls/1");

    let said = json!({ "body": "Looks good" }).to_string();
    let said = mei.call(Method::POST, &format!("{issue}/comments"), &said).await.expect(201).json();
    assert_eq!(
        (said["issue_url"].as_str(), said["pull_request_url"].as_str()),
        (Some(""), Some("http://hearth.test/mei/llm/pulls/1"))
    );
    mei.call(Method::POST, &format!("{issue}/reactions"), r#"{"content":"heart"}"#).await.expect(201);
    mei.call(Method::POST, &format!("{issue}/pin"), "").await.expect(204);
    mei.call(Method::PUT, &format!("{issue}/lock"), "{}").await.expect(204);
    assert!(
        mei.get(&format!("{issue}/timeline"))
            .await
            .expect(200)
            .json()
            .as_array()
            .is_some_and(|all| all.len() > 3)
    );
    assert_eq!(mei.get(&format!("{issue}/subscriptions/check")).await.expect(200).json()["subscribed"], true);
    let listed = mei.get(&format!("{AT}/issues?type=pulls&labels=bug")).await.expect(200);
    assert_eq!((listed.header("x-total-count"), &listed.json()[0]["number"]), ("1", &json!(1)));
    assert_eq!(mei.get(&format!("{AT}/issues?type=issues")).await.expect(200).json(), json!([]));
    assert_eq!(mei.get(&format!("{AT}/issues?type=pulls&state=closed")).await.expect(200).json(), json!([]));
    mei.get(&format!("{AT}/issues?type=odd")).await.expect(422);
    let pull = mei.get(&format!("{PULLS}/1")).await.expect(200).json();
    assert_eq!(
        (pull["labels"][0]["name"].as_str(), pull["milestone"]["title"].as_str()),
        (Some("bug"), Some("v1"))
    );
    assert_eq!((&pull["is_locked"], &pull["assignees"][0]["login"]), (&json!(true), &json!("mei")));
}

#[tokio::test]
async fn a_refused_milestone_opens_no_pull_request() {
    let (hearth, mei) = start().await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let milestone = json!({ "title": "v1" }).to_string();
    let milestone = mei.call(Method::POST, &format!("{AT}/milestones"), &milestone).await.expect(201).json();
    let new =
        json!({ "title": "Say hi", "head": "hi", "base": "main", "milestone": milestone["id"] }).to_string();
    bo.call(Method::POST, PULLS, &new).await.expect(403);
    let unknown = json!({ "title": "Say hi", "head": "hi", "base": "main", "milestone": 9_999 }).to_string();
    mei.call(Method::POST, PULLS, &unknown).await.expect(404);
    assert_eq!(mei.get(PULLS).await.expect(200).json(), json!([]));
    let opened = mei.call(Method::POST, PULLS, &new).await.expect(201).json();
    assert_eq!(opened["milestone"]["title"], "v1");
}

#[tokio::test]
async fn a_private_fork_is_hidden_down_to_its_id() {
    let (hearth, mei) = start().await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call(Method::POST, &format!("{AT}/forks"), "{}").await.expect(202);
    let file = json!({ "content": "eAo=", "new_branch": "more" }).to_string();
    bo.call(Method::POST, "/api/v1/repos/bo/llm/contents/more.txt", &file).await.expect(201);
    let new = json!({ "title": "More", "head": "bo:more", "base": "main" }).to_string();
    bo.call(Method::POST, PULLS, &new).await.expect(201);
    bo.call(Method::PATCH, "/api/v1/repos/bo/llm", r#"{"private":true}"#).await.expect(200);
    let seen = mei.get(&format!("{PULLS}/1")).await.expect(200).json();
    assert_eq!((&seen["head"]["repo"], &seen["head"]["repo_id"]), (&Value::Null, &json!(-1)));
    mei.get(&format!("{PULLS}/main/bo:more")).await.expect(404);
    assert_eq!(bo.get(&format!("{PULLS}/main/bo:more")).await.expect(200).json()["number"], 1);
    assert!(bo.get(&format!("{PULLS}/1")).await.expect(200).json()["head"]["repo_id"].as_i64() > Some(0));
}

#[tokio::test]
async fn reviews_are_written_submitted_and_set_aside() {
    let (hearth, mei) = start().await;
    open(&hearth, &mei).await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let reviews = format!("{PULLS}/1/reviews");
    let own = json!({ "event": "APPROVED", "body": "mine" }).to_string();
    mei.call(Method::POST, &reviews, &own).await.expect(422);

    let note = |body: &str, line: u32| json!({ "path": "hi.txt", "body": body, "new_position": line });
    let begun = json!({ "body": "…", "comments": [note("why a?", 1)] }).to_string();
    let begun = bo.call(Method::POST, &reviews, &begun).await.expect(200).json();
    assert_eq!((begun["state"].as_str(), begun["comments_count"].as_u64()), (Some("PENDING"), Some(1)));
    assert_eq!(mei.get(&reviews).await.expect(200).json(), json!([]));
    let id = begun["id"].as_i64().expect("an id");
    let submit = json!({ "event": "REQUEST_CHANGES", "body": "One thing" }).to_string();
    let submitted = bo.call(Method::POST, &format!("{reviews}/{id}"), &submit).await.expect(200).json();
    assert_eq!((submitted["id"].as_i64(), submitted["state"].as_str()), (Some(id), Some("REQUEST_CHANGES")));

    let comments = format!("{reviews}/{id}/comments");
    let listed = mei.get(&comments).await.expect(200).json();
    assert_eq!((listed[0]["position"].as_i64(), listed[0]["path"].as_str()), (Some(1), Some("hi.txt")));
    let comment = listed[0]["id"].as_i64().expect("an id");
    let answer = json!({ "body": "Because" }).to_string();
    let path = format!("{PULLS}/1/comments/{comment}/replies");
    let reply = mei.call(Method::POST, &path, &answer).await.expect(201).json();
    assert_eq!(reply["pull_request_review_id"], id);
    assert_eq!(mei.get(&comments).await.expect(200).json().as_array().map(Vec::len), Some(2));
    mei.call(Method::POST, &format!("{PULLS}/comments/{comment}/resolve"), "").await.expect(204);
    assert_eq!(mei.get(&comments).await.expect(200).json()[0]["resolver"]["login"], "mei");
    mei.call(Method::POST, &format!("{PULLS}/comments/{comment}/unresolve"), "").await.expect(204);
    mei.call(Method::POST, &format!("{PULLS}/comments/999/resolve"), "").await.expect(404);

    let reason = json!({ "message": "It was answered" }).to_string();
    bo.call(Method::POST, &format!("{reviews}/{id}/dismissals"), &reason).await.expect(403);
    let aside = mei.call(Method::POST, &format!("{reviews}/{id}/dismissals"), &reason).await.expect(200);
    assert_eq!(aside.json()["dismissed"], true);
    let again = mei.call(Method::POST, &format!("{reviews}/{id}/undismissals"), "").await.expect(200);
    assert_eq!(again.json()["dismissed"], false);

    let ask = json!({ "reviewers": ["bo"] }).to_string();
    let asked = mei.call(Method::POST, &format!("{PULLS}/1/requested_reviewers"), &ask).await.expect(201);
    assert_eq!(asked.json()[0]["state"], "REQUEST_REVIEW");
    let shown = mei.get(&format!("{PULLS}/1")).await.expect(200).json();
    assert_eq!(shown["requested_reviewers"][0]["login"], "bo");
    mei.call(Method::DELETE, &format!("{PULLS}/1/requested_reviewers"), &ask).await.expect(204);
    mei.call(Method::DELETE, &format!("{reviews}/{id}"), "").await.expect(403);
    bo.call(Method::DELETE, &format!("{reviews}/{id}"), "").await.expect(204);
    assert_eq!(mei.get(&reviews).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn rules_for_branches_and_tags_are_gitea_s_protections() {
    let (hearth, mei) = start().await;
    let repository = hearth.find_repository("mei/llm").await;
    hearth.permit(&repository, "bo", Permission::Write).await;
    let all = format!("{AT}/branch_protections");
    let new = json!({ "rule_name": "main", "enable_push": true, "enable_push_whitelist": true,
        "push_whitelist_usernames": ["mei"], "block_on_outdated_branch": true });
    let made = mei.call(Method::POST, &all, &new.to_string()).await.expect(201).json();
    assert_eq!(made["push_whitelist_usernames"], json!(["mei"]));
    assert_eq!(
        (made["enable_status_check"].as_bool(), made["block_on_outdated_branch"].as_bool()),
        (Some(false), Some(true))
    );
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.get(&all).await.expect(403);
    let file = json!({ "content": "eAo=", "branch": "main" }).to_string();
    bo.call(Method::POST, &format!("{AT}/contents/x"), &file).await.expect(403);
    mei.call(Method::POST, &format!("{AT}/contents/x"), &file).await.expect(201);

    let edit = json!({ "required_approvals": 1, "enable_push": false }).to_string();
    let edited = mei.call(Method::PATCH, &format!("{all}/main"), &edit).await.expect(200).json();
    assert_eq!(
        (edited["required_approvals"].as_i64(), edited["enable_push"].as_bool()),
        (Some(1), Some(false))
    );
    assert_eq!(edited["block_on_outdated_branch"], true);
    mei.call(Method::DELETE, &format!("{all}/main"), "").await.expect(204);
    mei.get(&format!("{all}/main")).await.expect(404);

    let tags = format!("{AT}/tag_protections");
    let new = json!({ "name_pattern": "v*", "whitelist_usernames": ["mei"] }).to_string();
    let made = mei.call(Method::POST, &tags, &new).await.expect(201).json();
    let tag = json!({ "tag_name": "v1" }).to_string();
    bo.call(Method::POST, &format!("{AT}/tags"), &tag).await.expect(403);
    mei.call(Method::POST, &format!("{AT}/tags"), &tag).await.expect(201);
    let path = format!("{tags}/{}", made["id"]);
    let edit = json!({ "name_pattern": "v*-rc" }).to_string();
    assert_eq!(mei.call(Method::PATCH, &path, &edit).await.expect(200).json()["name_pattern"], "v*-rc");
    mei.call(Method::DELETE, &path, "").await.expect(204);
    assert_eq!(mei.get(&tags).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn a_fork_s_branch_is_named_by_its_owner() {
    let (hearth, _mei) = start().await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let forked = bo.call(Method::POST, &format!("{AT}/forks"), "{}").await.expect(202).json();
    assert_eq!((forked["full_name"].as_str(), forked["fork"].as_bool()), (Some("bo/llm"), Some(true)));
    assert_eq!(bo.get(&format!("{AT}/forks")).await.expect(200).json()[0]["full_name"], "bo/llm");
    let file = json!({ "content": "eAo=", "new_branch": "more" }).to_string();
    bo.call(Method::POST, "/api/v1/repos/bo/llm/contents/more.txt", &file).await.expect(201);
    let new = json!({ "title": "WIP: More", "head": "bo:more", "base": "main" }).to_string();
    let opened = bo.call(Method::POST, PULLS, &new).await.expect(201).json();
    assert_eq!((opened["title"].as_str(), opened["draft"].as_bool()), (Some("More"), Some(true)));
    assert_eq!(opened["head"]["repo"]["full_name"], "bo/llm");
    while hearth.run_jobs().await > 0 {}
    let files = bo.get(&format!("{PULLS}/1/files")).await.expect(200).json();
    assert_eq!(files[0]["filename"], "more.txt");
}
