use axum::http::Method;
use hearth_app::{Unit, access, repository, testing::TestHearth};
use hearth_core::RepositoryKind;
use hearth_git::{RefName, RefUpdate};
use serde_json::{Value, json};

use crate::client::Client;

const AT: &str = "/api/v1/repos/mei/llm";

/// A repository with a README of one line and a folder.
async fn start() -> (TestHearth, Client) {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let new = json!({ "name": "llm", "auto_init": true }).to_string();
    mei.call(Method::POST, "/api/v1/user/repos", &new).await.expect(201);
    let file = json!({ "content": "aGkK", "message": "Say hi" }).to_string();
    mei.call(Method::POST, &format!("{AT}/contents/docs/hi.txt"), &file).await.expect(201);
    (hearth, mei)
}

async fn tip(mei: &Client) -> String {
    let branch = mei.get(&format!("{AT}/branches/main")).await.expect(200).json();
    branch["commit"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_tree_lists_folders_and_on_request_what_is_in_them() {
    let (_hearth, mei) = start().await;
    let paths = |tree: &Value| -> Vec<String> {
        let entries = tree["tree"].as_array().expect("entries");
        entries.iter().map(|entry| entry["path"].as_str().expect("a path").to_owned()).collect()
    };
    let root = mei.get(&format!("{AT}/git/trees/main")).await.expect(200).json();
    assert_eq!(
        (paths(&root), root["total_count"].as_u64()),
        (vec!["README.md".into(), "docs".into()], Some(2))
    );
    assert_eq!(
        (root["tree"][1]["type"].as_str(), root["tree"][1]["mode"].as_str()),
        (Some("tree"), Some("040000"))
    );
    let all = mei.get(&format!("{AT}/git/trees/main?recursive=1")).await.expect(200).json();
    assert_eq!(paths(&all), ["README.md", "docs", "docs/hi.txt"]);
    let second = mei.get(&format!("{AT}/git/trees/main?recursive=true&per_page=2&page=2")).await;
    let second = second.expect(200).json();
    assert_eq!((paths(&second), second["truncated"].as_bool()), (vec!["docs/hi.txt".into()], Some(false)));
    let folder = root["tree"][1]["sha"].as_str().expect("an id");
    assert_eq!(paths(&mei.get(&format!("{AT}/git/trees/{folder}")).await.expect(200).json()), ["hi.txt"]);
    let blob = all["tree"][2]["sha"].as_str().expect("an id");
    let blob = mei.get(&format!("{AT}/git/blobs/{blob}")).await.expect(200).json();
    assert_eq!((blob["content"].as_str(), blob["size"].as_u64()), (Some("aGkK"), Some(3)));
    for absent in ["trees/none", "blobs/0000000000000000000000000000000000000001", "tags/nonsense"] {
        mei.get(&format!("{AT}/git/{absent}")).await.expect(404);
    }
}

#[tokio::test]
async fn references_are_found_whole_or_by_their_beginning() {
    let (_hearth, mei) = start().await;
    let tag = json!({ "tag_name": "v1", "message": "First\n\nof all", "target": "main" }).to_string();
    let made = mei.call(Method::POST, &format!("{AT}/tags"), &tag).await.expect(201).json();
    assert_eq!(made["message"], "First\n\nof all");
    assert_eq!(made["zipball_url"], "http://hearth.test/mei/llm/archive/v1.zip");
    mei.call(Method::POST, &format!("{AT}/tags"), &tag).await.expect(409);

    let all = mei.get(&format!("{AT}/git/refs")).await.expect(200).json();
    let names: Vec<&str> =
        all.as_array().expect("a list").iter().filter_map(|reference| reference["ref"].as_str()).collect();
    assert_eq!(names, ["refs/heads/main", "refs/tags/v1"]);
    let one = mei.get(&format!("{AT}/git/refs/heads/main")).await.expect(200).json();
    assert_eq!(
        (one["object"]["type"].as_str(), one["object"]["sha"].as_str()),
        (Some("commit"), Some(&*tip(&mei).await))
    );
    assert!(mei.get(&format!("{AT}/git/refs/heads")).await.expect(200).json().is_array());
    mei.get(&format!("{AT}/git/refs/heads/none")).await.expect(404);
    let object = made["id"].as_str().expect("an id");
    let read = mei.get(&format!("{AT}/git/tags/{object}")).await.expect(200).json();
    assert_eq!((read["tag"].as_str(), read["message"].as_str()), (Some("v1"), Some("First\n\nof all\n")));
    assert_eq!(read["object"]["sha"], one["object"]["sha"]);
    mei.call(Method::DELETE, &format!("{AT}/tags/v1"), "").await.expect(204);
    mei.get(&format!("{AT}/tags/v1")).await.expect(404);
}

#[tokio::test]
async fn a_branch_moves_forwards_and_back_only_by_force() {
    let (_hearth, mei) = start().await;
    let new = json!({ "new_branch_name": "dev" }).to_string();
    mei.call(Method::POST, &format!("{AT}/branches"), &new).await.expect(201);
    let old = tip(&mei).await;
    let file = json!({ "content": "eAo=", "message": "More" }).to_string();
    mei.call(Method::POST, &format!("{AT}/contents/more"), &file).await.expect(201);
    let new = tip(&mei).await;
    let dev = format!("{AT}/branches/dev");
    let forwards = json!({ "new_commit_id": new, "old_commit_id": old });
    mei.call(Method::PUT, &dev, &forwards.to_string()).await.expect(204);
    mei.call(Method::PUT, &dev, &forwards.to_string()).await.expect(422);
    let back = json!({ "new_commit_id": old, "old_commit_id": new });
    mei.call(Method::PUT, &dev, &back.to_string()).await.expect(422);
    let forced = json!({ "new_commit_id": old, "old_commit_id": new, "force": true });
    mei.call(Method::PUT, &dev, &forced.to_string()).await.expect(204);
    mei.call(Method::PATCH, &dev, r#"{"name": "main"}"#).await.expect(409);
    mei.call(Method::PATCH, &dev, r#"{"name": "next"}"#).await.expect(204);
    mei.get(&dev).await.expect(404);
    let renamed = mei.get(&format!("{AT}/branches/next")).await.expect(200).json();
    assert_eq!(renamed["commit"]["id"], old.as_str());
    mei.call(Method::PATCH, &format!("{AT}/branches/main"), r#"{"name": "trunk"}"#).await.expect(204);
    assert_eq!(mei.get(AT).await.expect(200).json()["default_branch"], "trunk");
}

#[tokio::test]
async fn a_commit_tells_what_it_changed_and_is_read_as_a_patch() {
    let (_hearth, mei) = start().await;
    let commits = mei.get(&format!("{AT}/commits")).await.expect(200).json();
    let newest = &commits[0];
    assert_eq!(newest["stats"], json!({ "total": 1, "additions": 1, "deletions": 0 }));
    assert_eq!(newest["files"], json!([{ "filename": "docs/hi.txt", "status": "added" }]));
    assert_eq!(newest["commit"]["verification"]["reason"], "gpg.error.not_signed_commit");
    let bare = mei.get(&format!("{AT}/commits?stat=false&files=false&verification=false")).await;
    assert!(bare.expect(200).json()[0].get("stats").is_none());
    mei.get(&format!("{AT}/commits?page=abc")).await.expect(422);
    let id = newest["sha"].as_str().expect("an id");
    let diff = mei.get(&format!("{AT}/git/commits/{id}.diff")).await.expect(200);
    let wanted = "diff --git a/docs/hi.txt b/docs/hi.txt\nnew file mode 100644\nindex 0000000..45b983b\n--- /dev/null\n+++ b/docs/hi.txt\n@@ -0,0 +1 @@\n+hi\n";
    assert_eq!(String::from_utf8_lossy(&diff.body), wanted);
    let letter = mei.get(&format!("{AT}/git/commits/{id}.patch")).await.expect(200);
    let letter = String::from_utf8_lossy(&letter.body).into_owned();
    let summary = "Subject: [PATCH] Say hi\n\n---\n docs/hi.txt | 1 +\n 1 file changed, 1 insertion(+)\n create mode 100644 docs/hi.txt\n\ndiff";
    assert!(letter.contains(summary), "{letter}");
    mei.get(&format!("{AT}/git/commits/nothing.diff")).await.expect(404);
}

#[tokio::test]
async fn a_note_about_a_commit_is_read_also_from_a_folder() {
    let (hearth, mei) = start().await;
    let about = tip(&mei).await;
    let path = format!("{AT}/git/notes/{about}");
    mei.get(&path).await.expect(404);
    // As git lays them out when there are many.
    let (folder, rest) = about.split_at(2);
    let file = json!({ "content": "R29vZAo=", "message": "Note", "new_branch": "notes" }).to_string();
    let made = mei.call(Method::POST, &format!("{AT}/contents/{folder}/{rest}"), &file).await;
    let made = made.expect(201).json();
    let notes = made["commit"]["sha"].as_str().expect("an id");

    let actor = hearth.actor("mei").await;
    let kind = RepositoryKind::Code;
    let entered = access::open(&hearth.app, &actor, Unit::Code, kind, "mei", "llm").await.expect("hers");
    let git = repository::git(&hearth.app, entered.repository()).await.expect("its files");
    let name = RefName::new("refs/notes/commits").expect("a name");
    let update = RefUpdate { name, old: None, new: Some(notes.parse().expect("an id")) };
    git.update_references(&[update]).await.expect("the reference is new");

    for path in [path, format!("{AT}/git/notes/main")] {
        let note = mei.get(&path).await.expect(200).json();
        assert_eq!((&note["message"], &note["commit"]["sha"]), (&json!("Good\n"), &json!(notes)));
    }
    mei.get(&format!("{AT}/git/notes/notes")).await.expect(404);
    mei.get(&format!("{AT}/git/notes/nothing")).await.expect(404);
}
