use axum::{
    body::Body,
    http::{Method, Request},
};
use hearth_app::testing::TestHearth;
use hearth_core::Permission;
use serde_json::{Value, json};

use crate::client::Client;

const AT: &str = "/api/v1/repos/mei/llm";
const RELEASES: &str = "/api/v1/repos/mei/llm/releases";

async fn start() -> (TestHearth, Client) {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let new = json!({ "name": "llm", "auto_init": true }).to_string();
    mei.call(Method::POST, "/api/v1/user/repos", &new).await.expect(201);
    (hearth, mei)
}

async fn publish(client: &Client, tag: &str) -> Value {
    let new = json!({ "tag_name": tag, "name": "One", "body": "All of it", "target_commitish": "main" });
    client.call(Method::POST, RELEASES, &new.to_string()).await.expect(201).json()
}

#[tokio::test]
async fn a_release_is_made_read_changed_and_deleted_in_giteas_shapes() {
    let (hearth, mei) = start().await;
    mei.get(&format!("{RELEASES}/latest")).await.expect(404);
    let made = publish(&mei, "v1").await;
    assert_eq!((made["draft"].as_bool(), made["tag_name"].as_str()), (Some(false), Some("v1")));
    assert_eq!(made["author"]["login"], "mei");
    assert_eq!(made["html_url"], "http://hearth.test/mei/llm/releases/tag/v1");
    mei.get(&format!("{AT}/tags/v1")).await.expect(200);
    mei.call(Method::POST, RELEASES, &json!({ "tag_name": "v1" }).to_string()).await.expect(409);
    mei.call(Method::POST, RELEASES, &json!({ "tag_name": "" }).to_string()).await.expect(422);
    let id = made["id"].as_i64().expect("an id");
    assert_eq!(mei.get(&format!("{RELEASES}/latest")).await.expect(200).json()["id"].as_i64(), Some(id));
    assert_eq!(mei.get(&format!("{RELEASES}/tags/v1")).await.expect(200).json()["id"].as_i64(), Some(id));

    let draft = json!({ "tag_name": "v2", "draft": true }).to_string();
    let draft = mei.call(Method::POST, RELEASES, &draft).await.expect(201).json();
    let bo = Client::with_token(&hearth, "bo", "all").await;
    assert_eq!(bo.get(RELEASES).await.expect(200).header("x-total-count"), "1");
    assert_eq!(mei.get(RELEASES).await.expect(200).header("x-total-count"), "2");
    bo.get(&format!("{RELEASES}/{}", draft["id"])).await.expect(404);
    bo.call(Method::POST, RELEASES, &json!({ "tag_name": "v3" }).to_string()).await.expect(403);
    let edit = json!({ "prerelease": true, "draft": false, "body": "" }).to_string();
    let edited =
        mei.call(Method::PATCH, &format!("{RELEASES}/{}", draft["id"]), &edit).await.expect(200).json();
    assert_eq!((edited["prerelease"].as_bool(), edited["latest"].as_bool()), (Some(true), Some(false)));
    let only = mei.get(&format!("{RELEASES}?pre-release=true")).await.expect(200).json();
    assert_eq!(only.as_array().map(Vec::len), Some(1));
    let notes = json!({ "tag_name": "v3" }).to_string();
    let notes =
        mei.call(Method::POST, &format!("{RELEASES}/generate-notes"), &notes).await.expect(200).json();
    assert_eq!(notes["previous_tag_name"], "v2");
    mei.call(Method::DELETE, &format!("{RELEASES}/{id}"), "").await.expect(204);
    mei.get(&format!("{RELEASES}/{id}")).await.expect(404);
    mei.get(&format!("{AT}/tags/v1")).await.expect(200);
    mei.call(Method::DELETE, &format!("{RELEASES}/tags/v2"), "").await.expect(204);
}

#[tokio::test]
async fn files_are_added_whole_or_in_pieces() {
    let (_hearth, mei) = start().await;
    let id = publish(&mei, "v1").await["id"].as_i64().expect("an id");
    let assets = format!("{RELEASES}/{id}/assets");
    let body = "--x\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n";
    let form = Request::post(&assets).header("content-type", "multipart/form-data; boundary=x");
    let added = mei.call_with(form, Body::from(body)).await.expect(201).json();
    assert_eq!((added["name"].as_str(), added["size"].as_i64()), (Some("a.txt"), Some(5)));
    assert_eq!(added["browser_download_url"], "http://hearth.test/mei/llm/releases/download/v1/a.txt");
    let raw =
        Request::post(format!("{assets}?name=b.bin")).header("content-type", "application/octet-stream");
    mei.call_with(raw, Body::from("bytes")).await.expect(201);
    let wrong = format!("{assets}?name=c.bin&sha256={}", "0".repeat(64));
    let raw = Request::post(wrong).header("content-type", "application/octet-stream");
    mei.call_with(raw, Body::from("bytes")).await.expect(422);

    let uploads = format!("{RELEASES}/{id}/uploads");
    let begin = json!({ "name": "big.bin", "size": 11 }).to_string();
    let begun = mei.call(Method::POST, &uploads, &begin).await.expect(201).json();
    let one = format!("{uploads}/{}", begun["uuid"].as_str().expect("a name"));
    for (offset, bytes) in [(0, "hello "), (6, "world")] {
        let piece = Request::patch(format!("{one}?offset={offset}"));
        let after = mei.call_with(piece, Body::from(bytes)).await.expect(200).json();
        assert_eq!(after["offset"].as_u64(), Some(offset + bytes.len() as u64));
    }
    let again = Request::patch(format!("{one}?offset=0"));
    mei.call_with(again, Body::from("x")).await.expect(409);
    assert_eq!(mei.get(&one).await.expect(200).json()["offset"], 11);
    let made = mei.call(Method::POST, &format!("{one}/finish"), "").await.expect(201).json();
    assert_eq!(made["sha256"].as_str().map(str::len), Some(64));
    mei.get(&one).await.expect(404);

    let listed = mei.get(&assets).await.expect(200).json();
    let names: Vec<_> =
        listed.as_array().expect("a list").iter().map(|asset| asset["name"].clone()).collect();
    assert_eq!(names, ["a.txt", "b.bin", "big.bin"]);
    let first = format!("{assets}/{}", added["id"]);
    let renamed = json!({ "name": "z.txt" }).to_string();
    assert_eq!(mei.call(Method::PATCH, &first, &renamed).await.expect(201).json()["name"], "z.txt");
    mei.call(Method::PATCH, &first, &json!({ "name": "b.bin" }).to_string()).await.expect(409);
    mei.call(Method::DELETE, &first, "").await.expect(204);
    mei.get(&first).await.expect(404);
}

#[tokio::test]
async fn an_archived_repository_answers_that_it_is_locked() {
    let (hearth, mei) = start().await;
    let row = hearth.find_repository("mei/llm").await;
    hearth.permit(&row, "bo", Permission::Write).await;
    let archive = json!({ "archived": true }).to_string();
    let shown = mei.call(Method::PATCH, AT, &archive).await.expect(200).json();
    assert_eq!(shown["archived"], true);
    let bo = Client::with_token(&hearth, "bo", "all").await;
    for (path, body) in [
        (format!("{AT}/issues"), json!({ "title": "a" })),
        (format!("{AT}/branches"), json!({ "new_branch_name": "b" })),
        (RELEASES.to_owned(), json!({ "tag_name": "v1" })),
    ] {
        bo.call(Method::POST, &path, &body.to_string()).await.expect(423);
    }
    mei.call(Method::PATCH, AT, &json!({ "archived": false, "template": true }).to_string())
        .await
        .expect(200);
    bo.call(Method::POST, &format!("{AT}/issues"), &json!({ "title": "a" }).to_string()).await.expect(201);
    let new = json!({ "name": "mine" }).to_string();
    let made = bo.call(Method::POST, &format!("{AT}/generate"), &new).await.expect(201).json();
    assert_eq!(made["full_name"], "bo/mine");
}
