use std::fs;

use data_encoding::{BASE64, HEXLOWER};
use hearth_tests::{RawRequest, noise};
use ring::digest;
use serde_json::{Value, json};

use super::{IsDone, Operation, World};

pub(super) type Kind = fn(&World, usize) -> Operation;

/// Every operation with several steps, and how to request it for the given round.
pub(super) const KINDS: &[(&str, Kind)] = &[
    ("create a repository", create_repository),
    ("create a repository by its form", create_by_form),
    ("delete a repository", delete_repository),
    ("delete a repository by its form", delete_by_form),
    ("rename a repository", rename_repository),
    ("create a file", create_file),
    ("change a file on a new branch", change_file),
    ("delete a file", delete_file),
    ("create a branch", create_branch),
    ("delete a branch", delete_branch),
    ("push a tag", push_tag),
    ("push the end of a tag", push_end_of_tag),
    ("push a commit", push_commit),
    ("upload a large file", upload),
    ("open an issue", open_issue),
    ("open an issue by its form", open_by_form),
    ("comment", comment),
    ("add a label", add_label),
    ("add a key", add_key),
    ("report a status", report_status),
    ("launch a task", launch),
    ("stop a task", stop),
    ("publish a model", publish),
];

const NOTHING: &str = "0000000000000000000000000000000000000000";
/// An empty pack, for references to existing objects.
const EMPTY_PACK: &[u8] =
    b"PACK\0\0\0\x02\0\0\0\0\x02\x9d\x08\x82\x3b\xd8\xa8\xea\xb5\x10\xad\x6a\xc7\x5c\x82\x3c\xfd\x3e\xd3\x1e";

pub(super) fn operation(
    request: RawRequest,
    is_done: impl Fn(&World) -> Result<bool, String> + 'static,
) -> Operation {
    Operation { request, is_done: Box::new(is_done) as IsDone }
}

pub(super) fn api(world: &World, method: &str, path: &str, body: &Value) -> RawRequest {
    RawRequest::new(method, path).by(&world.mei).json(body)
}

/// Whether the statuses are all `there` or all `absent`; an error if they are mixed.
pub(super) fn either(what: &str, statuses: &[u16], there: u16, absent: u16) -> Result<bool, String> {
    if statuses.iter().all(|status| *status == there) {
        Ok(true)
    } else if statuses.iter().all(|status| *status == absent) {
        Ok(false)
    } else {
        Err(format!("{what}: {statuses:?}"))
    }
}

/// Whether a repository exists for programs and people, with its first file; an error if only in part.
fn is_there(world: &World, name: &str, file: Option<&str>) -> Result<bool, String> {
    let get = |path: &str| world.mei.api.get(path).status;
    let mut statuses = vec![get(&world.mei.repository_api(name, "")), get(&format!("/mei/{name}"))];
    statuses.extend(file.map(|file| get(&world.mei.repository_api(name, &format!("/contents/{file}")))));
    either(name, &statuses, 200, 404)
}

fn create_repository(world: &World, number: usize) -> Operation {
    let name = format!("made-{number}");
    let request = api(world, "POST", "/api/v1/user/repos", &json!({ "name": name, "auto_init": true }));
    operation(request, move |world| is_there(world, &name, Some("README.md")))
}

fn create_by_form(world: &World, number: usize) -> Operation {
    let name = format!("form-{number}");
    let fields = [("name", name.as_str()), ("visibility", "public")];
    let request = world.session.raw("/repo/create", "/repo/create", &fields);
    operation(request, move |world| is_there(world, &name, None))
}

fn delete_repository(world: &World, number: usize) -> Operation {
    let name = format!("gone-api-{number}");
    let request = api(world, "DELETE", &world.mei.repository_api(&name, ""), &json!({}));
    operation(request, move |world| is_there(world, &name, Some("README.md")).map(|is_there| !is_there))
}

fn delete_by_form(world: &World, number: usize) -> Operation {
    let name = format!("gone-form-{number}");
    let page = format!("/mei/{name}/settings");
    let confirm = format!("mei/{name}");
    let request = world.session.raw(&page, &format!("{page}/delete"), &[("confirm", &confirm)]);
    operation(request, move |world| is_there(world, &name, Some("README.md")).map(|is_there| !is_there))
}

fn rename_repository(world: &World, number: usize) -> Operation {
    let (old, new) = (format!("name-{number}"), format!("renamed-{number}"));
    let request = api(world, "PATCH", &world.mei.repository_api(&old, ""), &json!({ "name": new }));
    operation(request, move |world| {
        let answer = world.mei.api.get(&world.mei.repository_api(&old, ""));
        let name = answer.expect(200).json()["name"].clone();
        let is_there = is_there(world, &new, Some("README.md"))?;
        if name == if is_there { &*new } else { &*old } { Ok(is_there) } else { Err(name.to_string()) }
    })
}

fn contents(file: &str) -> String {
    format!("/contents/{file}")
}

pub(super) fn status_of(world: &World, rest: &str) -> u16 {
    world.mei.api.get(&world.mei.repository_api("llm", rest)).status
}

fn create_file(world: &World, number: usize) -> Operation {
    let (file, message) = (format!("new-{number}.txt"), format!("Add the file {number}."));
    let body = json!({ "content": BASE64.encode(b"new\n"), "message": message });
    let request = api(world, "POST", &world.mei.repository_api("llm", &contents(&file)), &body);
    operation(request, move |world| {
        let log = world.mei.api.get(&world.mei.repository_api("llm", "/commits?limit=50")).expect(200).body;
        let logged = if log.contains(&message) { 200 } else { 404 };
        either(&file, &[status_of(world, &contents(&file)), logged], 200, 404)
    })
}

fn change_file(world: &World, number: usize) -> Operation {
    let (file, branch) = (format!("edit-{number}.txt"), format!("side-{number}"));
    let sha = world.git.run(&["rev-parse", &format!("HEAD:{file}")]);
    let body = json!({
        "content": BASE64.encode(b"after\n"),
        "sha": sha.trim(),
        "new_branch": branch,
        "message": "Change it",
    });
    let request = api(world, "PUT", &world.mei.repository_api("llm", &contents(&file)), &body);
    operation(request, move |world| {
        let branch_status = status_of(world, &format!("/branches/{branch}"));
        let raw = world.mei.api.get(&world.mei.repository_api("llm", &format!("/raw/{file}?ref={branch}")));
        let text = if raw.body == "after\n" { 200 } else { 404 };
        either(&branch, &[branch_status, raw.status, text], 200, 404)
    })
}

fn delete_file(world: &World, number: usize) -> Operation {
    let file = format!("drop-{number}.txt");
    let sha = world.git.run(&["rev-parse", &format!("HEAD:{file}")]);
    let body = json!({ "sha": sha.trim(), "message": "Drop it" });
    let request = api(world, "DELETE", &world.mei.repository_api("llm", &contents(&file)), &body);
    operation(request, move |world| either(&file, &[status_of(world, &contents(&file))], 404, 200))
}

fn create_branch(world: &World, number: usize) -> Operation {
    let name = format!("made-{number}");
    let body = json!({ "new_branch_name": name, "old_ref_name": "main" });
    let request = api(world, "POST", &world.mei.repository_api("llm", "/branches"), &body);
    operation(request, move |world| {
        either(&name, &[status_of(world, &format!("/branches/{name}"))], 200, 404)
    })
}

fn delete_branch(world: &World, number: usize) -> Operation {
    let path = format!("/branches/old-{number}");
    let request = api(world, "DELETE", &world.mei.repository_api("llm", &path), &json!({}));
    operation(request, move |world| either(&path, &[status_of(world, &path)], 404, 200))
}

fn push(world: &World, old: &str, new: &str, reference: &str, pack: &[u8]) -> RawRequest {
    let command = format!("{old} {new} {reference}\0 report-status delete-refs");
    let mut body = format!("{:04x}{command}0000", command.len() + 4).into_bytes();
    body.extend(pack);
    let request = RawRequest::new("POST", "/mei/llm.git/git-receive-pack").by(&world.mei);
    request.body("application/x-git-receive-pack-request", body)
}

fn push_tag(world: &World, number: usize) -> Operation {
    let path = format!("/tags/v{number}");
    let request = push(world, NOTHING, &world.head, &format!("refs/tags/v{number}"), EMPTY_PACK);
    operation(request, move |world| either(&path, &[status_of(world, &path)], 200, 404))
}

fn push_end_of_tag(world: &World, number: usize) -> Operation {
    let path = format!("/tags/old-{number}");
    let request = push(world, &world.head, NOTHING, &format!("refs/tags/old-{number}"), b"");
    operation(request, move |world| either(&path, &[status_of(world, &path)], 404, 200))
}

fn push_commit(world: &World, number: usize) -> Operation {
    let (git, pack) = (&world.git, world.git.folder().join("../pack"));
    let message = format!("Pushed {number}");
    let made = git.run(&["commit-tree", "-p", "HEAD", "-m", &message, "HEAD^{tree}"]);
    let commit = made.trim().to_owned();
    let packed = git.program(
        "sh",
        &[
            "-c",
            "printf '%s\\n^HEAD\\n' \"$1\" | git pack-objects --quiet --revs --stdout > ../pack",
            "sh",
            &commit,
        ],
        &[],
    );
    assert!(packed.succeeded, "{}", packed.err);
    let bytes = fs::read(pack).unwrap();
    let request = push(world, NOTHING, &commit, &format!("refs/heads/pushed-{number}"), &bytes);
    let path = format!("/branches/pushed-{number}");
    operation(request, move |world| either(&path, &[status_of(world, &path)], 200, 404))
}

fn upload(world: &World, number: usize) -> Operation {
    let bytes = noise(1_000 + number as u64, 300_000);
    let oid = HEXLOWER.encode(digest::digest(&digest::SHA256, &bytes).as_ref());
    let path = format!("/mei/llm.git/info/lfs/objects/{oid}");
    let request = RawRequest::new("PUT", &path).by(&world.mei).body("application/octet-stream", bytes);
    let objects = json!([{ "oid": oid, "size": 300_000 }]);
    operation(request, move |world| {
        let asked = json!({ "operation": "download", "transfers": ["basic"], "objects": objects });
        let answer = world.mei.api.post("/mei/llm.git/info/lfs/objects/batch", &asked).expect(200).json();
        let told = if answer["objects"][0]["actions"]["download"].is_object() { 200 } else { 404 };
        let read = world.mei.api.request(reqwest::Method::GET, &path).send().unwrap();
        either(&path, &[told, read.status().as_u16()], 200, 404)
    })
}

/// How often something is in a list.
pub(super) fn once(list: &Value, field: &str, value: &str) -> Result<bool, String> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    match items.iter().filter(|item| item[field] == value).count() {
        0 => Ok(false),
        1 => Ok(true),
        many => Err(format!("{many} times {value}")),
    }
}

pub(super) fn list(world: &World, path: &str) -> Value {
    world.mei.api.get(path).expect(200).json()
}

fn is_issue(world: &World, title: &str) -> Result<bool, String> {
    once(&list(world, &world.mei.repository_api("llm", "/issues?state=all&limit=50")), "title", title)
}

fn open_issue(world: &World, number: usize) -> Operation {
    let title = format!("Issue {number}");
    let request = api(world, "POST", &world.mei.repository_api("llm", "/issues"), &json!({ "title": title }));
    operation(request, move |world| is_issue(world, &title))
}

fn open_by_form(world: &World, number: usize) -> Operation {
    let title = format!("By a form {number}");
    let page = "/mei/llm/issues/new";
    let request = world.session.raw(page, page, &[("title", &title), ("body", "")]);
    operation(request, move |world| is_issue(world, &title))
}

fn comment(world: &World, number: usize) -> Operation {
    let text = format!("Comment {number}");
    let path = world.mei.repository_api("llm", "/issues/1/comments");
    let request = api(world, "POST", &path, &json!({ "body": text }));
    operation(request, move |world| {
        let comments = list(world, &path);
        let issue = list(world, &world.mei.repository_api("llm", "/issues/1"));
        if issue["comments"].as_u64() != comments.as_array().map(|all| all.len() as u64) {
            return Err(format!("{} comments are counted", issue["comments"]));
        }
        once(&comments, "body", &text)
    })
}

fn add_label(world: &World, number: usize) -> Operation {
    let name = format!("label {number}");
    let path = world.mei.repository_api("llm", "/labels");
    let request = api(world, "POST", &path, &json!({ "name": name, "color": "#00aabb" }));
    operation(request, move |world| once(&list(world, &path), "name", &name))
}

fn add_key(world: &World, number: usize) -> Operation {
    let title = format!("Key {number}");
    let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
    blob.extend(noise(2_000 + number as u64, 32));
    let key = format!("ssh-ed25519 {}", BASE64.encode(&blob));
    let request = api(world, "POST", "/api/v1/user/keys", &json!({ "title": title, "key": key }));
    operation(request, move |world| once(&list(world, "/api/v1/user/keys?limit=50"), "title", &title))
}

fn report_status(world: &World, number: usize) -> Operation {
    let context = format!("ci/{number}");
    let path = world.mei.repository_api("llm", &format!("/statuses/{}", world.head));
    let request = api(world, "POST", &path, &json!({ "context": context, "state": "success" }));
    operation(request, move |world| once(&list(world, &format!("{path}?limit=50")), "context", &context))
}

fn launch(world: &World, number: usize) -> Operation {
    let name = format!("launched-{number}");
    let path = world.mei.repository_api("llm", "/tasks");
    let request = api(world, "POST", &path, &json!({ "boot_file": "run.py", "name": name }));
    operation(request, move |world| once(&list(world, &format!("{path}?q={name}")), "name", &name))
}

fn stop(world: &World, number: usize) -> Operation {
    let task = world.running[number].clone();
    let request = api(world, "POST", &format!("/api/v1/tasks/{task}/stop"), &json!({}));
    operation(request, move |world| match &*world.state_of(&task) {
        "STOPPED" => Ok(true),
        "PREPARING" | "WAITING" | "CREATING" | "RUNNING" => Ok(false),
        between => Err(between.to_owned()),
    })
}

fn publish(world: &World, number: usize) -> Operation {
    let name = format!("model-{number}");
    let path = format!("/api/v1/tasks/{}/publish", world.task);
    let request = api(world, "POST", &path, &json!({ "model": name }));
    operation(request, move |world| {
        let get = |path: &str| world.mei.api.get(path);
        let lineage = get(&format!("/api/v1/tasks/{}/lineage", world.task)).expect(200).body;
        let statuses = [
            get(&world.mei.repository_api(&name, "?kind=model")).status,
            get(&world.mei.repository_api(&name, "/contents/result.txt?kind=model")).status,
            get(&format!("/models/mei/{name}")).status,
            if lineage.contains(&name) { 200 } else { 404 },
        ];
        either(&name, &statuses, 200, 404)
    })
}
