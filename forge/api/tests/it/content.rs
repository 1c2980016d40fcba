use axum::{
    body::Body,
    http::{Method, Request},
};
use data_encoding::BASE64;
use hearth_app::testing::TestHearth;
use serde_json::{Value, json};

use crate::client::Client;

const AT: &str = "/api/v1/repos/mei/llm";

fn file(text: &str, more: Value) -> String {
    let mut body = json!({ "content": BASE64.encode(text.as_bytes()) });
    let Value::Object(more) = more else { panic!("{more} is no object") };
    body.as_object_mut().expect("an object").extend(more);
    body.to_string()
}

async fn start() -> (TestHearth, Client) {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    (hearth, mei)
}

#[tokio::test]
async fn a_file_is_made_read_changed_and_deleted() {
    let (_hearth, mei) = start().await;
    let path = format!("{AT}/contents/src/a.py");
    let made =
        mei.call(Method::POST, &path, &file("1\n", json!({ "message": "begin" }))).await.expect(201).json();
    assert_eq!(made["content"]["path"], "src/a.py");
    assert_eq!(made["commit"]["message"], "begin\n");
    assert_eq!(made["commit"]["author"]["name"], "mei");
    mei.call(Method::POST, &path, &file("2\n", json!({}))).await.expect(422);

    assert_eq!(mei.get(&format!("{AT}/languages")).await.expect(200).json(), json!({ "Python": 2 }));
    let read = mei.get(&path).await.expect(200).json();
    assert_eq!((read["type"].as_str(), read["encoding"].as_str()), (Some("file"), Some("base64")));
    assert_eq!(BASE64.decode(read["content"].as_str().expect("content").as_bytes()).expect("base64"), b"1\n");
    let sha = read["sha"].as_str().expect("a sha").to_owned();
    let changed = mei.call(Method::PUT, &path, &file("2\n", json!({ "sha": sha }))).await.expect(200).json();
    assert_eq!(changed["commit"]["message"], "Update src/a.py\n");
    mei.call(Method::PUT, &path, &file("3\n", json!({ "sha": sha }))).await.expect(409);
    mei.call(Method::DELETE, &path, &json!({ "sha": sha }).to_string()).await.expect(409);
    mei.call(Method::DELETE, &path, "{}").await.expect(422);
    let sha = changed["content"]["sha"].as_str().expect("a sha");
    let gone = mei.call(Method::DELETE, &path, &json!({ "sha": sha }).to_string()).await.expect(200).json();
    assert!(gone["content"].is_null());
    mei.get(&path).await.expect(404);
}

#[tokio::test]
async fn folders_are_lists_and_branches_are_kept_apart() {
    let (_hearth, mei) = start().await;
    assert_eq!(mei.get(&format!("{AT}/contents")).await.expect(200).json(), json!([]));
    mei.call(Method::POST, &format!("{AT}/contents/a"), &file("1", json!({}))).await.expect(201);
    let other = file("2", json!({ "new_branch": "dev/x" }));
    mei.call(Method::POST, &format!("{AT}/contents/b/c"), &other).await.expect(201);
    let names = |list: Value| -> Vec<String> {
        let list = list.as_array().expect("a list").clone();
        list.iter()
            .map(|entry| format!("{} {}", entry["type"].as_str().unwrap(), entry["name"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(names(mei.get(&format!("{AT}/contents")).await.json()), ["file a"]);
    assert_eq!(names(mei.get(&format!("{AT}/contents?ref=dev/x")).await.json()), ["dir b", "file a"]);
    let full = mei.get(&format!("{AT}/contents/?ref=refs/heads/dev/x")).await.expect(200).json();
    assert_eq!(names(full), ["dir b", "file a"]);
    mei.get(&format!("{AT}/contents/b/c")).await.expect(404);
    mei.get(&format!("{AT}/contents/a?ref=absent")).await.expect(404);
    mei.get(&format!("{AT}/raw/a?ref=absent")).await.expect(404);
    mei.call(Method::POST, &format!("{AT}/contents/d"), &file("1", json!({ "branch": "absent" })))
        .await
        .expect(404);
}

#[tokio::test]
async fn paths_that_lead_elsewhere_are_refused() {
    let (_hearth, mei) = start().await;
    for path in [
        "..%2Fx",
        "a%2F..%2F..%2Fx",
        "%2Fetc%2Fpasswd",
        ".git%2Fconfig",
        ".GIT%2Fhooks%2Fx",
        "a%5Cb",
        "a%00b",
        "git~1%2Fx",
        ".git%20%2Fx",
    ] {
        let answer = mei.call(Method::POST, &format!("{AT}/contents/{path}"), &file("x", json!({}))).await;
        assert_eq!(answer.status.as_u16(), 422, "{path}: {answer:?}");
        mei.get(&format!("{AT}/contents/{path}")).await.expect(422);
    }
    mei.call(Method::POST, &format!("{AT}/contents/a"), "{\"content\": \"???\"}").await.expect(422);
    mei.call(Method::POST, &format!("{AT}/contents/a"), "{\"content\": 7}").await.expect(422);
    mei.call(Method::POST, &format!("{AT}/contents/a"), &file("x", json!({ "branch": "-x" })))
        .await
        .expect(422);
}

#[tokio::test]
async fn only_writers_write() {
    let (hearth, mei) = start().await;
    mei.call(Method::POST, &format!("{AT}/contents/a"), &file("1", json!({}))).await.expect(201);
    hearth.user("bo").await;
    let at = format!("{AT}/contents/b");
    Client::anonymous(&hearth.app).call(Method::POST, &at, &file("x", json!({}))).await.expect(401);
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call(Method::POST, &at, &file("x", json!({}))).await.expect(403);
    bo.call(Method::POST, &format!("{AT}/branches"), "{\"new_branch_name\": \"x\"}").await.expect(403);
    bo.call(Method::PATCH, AT, "{}").await.expect(403);
    bo.call(Method::DELETE, AT, "").await.expect(403);
    let reader = Client::with_token(&hearth, "mei", "read:repository").await;
    reader.call(Method::POST, &at, &file("x", json!({}))).await.expect(403);
}

#[tokio::test]
async fn raw_bytes_are_no_page_of_this_site() {
    let (_hearth, mei) = start().await;
    let page = "<script>alert(1)</script>";
    mei.call(Method::POST, &format!("{AT}/contents/a.html"), &file(page, json!({}))).await.expect(201);
    let raw = mei.get(&format!("{AT}/raw/a.html?ref=main")).await.expect(200);
    assert_eq!(raw.body, page.as_bytes());
    assert_eq!(raw.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(raw.header("x-content-type-options"), "nosniff");
    assert!(raw.header("content-security-policy").contains("sandbox"));
    let part = Request::builder().uri(format!("{AT}/raw/a.html")).header("range", "bytes=1-6");
    let part = mei.call_with(part, Body::empty()).await.expect(206);
    assert_eq!((part.body.as_slice(), part.header("content-range")), (&b"script"[..], "bytes 1-6/25"));
    let zip = mei.get(&format!("{AT}/archive/main.zip")).await.expect(200);
    assert!(zip.body.starts_with(b"PK"));
    assert!(zip.header("content-disposition").contains("llm-main.zip"));
    mei.get(&format!("{AT}/archive/absent.zip")).await.expect(404);
    mei.get(&format!("{AT}/archive/main.exe")).await.expect(404);
}

#[tokio::test]
async fn history_is_listed_in_pages() {
    let (_hearth, mei) = start().await;
    mei.get(&format!("{AT}/commits")).await.expect(409);
    for n in 0..3 {
        mei.call(Method::POST, &format!("{AT}/contents/f{n}"), &file("x", json!({}))).await.expect(201);
    }
    let page = mei.get(&format!("{AT}/commits?limit=2")).await.expect(200);
    assert_eq!(page.header("x-total-count"), "3");
    assert!(page.header("link").contains("page=2>; rel=\"next\""), "{}", page.header("link"));
    let commits = page.json();
    assert_eq!(commits[0]["commit"]["message"], "Add f2\n");
    let sha = commits[0]["sha"].as_str().expect("a sha");
    assert_eq!(mei.get(&format!("{AT}/git/commits/{sha}")).await.expect(200).json()["sha"], sha);
    mei.get(&format!("{AT}/git/commits/{}", "0".repeat(40))).await.expect(404);
    let of_path = mei.get(&format!("{AT}/commits?path=f1&sha=main")).await.expect(200).json();
    assert_eq!(of_path.as_array().expect("a list").len(), 1);
    mei.get(&format!("{AT}/commits?page=-1")).await.expect(422);
    assert_eq!(mei.get(&format!("{AT}/commits?page=99999")).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn branches_are_made_listed_and_deleted() {
    let (_hearth, mei) = start().await;
    mei.call(Method::POST, &format!("{AT}/contents/a"), &file("x", json!({}))).await.expect(201);
    let at = format!("{AT}/branches");
    let made = mei.call(Method::POST, &at, "{\"new_branch_name\": \"dev/x\"}").await.expect(201).json();
    assert_eq!(made["name"], "dev/x");
    mei.call(Method::POST, &at, "{\"new_branch_name\": \"dev/x\"}").await.expect(409);
    for bad in ["-x", "a..b", "a b", "x.lock", "", "HEAD"] {
        let body = json!({ "new_branch_name": bad }).to_string();
        mei.call(Method::POST, &at, &body).await.expect(422);
    }
    assert_eq!(mei.get(&at).await.expect(200).header("x-total-count"), "2");
    assert_eq!(mei.get(&format!("{at}/dev/x")).await.expect(200).json()["commit"]["message"], "Add a\n");
    mei.call(Method::DELETE, &format!("{at}/dev/x"), "").await.expect(204);
    mei.get(&format!("{at}/dev/x")).await.expect(404);
    mei.call(Method::DELETE, &format!("{at}/main"), "").await.expect(403);
    assert_eq!(mei.get(&format!("{AT}/tags")).await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn several_files_change_in_one_commit_or_none_does() {
    let (_hearth, mei) = start().await;
    let path = format!("{AT}/contents");
    let operation = |operation: &str, path: &str, more: Value| {
        let mut body = json!({ "operation": operation, "path": path });
        let Value::Object(more) = more else { panic!("{more} is no object") };
        body.as_object_mut().expect("an object").extend(more);
        body
    };
    let created = [
        operation("create", "a", json!({ "content": "MQ==" })),
        operation("upload", "b/c", json!({ "content": "Mg==" })),
    ];
    let body = json!({ "files": created, "message": "Two" }).to_string();
    let made = mei.call(Method::POST, &path, &body).await.expect(201).json();
    assert_eq!(
        (made["files"][0]["path"].as_str(), made["files"][1]["path"].as_str()),
        (Some("a"), Some("b/c"))
    );
    assert_eq!(made["commit"]["message"], "Two\n");
    assert_eq!(mei.get(&format!("{AT}/commits")).await.expect(200).header("x-total-count"), "1");

    let sha = made["files"][0]["sha"].clone();
    let stale = operation("delete", "b/c", json!({ "sha": sha }));
    let refused =
        json!({ "files": [operation("create", "d", json!({ "content": "MQ==" })), stale] }).to_string();
    mei.call(Method::POST, &path, &refused).await.expect(409);
    mei.get(&format!("{AT}/contents/d")).await.expect(404);
    let moved = operation("update", "e", json!({ "content": "Mw==", "sha": sha, "from_path": "a" }));
    let body = json!({ "files": [moved, operation("delete", "b/c", json!({}))] }).to_string();
    let done = mei.call(Method::POST, &path, &body).await.expect(201).json();
    assert!(done["files"][1].is_null(), "{done}");
    mei.get(&format!("{AT}/contents/a")).await.expect(404);
    let twice = [operation("create", "f", json!({ "content": "MQ==" })), operation("create", "f", json!({}))];
    let wrong = [
        json!({ "files": [] }),
        json!({ "files": [operation("chmod", "e", json!({}))] }),
        json!({ "files": twice }),
    ];
    for wrong in wrong {
        mei.call(Method::POST, &path, &wrong.to_string()).await.expect(422);
    }
}

#[tokio::test]
async fn two_revisions_are_compared_by_their_commits() {
    let (_hearth, mei) = start().await;
    mei.call(Method::POST, &format!("{AT}/contents/a"), &file("1", json!({}))).await.expect(201);
    let other = file("2", json!({ "new_branch": "dev/x", "message": "More" }));
    mei.call(Method::POST, &format!("{AT}/contents/b"), &other).await.expect(201);
    let ahead = mei.get(&format!("{AT}/compare/main...dev/x")).await.expect(200).json();
    assert_eq!(
        (ahead["total_commits"].as_i64(), ahead["commits"][0]["commit"]["message"].as_str()),
        (Some(1), Some("More\n"))
    );
    let none = mei.get(&format!("{AT}/compare/dev/x...main")).await.expect(200).json();
    assert_eq!(none, json!({ "total_commits": 0, "commits": [] }));
    mei.get(&format!("{AT}/compare/main...none")).await.expect(404);
}

#[tokio::test]
async fn several_files_are_read_at_once_and_absent_ones_are_null() {
    let (hearth, mei) = start().await;
    for (path, text) in [("a.txt", "one"), ("docs/b.txt", "two")] {
        let made = mei.call(Method::POST, &format!("{AT}/contents/{path}"), &file(text, json!({}))).await;
        made.expect(201);
    }
    let path = format!("{AT}/file-contents");
    let wanted = json!({ "files": ["docs/b.txt", "none.txt", "a.txt", "docs"] }).to_string();
    let nobody = Client::anonymous(&hearth.app);
    let posted = nobody.call(Method::POST, &path, &wanted).await.expect(200).json();
    assert_eq!((&posted[0]["content"], &posted[2]["content"]), (&json!("dHdv"), &json!("b25l")));
    assert_eq!((&posted[1], &posted[3]["type"]), (&Value::Null, &json!("dir")));
    let query = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect::<String>();
    assert_eq!(nobody.get(&format!("{path}?body={query}")).await.expect(200).json(), posted);
    nobody.get(&format!("{path}?body=files")).await.expect(422);
    nobody.call(Method::POST, &format!("{path}?ref=none"), &wanted).await.expect(404);
    let many = json!({ "files": vec!["a.txt"; 51] }).to_string();
    nobody.call(Method::POST, &path, &many).await.expect(422);
}
