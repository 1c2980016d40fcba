use axum::{
    body::Body,
    http::{Method, Request},
};
use hearth_app::{
    Limits,
    testing::{Choices, TestHearth},
};
use serde_json::json;

use crate::{
    client::Client,
    listener::{Listener, noise},
};

const OID: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn batch(operation: &str, oid: &str, size: i64) -> String {
    json!({ "operation": operation, "transfers": ["basic"], "objects": [{ "oid": oid, "size": size }] })
        .to_string()
}

async fn put(client: &Client, path: &str, bytes: &'static [u8]) -> crate::client::Answer {
    client.call_with(Request::builder().method(Method::PUT).uri(path), Body::from(bytes)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn large_files_go_up_and_come_down_with_the_real_client() {
    if std::process::Command::new("git-lfs").arg("version").output().is_err() {
        return hearth_skip::skip("git-lfs is not installed");
    }
    let server = Listener::start().await;
    let row = server.hearth.private_repository("mei/weights").await;
    let url = server.url_of("mei", "mei/weights.git").await;
    let bytes = noise(3_000_000);
    let work = server.work(&url, "work", &[("README.md", b"weights\n")]).await;
    server.good(&server.git(&work, &["lfs", "install", "--local"]).await);
    server.good(&server.git(&work, &["lfs", "track", "*.bin"]).await);
    server.commit(&work, &[("model.bin", &bytes)], "weights").await;
    server.good(&server.git(&work, &["push", "origin", "main"]).await);
    let mut reader = server.hearth.app.store().read().await.expect("a reader");
    let held = hearth_store::lfs_object::total_bytes(&mut reader, row.id).await.expect("a sum");
    assert_eq!(held, 3_000_000);
    drop(reader);

    let here = server.folder.path();
    server.good(&server.git(here, &["lfs", "install"]).await);
    server.good(&server.git(here, &["clone", "-q", &url, "again"]).await);
    assert_eq!(std::fs::read(server.path("again").join("model.bin")).expect("the file"), bytes);

    let mei = Client::with_token(&server.hearth, "mei", "read:repository").await;
    let media = mei.get("/api/v1/repos/mei/weights/media/model.bin").await.expect(200);
    assert_eq!(media.body, bytes);
    let pointer = mei.get("/api/v1/repos/mei/weights/raw/model.bin").await.expect(200);
    assert!(pointer.body.starts_with(b"version https://git-lfs"));
}

#[tokio::test]
async fn bytes_are_demanded_even_where_they_are_known_elsewhere() {
    let hearth = TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    hearth.repository("bo/other").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    put(&mei, &format!("/mei/secret.git/info/lfs/objects/{OID}"), b"hello").await.expect(200);
    let known =
        mei.call(Method::POST, "/mei/secret.git/info/lfs/objects/batch", &batch("upload", OID, 5)).await;
    let known = known.expect(200);
    assert_eq!(known.header("content-type"), "application/vnd.git-lfs+json");
    assert!(known.json()["objects"][0]["actions"].is_null());

    let bo = Client::with_token(&hearth, "bo", "all").await;
    let at = "/bo/other.git/info/lfs/objects/batch";
    let asked = bo.call(Method::POST, at, &batch("upload", OID, 5)).await.expect(200).json();
    let href =
        asked["objects"][0]["actions"]["upload"]["href"].as_str().expect("bytes are wanted").to_owned();
    assert_eq!(href, format!("http://hearth.test/bo/other.git/info/lfs/objects/{OID}"));
    let asked = bo.call(Method::POST, at, &batch("download", OID, 5)).await.expect(200).json();
    assert_eq!(asked["objects"][0]["error"]["code"], 404);
    bo.get(&format!("/bo/other.git/info/lfs/objects/{OID}")).await.expect(404);
    bo.get(&format!("/mei/secret.git/info/lfs/objects/{OID}")).await.expect(404);
    put(&bo, &format!("/bo/other.git/info/lfs/objects/{OID}"), b"guess").await.expect(422);
    bo.get(&format!("/bo/other.git/info/lfs/objects/{OID}")).await.expect(404);
}

#[tokio::test]
async fn every_call_asks_for_permission_first() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/open").await;
    hearth.private_repository("mei/secret").await;
    hearth.user("bo").await;
    let anonymous = Client::anonymous(&hearth.app);
    let at = |name: &str| format!("/mei/{name}.git/info/lfs/objects/batch");
    let refused = anonymous.call(Method::POST, &at("secret"), &batch("download", OID, 5)).await.expect(401);
    assert!(refused.header("lfs-authenticate").starts_with("Basic "));
    anonymous.call(Method::POST, &at("open"), &batch("upload", OID, 5)).await.expect(401);
    anonymous.call(Method::POST, &at("open"), &batch("download", OID, 5)).await.expect(200);
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call(Method::POST, &at("open"), &batch("upload", OID, 5)).await.expect(403);
    bo.call(Method::POST, &at("secret"), &batch("download", OID, 5)).await.expect(404);
    put(&bo, &format!("/mei/open.git/info/lfs/objects/{OID}"), b"hello").await.expect(403);
    let reader = Client::with_token(&hearth, "mei", "read:repository").await;
    put(&reader, &format!("/mei/open.git/info/lfs/objects/{OID}"), b"hello").await.expect(403);
}

#[tokio::test]
async fn ids_and_sizes_that_make_no_sense_are_refused() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let at = "/mei/llm.git/info/lfs/objects/batch";
    for (oid, size) in [("../../etc/passwd", 1), (&OID.to_uppercase(), 1), (OID, -1)] {
        let answer = mei.call(Method::POST, at, &batch("upload", oid, size)).await.expect(200).json();
        assert_eq!(answer["objects"][0]["error"]["code"], 422, "{answer}");
    }
    put(&mei, "/mei/llm.git/info/lfs/objects/nonsense", b"hello").await.expect(422);
    mei.call(Method::POST, at, "{").await.expect(422);
}

#[tokio::test]
async fn a_part_of_an_object_can_be_asked_for() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let path = format!("/mei/llm.git/info/lfs/objects/{OID}");
    put(&mei, &path, b"hello").await.expect(200);
    let verify = |size: i64| json!({ "oid": OID, "size": size }).to_string();
    mei.call(Method::POST, "/mei/llm.git/info/lfs/verify", &verify(5)).await.expect(200);
    mei.call(Method::POST, "/mei/llm.git/info/lfs/verify", &verify(6)).await.expect(422);
    let whole = mei.get(&path).await.expect(200);
    assert_eq!((whole.body.as_slice(), whole.header("accept-ranges")), (&b"hello"[..], "bytes"));
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    let ask = |range: &str| Request::builder().uri(&path).header("range", range);
    let part = mei.call_with(ask("bytes=1-3"), Body::empty()).await.expect(206);
    assert_eq!((part.body.as_slice(), part.header("content-range")), (&b"ell"[..], "bytes 1-3/5"));
    mei.call_with(ask("bytes=9-"), Body::empty()).await.expect(416);
}

#[tokio::test]
async fn a_lock_is_seen_by_others_and_ended_by_its_owner() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    hearth.permit(&row, "bo", hearth_core::Permission::Write).await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let at = "/mei/llm.git/info/lfs/locks";
    let lock = mei.call(Method::POST, at, r#"{"path": "a.bin"}"#).await.expect(201).json()["lock"].clone();
    assert_eq!((lock["path"].as_str(), lock["owner"]["name"].as_str()), (Some("a.bin"), Some("mei")));
    let held = bo.call(Method::POST, at, r#"{"path": "a.bin"}"#).await.expect(409).json();
    assert_eq!(held["lock"], lock);
    let seen = bo.call(Method::POST, &format!("{at}/verify"), "{}").await.expect(200).json();
    assert_eq!((&seen["theirs"][0], &seen["ours"]), (&lock, &json!([])));
    assert_eq!(bo.get(at).await.expect(200).json()["locks"], json!([lock]));
    let unlock = format!("{at}/{}/unlock", lock["id"].as_str().expect("an id"));
    bo.call(Method::POST, &unlock, r#"{"force": true}"#).await.expect(403);
    mei.call(Method::POST, &unlock, "{}").await.expect(200);
    mei.call(Method::POST, &unlock, "{}").await.expect(404);
    Client::anonymous(&hearth.app).call(Method::POST, at, r#"{"path": "b"}"#).await.expect(401);
}

#[tokio::test]
async fn a_lost_object_is_said_to_be_lost_and_asked_for_again() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/weights").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let (object, at) =
        (format!("/mei/weights.git/info/lfs/objects/{OID}"), "/mei/weights.git/info/lfs/objects/batch");
    put(&mei, &object, b"hello").await.expect(200);
    let id = hearth_app::blobs::BlobId::parse(OID).expect("an id");
    std::fs::remove_file(hearth.app.blobs().path(&id).expect("a folder")).expect("removed");

    let asked = mei.call(Method::POST, at, &batch("download", OID, 5)).await.expect(200).json();
    let error = &asked["objects"][0]["error"];
    assert_eq!(error["code"], 404);
    assert!(
        error["message"].as_str().is_some_and(|message| message.contains("missing on the server")),
        "{error}"
    );
    let refused = mei.get(&object).await.expect(404).json();
    assert!(
        refused["message"].as_str().is_some_and(|message| message.contains("missing on the server")),
        "{refused}"
    );

    let asked = mei.call(Method::POST, at, &batch("upload", OID, 5)).await.expect(200).json();
    assert!(asked["objects"][0]["actions"]["upload"]["href"].is_string(), "{asked}");
    put(&mei, &object, b"hello").await.expect(200);
    assert_eq!(mei.get(&object).await.expect(200).body, b"hello");
    let asked = mei.call(Method::POST, at, &batch("upload", OID, 5)).await.expect(200).json();
    assert!(asked["objects"][0]["actions"].is_null(), "{asked}");
}

#[tokio::test]
async fn an_upload_that_was_cut_says_where_to_go_on() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/weights").await;
    hearth.user("bo").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let asked = json!({ "operation": "upload", "transfers": ["basic", "tus"], "objects": [{ "oid": OID, "size": 5 }] });
    let at = "/mei/weights.git/info/lfs/objects/batch";
    let answer = mei.call(Method::POST, at, &asked.to_string()).await.expect(200).json();
    assert_eq!(answer["transfer"], "tus");
    let href = answer["objects"][0]["actions"]["upload"]["href"].as_str().expect("an address").to_owned();
    let path = href.strip_prefix("http://hearth.test").expect("here").to_owned();
    let head = || Request::builder().method(Method::HEAD).uri(&path);
    let patch = |offset: &'static str| {
        Request::builder()
            .method(Method::PATCH)
            .uri(&path)
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", offset)
    };
    let fresh = mei.call_with(head(), Body::empty()).await.expect(200);
    assert_eq!((fresh.header("upload-offset"), fresh.header("tus-resumable")), ("0", "1.0.0"));
    mei.call_with(patch("0"), Body::from("he")).await.expect(204);
    mei.call_with(patch("0"), Body::from("he")).await.expect(409);
    let cut = mei.call_with(head(), Body::empty()).await.expect(200);
    assert_eq!((cut.header("upload-offset"), cut.header("upload-length")), ("2", "5"));
    let whole = mei.call_with(patch("2"), Body::from("llo")).await.expect(204);
    assert_eq!(whole.header("upload-offset"), "5");
    assert_eq!(mei.get(&format!("/mei/weights.git/info/lfs/objects/{OID}")).await.expect(200).body, b"hello");
    let bo = Client::with_token(&hearth, "bo", "all").await;
    bo.call_with(patch("0"), Body::from("he")).await.expect(403);
}

/// Asks as Hugging Face's clients do; the answer's first object.
async fn asked_for_parts(client: &Client, at: &str, operation: &str) -> (String, serde_json::Value) {
    let objects = json!([{ "oid": OID, "size": 5 }]);
    let asked = json!({ "operation": operation, "transfers": ["basic", "multipart"], "objects": objects });
    let answer = client.call(Method::POST, at, &asked.to_string()).await.expect(200).json();
    (answer["transfer"].as_str().expect("a name").to_owned(), answer["objects"][0].clone())
}

/// The path of an address that the server gave.
fn path(address: &serde_json::Value) -> String {
    address.as_str().and_then(|address| address.strip_prefix("http://hearth.test")).expect("here").to_owned()
}

async fn of_parts(part_bytes: u64) -> (TestHearth, Client) {
    let limits = Limits { lfs_part_bytes: part_bytes, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.repository("mei/weights").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    (hearth, mei)
}

const BATCH: &str = "/mei/weights.git/info/lfs/objects/batch";

#[tokio::test]
async fn an_object_comes_in_parts_whose_addresses_say_who_sends_them() {
    let (hearth, mei) = of_parts(2).await;
    let (transfer, object) = asked_for_parts(&mei, BATCH, "upload").await;
    let upload = &object["actions"]["upload"];
    assert_eq!((transfer.as_str(), &upload["header"]["chunk_size"]), ("multipart", &json!("2")));
    let names: Vec<_> = upload["header"].as_object().expect("headers").keys().cloned().collect();
    assert_eq!(names, ["00001", "00002", "00003", "chunk_size"], "in the order in which they are sent");
    let whole = path(&upload["href"]);
    let anonymous = Client::anonymous(&hearth.app);
    let mut parts = Vec::new();
    // In any order, and one of them twice.
    for (number, bytes) in [(3, "o"), (1, "he"), (1, "he"), (2, "ll")] {
        let part = path(&upload["header"][format!("{number:05}")]);
        let head = || Request::builder().method(Method::HEAD).uri(&part);
        if number == 2 {
            anonymous.call_with(head(), Body::empty()).await.expect(404);
            anonymous.call(Method::POST, &whole, r#"{"parts": []}"#).await.expect(422);
        }
        let sent = put(&anonymous, &part, bytes.as_bytes()).await.expect(200);
        let etag = sent.header("etag").to_owned();
        assert_eq!(anonymous.call_with(head(), Body::empty()).await.expect(200).header("etag"), etag);
        parts.push(json!({ "partNumber": number, "etag": etag }));
    }
    let wrong = json!({ "oid": OID, "parts": [{ "partNumber": 1, "etag": "\"ab\"" }] });
    anonymous.call(Method::POST, &whole, &wrong.to_string()).await.expect(422);
    let completion = json!({ "oid": OID, "parts": parts }).to_string();
    anonymous.call(Method::POST, &whole, &completion).await.expect(200);
    anonymous.call(Method::POST, &whole, &completion).await.expect(200);
    let at = format!("/mei/weights.git/info/lfs/objects/{OID}");
    assert_eq!(mei.get(&at).await.expect(200).body, b"hello");
    let (transfer, object) = asked_for_parts(&mei, BATCH, "upload").await;
    assert_eq!((transfer.as_str(), object["actions"].is_null()), ("basic", true));
}

#[tokio::test]
async fn an_address_of_a_part_is_good_for_that_part_alone_and_for_a_day() {
    let (hearth, mei) = of_parts(2).await;
    hearth.repository("mei/other").await;
    let (_, object) = asked_for_parts(&mei, BATCH, "upload").await;
    let upload = &object["actions"]["upload"];
    let part = path(&upload["header"]["00001"]);
    let anonymous = Client::anonymous(&hearth.app);
    for (wrong, status) in [
        (part.replace("?ticket=hearth-lfs-parts.", "?ticket=hearth-lfs-parts.1"), 401),
        (part.split('?').next().unwrap_or_default().to_owned(), 401),
        (part.replace("/mei/weights", "/mei/other"), 404),
        (part.replace(&format!("objects/{OID}"), &format!("objects/{}", "ab".repeat(32))), 404),
        (part.replace("/parts/1?", "/parts/4?"), 422),
        (part.replace("/parts/1?", "/parts/0?"), 422),
        (part.replace("/parts/1?", "/parts/x?"), 422),
    ] {
        assert_ne!(wrong, part);
        put(&anonymous, &wrong, b"he").await.expect(status);
    }
    put(&anonymous, &part, b"h").await.expect(422);
    put(&anonymous, &part, b"hel").await.expect(422);
    put(&anonymous, &part, b"he").await.expect(200);
    hearth.clock.advance(std::time::Duration::from_hours(24));
    put(&anonymous, &part, b"he").await.expect(401);
}

#[tokio::test]
async fn whoever_may_no_longer_push_sends_no_more_parts() {
    let (hearth, _) = of_parts(2).await;
    let row = hearth.find_repository("mei/weights").await;
    hearth.user("bo").await;
    hearth.permit(&row, "bo", hearth_core::Permission::Write).await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let (_, object) = asked_for_parts(&bo, BATCH, "upload").await;
    let part = path(&object["actions"]["upload"]["header"]["00001"]);
    let anonymous = Client::anonymous(&hearth.app);
    put(&anonymous, &part, b"he").await.expect(200);
    hearth.permit(&row, "bo", hearth_core::Permission::Read).await;
    put(&anonymous, &part, b"he").await.expect(403);
}

#[tokio::test]
async fn small_objects_and_downloads_go_in_one_request() {
    let (_hearth, mei) = of_parts(5).await;
    for operation in ["upload", "download"] {
        assert_eq!(asked_for_parts(&mei, BATCH, operation).await.0, "basic", "{operation}");
    }
}

#[tokio::test]
async fn without_room_an_upload_is_refused_with_what_is_used_and_whom_to_ask() {
    let limits = Limits { owner_lfs_bytes: 4, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.repository("mei/weights").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let at = "/mei/weights.git/info/lfs/objects";
    let answer = mei.call(Method::POST, &format!("{at}/batch"), &batch("upload", OID, 5)).await.expect(200);
    let error = answer.json()["objects"][0]["error"].clone();
    assert_eq!(error["code"], 507);
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains("0 of 4 bytes") && message.contains("ask an administrator"), "{message}");
    put(&mei, &format!("{at}/{OID}"), b"hello").await.expect(403);
    mei.get(&format!("{at}/{OID}")).await.expect(404);
}

#[tokio::test]
async fn an_administrator_gives_an_owner_another_limit() {
    let hearth = TestHearth::new().await;
    hearth.admin("boss").await;
    hearth.user("mei").await;
    let boss = Client::with_token(&hearth, "boss", "all,write:admin").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let at = "/api/v1/admin/owners/mei/large-files";
    let room = |most_bytes: u64, is_default: bool| json!({ "owner": "mei", "used_bytes": 0, "most_bytes": most_bytes, "is_default": is_default });
    assert_eq!(boss.get(at).await.expect(200).json(), room(1 << 40, true));
    let set = boss.call(Method::PATCH, at, r#"{"most_bytes": 5}"#).await.expect(200);
    assert_eq!(set.json(), room(5, false));
    mei.get(at).await.expect(403);
    mei.call(Method::PATCH, at, r#"{"most_bytes": 0}"#).await.expect(403);
    boss.call(Method::PATCH, "/api/v1/admin/owners/nobody/large-files", "{}").await.expect(404);
    assert_eq!(boss.call(Method::PATCH, at, "{}").await.expect(200).json(), room(1 << 40, true));
}
