//! The unmodified git-lfs.

use std::path::{Path, PathBuf};

use hearth_tests::{Git, Person, TestServer, noise, skip};
use serde_json::json;

const WEIGHTS: usize = 3 * 1024 * 1024 + 17;

/// A repository whose `*.bin` files are large files, with one of them pushed.
fn with_weights(server: &TestServer, is_private: bool) -> (Person, Git) {
    let mei = server.admin("mei");
    if is_private {
        mei.create_private_repository("weights");
    } else {
        mei.create_repository("weights");
    }
    let mut git = Git::of(&mei);
    git.run(&["lfs", "install", "--skip-repo"]);
    let attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
    git.begin("weights", &mei.clone_address("weights"), &[(".gitattributes", attributes)]);
    git.write("model.bin", noise(3, WEIGHTS));
    git.commit("Add the weights");
    git.run(&["push"]);
    (mei, git)
}

/// The object id of the weights: their sha256.
fn object(git: &Git) -> String {
    let listed = git.run(&["lfs", "ls-files", "--long"]);
    listed.split_whitespace().next().unwrap_or_default().to_owned()
}

#[test]
fn a_large_file_comes_back_as_it_went() {
    let server = TestServer::start();
    let (mei, _) = with_weights(&server, false);
    let mut reader = Git::anonymous();
    reader.run(&["lfs", "install", "--skip-repo"]);
    reader.run(&["clone", "--quiet", &mei.clone_address("weights"), "copy"]);
    reader.enter("copy");
    let content = std::fs::read(reader.folder().join("model.bin")).unwrap();
    assert!(content == noise(3, WEIGHTS), "{} bytes came back", content.len());
    reader.run(&["lfs", "fsck"]);
}

#[test]
fn the_repository_itself_holds_a_pointer_only() {
    let server = TestServer::start();
    let (mei, git) = with_weights(&server, false);
    let raw = git.run(&["cat-file", "-p", "HEAD:model.bin"]);
    assert!(raw.starts_with("version https://git-lfs.github.com/spec/v1\n"), "{raw}");
    assert!(raw.contains(&object(&git)));
    let entry = mei.api.get(&mei.repository_api("weights", "/contents/model.bin")).expect(200).json();
    assert_eq!(entry["name"], "model.bin");
}

#[test]
fn large_files_of_a_private_repository_are_unknown_to_others() {
    let server = TestServer::start();
    let (_, git) = with_weights(&server, true);
    let lin = server.person("lin");
    let body = json!({
        "operation": "download",
        "transfers": ["basic"],
        "objects": [{ "oid": object(&git), "size": WEIGHTS }],
    });
    let path = "/mei/weights.git/info/lfs/objects/batch";
    let absent = "/mei/absent.git/info/lfs/objects/batch";
    assert_eq!(lin.api.post(path, &body).status, lin.api.post(absent, &body).status);
    assert_eq!(lin.api.post(path, &body).expect(404).body, lin.api.post(absent, &body).body);
    assert!(matches!(server.anonymous().post(path, &body).status, 401 | 404));
}

#[test]
fn knowing_the_name_of_an_object_is_not_owning_it() {
    let server = TestServer::start();
    let (_, git) = with_weights(&server, true);
    let lin = server.person("lin");
    lin.create_repository("other");
    let objects = json!([{ "oid": object(&git), "size": WEIGHTS }]);
    let path = "/lin/other.git/info/lfs/objects/batch";
    let upload = json!({ "operation": "upload", "transfers": ["basic"], "objects": objects });
    let answer = lin.api.post(path, &upload).expect(200).json();
    let action = &answer["objects"][0]["actions"]["upload"];
    assert!(action["href"].is_string(), "the bytes must be sent: {answer}");
    let download = json!({ "operation": "download", "transfers": ["basic"], "objects": objects });
    let answer = lin.api.post(path, &download).expect(200).json();
    assert_eq!(answer["objects"][0]["error"]["code"], 404, "{answer}");
}

#[test]
fn bytes_that_are_not_what_they_say_are_not_kept() {
    let server = TestServer::start();
    let (mei, _) = with_weights(&server, false);
    let named = "a".repeat(64);
    let objects = json!([{ "oid": named, "size": 5 }]);
    let path = "/mei/weights.git/info/lfs/objects/batch";
    let upload = json!({ "operation": "upload", "transfers": ["basic"], "objects": objects });
    let answer = mei.api.post(path, &upload).expect(200).json();
    let action = &answer["objects"][0]["actions"]["upload"];
    let href = action["href"].as_str().unwrap();
    let target = href.strip_prefix(&server.url("")).unwrap_or_else(|| panic!("{href} is not on this server"));
    let mut request = server.anonymous().request(reqwest::Method::PUT, target).body("wrong");
    for (name, value) in action["header"].as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().unwrap());
    }
    let answer = request.send().unwrap();
    assert_eq!(answer.status().as_u16(), 422);
    let download = json!({ "operation": "download", "transfers": ["basic"], "objects": objects });
    let answer = mei.api.post(path, &download).expect(200).json();
    assert_eq!(answer["objects"][0]["error"]["code"], 404, "{answer}");
}

#[test]
fn a_push_of_a_large_file_that_was_cut_goes_on_where_it_was() {
    let server = TestServer::start();
    let (mei, git) = with_weights(&server, false);
    let weights = noise(4, WEIGHTS);
    git.write("model.bin", &weights);
    git.commit("Train on");
    git.run(&["config", "lfs.tustransfers", "true"]);
    let (object, half) = (object(&git), WEIGHTS / 2);
    let path = format!("/mei/weights.git/info/lfs/objects/{object}/tus?size={WEIGHTS}");
    let begun = mei
        .api
        .request(reqwest::Method::PATCH, &path)
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", "0")
        .body(weights[..half].to_vec())
        .send()
        .unwrap();
    assert_eq!(begun.status().as_u16(), 204);
    let pushed = git.program("git", &["push"], &[("GIT_CURL_VERBOSE", "1")]);
    assert!(pushed.succeeded, "{}", pushed.err);
    assert!(pushed.err.contains(&format!("> Upload-Offset: {half}")), "it began anew: {}", pushed.err);
    let path = format!("/mei/weights.git/info/lfs/objects/{object}");
    let came = mei.api.request(reqwest::Method::GET, &path).send().unwrap().bytes().unwrap();
    assert!(came[..] == weights[..], "{} bytes came back", came.len());
}

/// The folder of Hugging Face's command line, if it is installed.
fn hugging_face() -> Option<PathBuf> {
    let python = PathBuf::from(std::env::var_os("HEARTH_TEST_PYTHON")?);
    let folder = python.parent()?.to_owned();
    folder.join("hf").is_file().then_some(folder)
}

/// The search path with this folder before everything else.
fn path_with(folder: &Path) -> String {
    let rest = std::env::var("PATH").unwrap_or_default();
    format!("{}:{rest}", folder.display())
}

#[test]
fn the_unmodified_hugging_face_transfer_sends_a_large_file_in_parts() {
    let Some(folder) = hugging_face() else {
        return skip("HEARTH_TEST_PYTHON names no Python with huggingface_hub");
    };
    let server = TestServer::builder().setting("limits.lfs_part_bytes", "1048576").start();
    let (mei, git) = with_weights(&server, true);
    let path = path_with(&folder);
    let environment = [("PATH", path.as_str()), ("HF_HUB_DISABLE_TELEMETRY", "1")];
    let program = folder.join("hf").display().to_string();
    let configured = git.program(&program, &["lfs-enable-largefiles", "."], &environment);
    assert!(configured.succeeded, "{}{}", configured.out, configured.err);
    let (weights, small) = (noise(5, WEIGHTS), noise(6, 100));
    git.write("model.bin", &weights);
    git.write("tokens.bin", &small);
    git.commit("Train on");
    let pushed = git.program("git", &["push"], &[environment[0], environment[1], ("GIT_TRACE", "1")]);
    assert!(pushed.succeeded, "{}", pushed.err);
    assert!(pushed.err.contains("lfs-multipart-upload"), "it was sent in another way: {}", pushed.err);
    let mut reader = Git::of(&mei);
    reader.run(&["lfs", "install", "--skip-repo"]);
    reader.run(&["clone", "--quiet", &mei.clone_address("weights"), "copy"]);
    reader.enter("copy");
    for (name, bytes) in [("model.bin", weights), ("tokens.bin", small)] {
        let content = std::fs::read(reader.folder().join(name)).unwrap();
        assert!(content == bytes, "{} bytes of {name} came back", content.len());
    }
    reader.run(&["lfs", "fsck"]);
    let left = server.ask_database("SELECT COUNT(*) FROM lfs_uploads");
    assert_eq!(left, ["0"], "nothing waits for more parts");
}

#[test]
fn a_push_without_room_is_told_how_much_is_used_and_whom_to_ask() {
    let server = TestServer::builder().setting("limits.owner_lfs_bytes", "1000").start();
    let mei = server.admin("mei");
    mei.create_repository("weights");
    let mut git = Git::of(&mei);
    git.run(&["lfs", "install", "--skip-repo"]);
    let attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
    git.begin("weights", &mei.clone_address("weights"), &[(".gitattributes", attributes)]);
    git.write("model.bin", noise(3, WEIGHTS));
    git.commit("Add the weights");
    let refused = git.attempt(&["push"]);
    assert!(!refused.succeeded);
    assert!(refused.err.contains("0 of 1000 bytes"), "{}", refused.err);
    assert!(refused.err.contains("ask an administrator"), "{}", refused.err);
}
