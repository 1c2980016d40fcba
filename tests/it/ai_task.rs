//! AiForge's task API on a task that really ran.

use std::{process::Command, time::Duration};

use hearth_tests::{Git, Person, TestServer, wait_for};
use reqwest::Method;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(2);

const TRAIN: &str = "\
import json, os
for step in range(4):
    print(f'step={step} loss={1 / (step + 1)}', flush=True)
output = os.environ['LOCAL_OUTPUT_PATH']
os.makedirs(output + '/weights')
open(output + '/weights/model.bin', 'wb').write(bytes(2000))
open(output + '/result.txt', 'w').write('good')
";

const NAMES: &str = "\
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(sorted(archive.namelist()))
";

/// The data of an answer whose code is 0.
fn get(person: &Person, path: &str) -> Value {
    data(person.api.get(&format!("/api/v1{path}")).expect(200).json())
}

fn post(person: &Person, path: &str, body: &Value) -> Value {
    data(person.api.post(&format!("/api/v1{path}"), body).expect(200).json())
}

fn data(mut answer: Value) -> Value {
    assert_eq!(answer["code"], 0, "{answer}");
    answer["data"].take()
}

#[test]
fn a_program_that_knows_aiforge_trains_reads_and_exports() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    Git::of(&mei).begin("llm", &mei.clone_address("llm"), &[("train.py", TRAIN)]);
    let form = get(&mei, "/mei/llm/ai_task/creation/required?job_type=TRAIN&compute_source=CPU");
    let made = post(
        &mei,
        "/mei/llm/ai_task/create",
        &json!({
            "job_type": "TRAIN",
            "display_job_name": "first",
            "cluster": "OpenI",
            "compute_source": "CPU",
            "spec_id": form["specs"]["all"][0]["id"],
            "branch_name": form["default_branch"],
            "boot_file": "train.py",
        }),
    );
    let id = &made["id"];
    let at = |what: &str, rest: &str| format!("/ai_task{what}?id={id}{rest}");
    wait_for("the end of the task", PATIENCE, || {
        let now = get(&mei, &at("/brief", ""));
        assert!(now["status"] != "FAILED", "{now}");
        (now["status"] == "SUCCEEDED").then_some(())
    });

    let log = get(&mei, &at("/log", "&base_line=&lines=2&order=up&node_id=undefined"));
    assert_eq!(
        (&log["start_line"], &log["end_line"], &log["lines"]),
        (&json!(3), &json!(4), &json!(2)),
        "{log}"
    );
    let before = get(&mei, &at("/log", "&base_line=3&lines=50&order=up"));
    assert_eq!((&before["start_line"], &before["end_line"]), (&json!(1), &json!(2)), "{before}");
    let after = get(&mei, &at("/log", "&base_line=1&lines=1&order=down"));
    assert_eq!(after["content"], "step=1 loss=0.5\n");
    let whole = mei.api.get(&format!("/api/v1{}", at("/log/download", ""))).expect(200);
    assert_eq!(whole.body.lines().count(), 4);
    assert_eq!(get(&mei, &at("/loss", ""))[3]["loss"], 0.25);

    let root = &get(&mei, &at("/output", ""))["output"];
    assert_eq!(root["file_list"][0]["FileName"], "weights", "{root}");
    assert_eq!((&root["file_list"][0]["IsDir"], &root["status"]), (&json!(true), &json!(0)));
    let folder = &get(&mei, &at("/output", "&parent_dir=weights"))["output"];
    assert_eq!(
        (&folder["file_list"][0]["FileName"], &folder["file_list"][0]["Size"]),
        (&json!("model.bin"), &json!(2000))
    );
    assert_eq!(get(&mei, &at("/output/all", "&suffix=.txt"))["file_list"].as_array().map(Vec::len), Some(1));
    let one = mei
        .api
        .get(&format!("/api/v1{}", at("/output/download", "&file_name=result.txt&parent_dir=")))
        .expect(200);
    assert_eq!(one.body, "good");
    assert_eq!(
        names_in_zip(&mei, &format!("/api/v1{}", at("/output/download/all", ""))),
        "['result.txt', 'weights/model.bin']"
    );

    let model = post(
        &mei,
        &at("/export2aimodel", ""),
        &json!({"name": "first-model", "file_list": "weights/model.bin"}),
    );
    assert_eq!((&model["name"], &model["version"]), (&json!("mei/first-model"), &json!("v1")), "{model}");
    let again = post(&mei, &at("/restart", ""), &json!({}));
    assert_ne!(again["id"], *id);
    post(&mei, &format!("/ai_task/stop?id={}", again["id"]), &json!({}));
    post(&mei, &at("/del", ""), &json!({}));
}

/// The file names as Python's own zip reader finds them, with every checksum verified.
fn names_in_zip(person: &Person, path: &str) -> String {
    let answer = person.api.request(Method::GET, path).send().expect("an answer");
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("all.zip");
    std::fs::write(&archive, answer.bytes().expect("the whole archive")).expect("written");
    let said = Command::new("python3").args(["-c", NAMES]).arg(&archive).output().expect("Python runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8_lossy(&said.stdout).trim().to_owned()
}
