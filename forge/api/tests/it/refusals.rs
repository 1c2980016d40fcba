//! Every call that changes something, made by those who may not: nobody, strangers to a private repository, people who only
//! read, tokens that only read. The calls are those of the OpenAPI document, so that a new one is tried as soon as it is there.

use axum::{
    body::Body,
    http::{Method, Request},
};
use hearth_app::testing::TestHearth;
use serde_json::{Value, json};

use crate::client::{Answer, Client};

/// What everybody who reads a repository may do there: ask, talk, keep an eye on it, take a copy.
const FOR_READERS: &[&str] = &[
    "POST /repos/{owner}/{repo}/file-contents",
    "POST /repos/{owner}/{repo}/forks",
    "POST /repos/{owner}/{repo}/issues",
    "POST /repos/{owner}/{repo}/issues/comments/{id}/reactions",
    "DELETE /repos/{owner}/{repo}/issues/comments/{id}/reactions",
    "POST /repos/{owner}/{repo}/issues/{index}/comments",
    "POST /repos/{owner}/{repo}/issues/{index}/reactions",
    "DELETE /repos/{owner}/{repo}/issues/{index}/reactions",
    "PUT /repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
    "DELETE /repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
    "POST /repos/{owner}/{repo}/pulls",
    "POST /repos/{owner}/{repo}/pulls/{index}/comments/{id}/replies",
    "POST /repos/{owner}/{repo}/pulls/{index}/reviews",
    "POST /repos/{owner}/{repo}/pulls/{index}/reviews/{id}",
    // Who was asked for a review may decline; of others nobody is withdrawn.
    "DELETE /repos/{owner}/{repo}/pulls/{index}/requested_reviewers",
    "PUT /repos/{owner}/{repo}/subscription",
    "DELETE /repos/{owner}/{repo}/subscription",
    "PUT /user/starred/{owner}/{repo}",
    "DELETE /user/starred/{owner}/{repo}",
];

/// What changes nothing.
const FOR_EVERYBODY: &[&str] =
    &["POST /markdown", "POST /markdown/raw", "POST /markup", "POST /repos/{owner}/{repo}/file-contents"];

/// What looks for something else first that is not there.
const ABOUT_SOMETHING_ELSE: &[&str] = &[
    "/teams/{id}/",
    "/repos/{owner}/{repo}/teams/",
    "/repos/{owner}/{repo}/pulls/comments/{id}/",
    "/repos/{owner}/{repo}/pulls/comments/{id}/",
    "/repos/{owner}/{repo}/pulls/{index}/reviews/{id}",
];

/// Everything that people make in a repository, to see that nothing of it has changed.
const CONTENTS: &[&str] = &[
    "",
    "/branches",
    "/tags",
    "/issues?state=all",
    "/issues/comments",
    "/pulls?state=all",
    "/labels",
    "/milestones?state=all",
    "/releases",
    "/keys",
    "/collaborators",
    "/branch_protections",
    "/tag_protections",
    "/topics",
];

/// The id of no commit.
const COMMIT: &str = "0123456789012345678901234567890123456789";

/// One call that changes something.
#[derive(Debug)]
struct Call {
    method: Method,
    path: String,
    body: Value,
}

impl Call {
    fn is_one_of(&self, list: &[&str]) -> bool {
        let own = format!("{} {}", self.method, self.path);
        list.contains(&own.as_str())
    }

    fn is_in_a_repository(&self) -> bool {
        self.path.contains("{owner}/{repo}")
    }

    /// The address with the names of things that are there.
    fn address(&self, repository: &str) -> String {
        let number = if self.path.contains("/pulls/") { "2" } else { "1" };
        let value = |name: &str| match name {
            "owner" | "username" => "mei",
            "repo" => repository,
            "org" => "acme",
            "index" => number,
            "branch" => "work",
            "name" => "release",
            "collaborator" | "user" => "bo",
            "path" => "README.md",
            "sha" => COMMIT,
            "tag" => "v1",
            "team" => "writers",
            "topic" => "ai",
            _ => "1",
        };
        let parts = self.path.split('/').map(|part| match part.strip_prefix('{') {
            Some(name) => value(name.trim_end_matches('}')),
            None => part,
        });
        format!("/api/v1{}", parts.collect::<Vec<_>>().join("/"))
    }

    async fn send(&self, client: &Client, repository: &str) -> Answer {
        let request = Request::builder().method(&self.method).uri(self.address(repository));
        let is_file = self.method == Method::POST && self.path.ends_with("/assets");
        let (kind, body) = if is_file {
            let part = "--b\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a.txt\"\r\n\r\na\r\n--b--\r\n";
            ("multipart/form-data; boundary=b", part.to_owned())
        } else {
            ("application/json", self.body.to_string())
        };
        let request = request.header("content-type", kind).header("upload-offset", "0");
        client.call_with(request, Body::from(body)).await
    }
}

/// All calls that change something, from the document.
async fn calls(client: &Client) -> Vec<Call> {
    let document = client.get("/api/v1/openapi.json").await.expect(200).json();
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let operation = &item[method.as_str().to_lowercase()];
            if operation.is_null() {
                continue;
            }
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let mut body = example(&document, schema, "");
            if path.ends_with("/reactions") {
                body["content"] = json!("heart");
            }
            if path.contains("/statuses/") {
                body["state"] = json!("success");
            }
            calls.push(Call { method, path: path.clone(), body });
        }
    }
    assert!(calls.len() > 130, "{} calls", calls.len());
    calls
}

/// A value that a schema allows, with what it demands.
fn example(document: &Value, schema: &Value, name: &str) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name_of_schema = reference.rsplit('/').next().unwrap_or_default();
        return example(document, &document["components"]["schemas"][name_of_schema], name);
    }
    for list in ["oneOf", "anyOf"] {
        let mut one_of = schema[list].as_array().into_iter().flatten();
        if let Some(one) = one_of.find(|one| one["type"] != "null") {
            return example(document, one, name);
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        let parts = all.iter().filter_map(|part| example(document, part, name).as_object().cloned());
        return Value::Object(parts.flatten().collect());
    }
    if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
        return first.clone();
    }
    let is = |kind: &str| {
        schema["type"] == kind || schema["type"].as_array().is_some_and(|all| all.contains(&json!(kind)))
    };
    if is("array") {
        return json!([example(document, &schema["items"], name)]);
    }
    if is("integer") || is("number") {
        return json!(1);
    }
    if is("boolean") {
        return json!(true);
    }
    if is("string") {
        return json!(text(name));
    }
    let is_required = |field: &str| {
        let required = schema["required"].as_array();
        required.is_some_and(|required| required.contains(&json!(field))) || text(field) != "x"
    };
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.filter(|(field, _)| is_required(field));
    Value::Object(fields.map(|(field, schema)| (field.clone(), example(document, schema, field))).collect())
}

/// What a field of this name may hold.
fn text(field: &str) -> &'static str {
    match field {
        "base" | "branch" | "old_ref_name" | "target_commitish" => "main",
        "head" => "work",
        "content" => "eA==",
        "color" => "ff0000",
        "due_date" => "2027-01-01T00:00:00Z",
        "Do" | "style" => "merge",
        "event" => "COMMENT",
        "permission" => "read",
        "state" => "open",
        "sha" => COMMIT,
        "name" => "fresh.txt",
        "title" | "body" | "new_branch_name" | "tag_name" | "message" | "reason" => "fresh",
        "new_owner" => "bo",
        "armored_public_key" => "a key",
        _ => "x",
    }
}

/// Mei's repositories `llm`, which everybody reads, and `secret`: each has an issue, a pull request and what else can be
/// named by a number.
async fn start() -> (TestHearth, Client) {
    let hearth = TestHearth::new().await;
    for name in ["mei", "bo", "eve"] {
        hearth.user(name).await;
    }
    hearth.organization("acme", "mei").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    for name in ["llm", "secret"] {
        let new = json!({ "name": name, "auto_init": true, "private": name == "secret" });
        mei.call(Method::POST, "/api/v1/user/repos", &new.to_string()).await.expect(201);
        let at = format!("/api/v1/repos/mei/{name}");
        for (path, body) in [
            ("contents/a.txt", json!({ "content": "YQo=", "message": "a", "new_branch": "work" })),
            ("issues", json!({ "title": "An issue" })),
            ("pulls", json!({ "title": "A pull request", "head": "work", "base": "main" })),
            ("issues/1/comments", json!({ "body": "A comment" })),
            ("labels", json!({ "name": "bug", "color": "ff0000" })),
            ("milestones", json!({ "title": "1.0" })),
            ("releases", json!({ "tag_name": "v1", "target_commitish": "main" })),
            ("branch_protections", json!({ "rule_name": "release" })),
            ("tag_protections", json!({ "name_pattern": "v*" })),
        ] {
            mei.call(Method::POST, &format!("{at}/{path}"), &body.to_string()).await.expect(201);
        }
        mei.call(Method::PUT, &format!("{at}/topics/ai"), "").await.expect(204);
    }
    while hearth.run_jobs().await > 0 {}
    (hearth, mei)
}

/// All that is in a repository.
async fn contents(mei: &Client, repository: &str) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for path in CONTENTS {
        let answer = mei.get(&format!("/api/v1/repos/mei/{repository}{path}")).await.expect(200);
        all.push((*path, answer.json()));
    }
    all
}

/// AiForge's calls always answer 200; a code other than 0 says that nothing was done.
fn is_refused(answer: &Answer, statuses: &[u16]) -> bool {
    let is_envelope = answer.status == 200 && answer.body.starts_with(b"{\"code\":");
    statuses.contains(&answer.status.as_u16()) || (is_envelope && answer.json()["code"] != 0)
}

#[tokio::test]
async fn nobody_changes_anything_without_signing_in() {
    let (_hearth, mei) = start().await;
    let anonymous = mei.anonymously();
    let before = contents(&mei, "llm").await;
    for call in calls(&mei).await.iter().filter(|call| !call.is_one_of(FOR_EVERYBODY)) {
        let answer = call.send(&anonymous, "llm").await;
        // What is not there, such as task 1, is not found.
        let statuses: &[u16] = if call.is_in_a_repository() { &[401, 403] } else { &[401, 403, 404] };
        let is_elsewhere = ABOUT_SOMETHING_ELSE.iter().any(|start| call.path.starts_with(start));
        let is_fine = is_refused(&answer, statuses) || (is_elsewhere && answer.status == 404);
        assert!(is_fine || is_unreadable(call, &answer), "{call:?}: {answer:?}");
    }
    assert_eq!(contents(&mei, "llm").await, before);
}

#[tokio::test]
async fn a_private_repository_answers_strangers_like_one_that_is_not_there() {
    let (hearth, mei) = start().await;
    let eve = Client::with_token(&hearth, "eve", "all").await;
    let before = contents(&mei, "secret").await;
    for call in calls(&mei).await.iter().filter(|call| call.is_in_a_repository()) {
        let (private, absent) = (call.send(&eve, "secret").await, call.send(&eve, "absent").await);
        assert!(is_refused(&private, &[404]), "{call:?}: {private:?}");
        assert_eq!((private.status, &private.body), (absent.status, &absent.body), "{call:?}");
    }
    assert_eq!(contents(&mei, "secret").await, before);
}

#[tokio::test]
async fn whoever_only_reads_a_repository_changes_nothing_of_others_there() {
    let (hearth, mei) = start().await;
    let eve = Client::with_token(&hearth, "eve", "all").await;
    let before = contents(&mei, "llm").await;
    let calls = calls(&mei).await;
    for call in calls.iter().filter(|call| call.is_in_a_repository() && !call.is_one_of(FOR_READERS)) {
        let answer = call.send(&eve, "llm").await;
        assert!(is_refused(&answer, &[403, 404]) || is_unreadable(call, &answer), "{call:?}: {answer:?}");
    }
    assert_eq!(contents(&mei, "llm").await, before);
}

#[tokio::test]
async fn a_token_that_only_reads_changes_nothing() {
    let (hearth, mei) = start().await;
    let scopes = "read:repository,read:issue,read:user,read:organization,read:task";
    let reading = Client::with_token(&hearth, "mei", scopes).await;
    let before = contents(&mei, "llm").await;
    for call in calls(&mei).await.iter().filter(|call| !call.is_one_of(FOR_EVERYBODY)) {
        let answer = call.send(&reading, "llm").await;
        assert!(is_refused(&answer, &[403, 404]) || is_unreadable(call, &answer), "{call:?}: {answer:?}");
    }
    assert_eq!(contents(&mei, "llm").await, before);
}

/// Pieces of a file are named by an id that cannot be guessed; one that is none is no address.
fn is_unreadable(call: &Call, answer: &Answer) -> bool {
    answer.status == 400 && call.path.ends_with("/uploads/{uuid}")
}
