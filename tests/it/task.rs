//! Tasks on the local engine, and faults while they run.

use std::time::Duration;

use hearth_tests::{Api, Browser, Git, Person, Process, Session, TestServer, skip, wait_for, wait_until};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(2);

/// Counts slowly, so that there is time to break something, and writes a file.
const COUNT: &str = "\
import os, sys, time
last = int(dict(word[2:].split('=') for word in sys.argv[1:]).get('last', 40))
for number in range(last):
    print(f'line {number}', flush=True)
    time.sleep(0.1)
open(os.environ['LOCAL_OUTPUT_PATH'] + '/result.txt', 'w').write('counted')
";

const CLIENT: &str = "\
from c2net.context import prepare, upload_output
context = prepare()
print('code is there', sorted(__import__('os').listdir(context.code_path)))
open(context.output_path + '/result.txt', 'w').write('by c2net')
upload_output()
";

/// Prints whether the kernel may give this program huge pages.
const PAGES: &str =
    "print(*[line for line in open('/proc/self/status') if line.startswith('THP_enabled')])\n";

/// A server with a repository whose code can run.
fn with_code() -> (TestServer, Person) {
    let mut builder = TestServer::builder();
    if let Ok(python) = std::env::var("HEARTH_TEST_PYTHON") {
        builder = builder.setting("engine.local.interpreters", &format!("[\"{python}\"]"));
    }
    let server = builder.start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let files = [
        ("count.py", COUNT),
        ("client.py", CLIENT),
        ("fail.py", "raise SystemExit(3)\n"),
        ("pages.py", PAGES),
    ];
    Git::of(&mei).begin("llm", &mei.clone_address("llm"), &files);
    (server, mei)
}

fn launch(person: &Person, asked: &Value) -> String {
    let task = person.api.post(&person.repository_api("llm", "/tasks"), asked).expect(201).json();
    task["id"].to_string().trim_matches('"').to_owned()
}

fn task(person: &Person, id: &str) -> Value {
    person.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json()
}

fn wait_for_state(person: &Person, id: &str, wanted: &str) {
    let mut last = String::new();
    wait_until(&format!("task {id} to be {wanted}"), PATIENCE, || {
        let now = task(person, id)["state"].as_str().unwrap_or_default().to_owned();
        let over = ["SUCCEEDED", "FAILED", "STOPPED", "CREATED_FAILED"].contains(&now.as_str());
        assert!(now == wanted || !over, "{now}: {}\n{}", timeline(person, id), log(person, id));
        last.clone_from(&now);
        now == wanted
    });
}

fn log(person: &Person, id: &str) -> String {
    person.api.get(&format!("/api/v1/tasks/{id}/log?offset=0")).body
}

fn timeline(person: &Person, id: &str) -> String {
    person.api.get(&format!("/api/v1/tasks/{id}/timeline?limit=50")).body
}

/// The numbers that the program printed, in the order of the log.
fn numbers(log: &str) -> Vec<u32> {
    let said = log.lines().filter_map(|line| line.split("line ").nth(1));
    said.filter_map(|number| number.trim().parse().ok()).collect()
}

#[test]
fn a_task_runs_and_leaves_its_record() {
    let (_server, mei) = with_code();
    let id =
        launch(&mei, &json!({ "boot_file": "count.py", "parameters": [{ "name": "last", "value": "5" }] }));
    wait_for_state(&mei, &id, "SUCCEEDED");
    assert_eq!(numbers(&log(&mei, &id)), [0, 1, 2, 3, 4]);
    let outputs = mei.api.get(&format!("/api/v1/tasks/{id}/outputs")).expect(200).json();
    let result = &outputs[0];
    assert_eq!(result["path"], "result.txt", "{outputs}");
    let content = mei.api.get(&format!("/api/v1/tasks/{id}/outputs/result.txt")).expect(200);
    assert_eq!(content.body, "counted");
    let record = wait_for("the sealed record", PATIENCE, || {
        let answer = mei.api.get(&format!("/api/v1/tasks/{id}/record"));
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(record["code"]["commit"].as_str().map(str::len), Some(40), "{record}");
}

#[test]
fn a_server_does_without_huge_pages_and_its_tasks_may_have_them() {
    let (server, mei) = with_code();
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process().id())).expect("it runs");
    let Some(of_server) = status.lines().find(|line| line.starts_with("THP_enabled")) else {
        return skip("this kernel does not say who has huge pages");
    };
    assert!(of_server.ends_with('0'), "{of_server}");
    let id = launch(&mei, &json!({ "boot_file": "pages.py" }));
    wait_for_state(&mei, &id, "SUCCEEDED");
    let log = log(&mei, &id);
    assert!(log.lines().any(|line| line.contains("THP_enabled:\t1")), "{log}");
}

#[test]
fn a_log_that_is_opened_while_its_task_waits_fills_by_itself() {
    let (server, mei) = with_code();
    let session = Session::of(&mei);
    let pool = "/-/admin/compute/pools/local";
    let paused = session.submit_to(pool, &format!("{pool}/pause"), &[("message", "Back in a minute.")]);
    assert_eq!(paused.status, 303, "{}", paused.body);
    let id = launch(&mei, &json!({ "boot_file": "count.py" }));

    let browser = Browser::open(&server.url(""));
    browser.goto(&format!("/tasks/{id}/log"));
    browser.wait_for_words("No log yet", PATIENCE);
    let resumed = session.submit_to(pool, &format!("{pool}/resume"), &[]);
    assert_eq!(resumed.status, 303, "{}", resumed.body);
    browser.wait_for_words("line 39", PATIENCE);
}

#[test]
fn a_program_that_fails_says_with_what() {
    let (_server, mei) = with_code();
    let id = launch(&mei, &json!({ "boot_file": "fail.py" }));
    wait_for_state(&mei, &id, "FAILED");
    let steps = timeline(&mei, &id);
    assert!(steps.contains("run.exit_nonzero"), "{steps}");
}

#[test]
fn killing_the_server_loses_no_line_of_a_running_task() {
    let (mut server, mei) = with_code();
    let id =
        launch(&mei, &json!({ "boot_file": "count.py", "parameters": [{ "name": "last", "value": "80" }] }));
    wait_until("the first lines", PATIENCE, || numbers(&log(&mei, &id)).len() > 5);
    server.kill();
    std::thread::sleep(Duration::from_secs(2));
    server.start_again();
    wait_for_state(&mei, &id, "SUCCEEDED");
    assert_eq!(numbers(&log(&mei, &id)), (0..80).collect::<Vec<_>>());
    let detail = mei.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json();
    assert_eq!(detail["attempts"], 1, "nothing started twice: {detail}");
}

#[test]
fn killing_the_agent_is_the_platforms_fault() {
    let (server, mei) = with_code();
    let id =
        launch(&mei, &json!({ "boot_file": "count.py", "parameters": [{ "name": "last", "value": "600" }] }));
    wait_until("the first lines", PATIENCE, || numbers(&log(&mei, &id)).len() > 2);
    let agent = wait_for("the agent", PATIENCE, || server.processes(" agent").first().copied());
    server.kill_process(agent);
    wait_for_state(&mei, &id, "FAILED");
    let steps = timeline(&mei, &id);
    assert!(steps.contains("platform.fault"), "{steps}");
    wait_until("the end of the program", PATIENCE, || server.processes("count.py").is_empty());
}

#[test]
fn a_stopped_task_ends_soon() {
    let (server, mei) = with_code();
    let id =
        launch(&mei, &json!({ "boot_file": "count.py", "parameters": [{ "name": "last", "value": "600" }] }));
    wait_until("the first lines", PATIENCE, || !numbers(&log(&mei, &id)).is_empty());
    let stopped = mei.api.post(&format!("/api/v1/tasks/{id}/stop"), &json!({}));
    assert!(matches!(stopped.status, 200 | 202), "{}", stopped.body);
    wait_for_state(&mei, &id, "STOPPED");
    wait_until("the end of the program", PATIENCE, || server.processes("count.py").is_empty());
}

#[test]
fn the_unmodified_c2net_works_in_a_task() {
    if std::env::var("HEARTH_TEST_PYTHON").is_err() {
        return skip("HEARTH_TEST_PYTHON names no Python with c2net");
    }
    let (_server, mei) = with_code();
    let choices = mei.api.get(&mei.repository_api("llm", "/tasks/choices")).expect(200).json();
    // The configured interpreter comes before the detected ones.
    let image = &choices["images"][0]["code"];
    let id = launch(&mei, &json!({ "boot_file": "client.py", "image": image }));
    wait_for_state(&mei, &id, "SUCCEEDED");
    assert!(log(&mei, &id).contains("code is there"), "{}", log(&mei, &id));
    let content = mei.api.get(&format!("/api/v1/tasks/{id}/outputs/result.txt")).expect(200);
    assert_eq!(content.body, "by c2net");
}

#[test]
fn a_task_of_a_private_repository_is_unknown_to_others() {
    let (server, mei) = with_code();
    let hidden = json!({ "private": true });
    assert_eq!(mei.api.patch(&mei.repository_api("llm", ""), &hidden).status, 200);
    let id =
        launch(&mei, &json!({ "boot_file": "count.py", "parameters": [{ "name": "last", "value": "2" }] }));
    let lin = server.person("lin");
    for rest in ["", "/log", "/timeline", "/outputs", "/record"] {
        assert_eq!(lin.api.get(&format!("/api/v1/tasks/{id}{rest}")).status, 404, "{rest}");
    }
    assert_eq!(server.anonymous().get(&format!("/tasks/{id}")).status, 404);
    wait_for_state(&mei, &id, "SUCCEEDED");
}

#[test]
fn without_a_sandbox_a_launch_is_refused_before_it_waits() {
    let folder = programs_without_a_sandbox();
    let server = TestServer::builder().programs(folder.path()).start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    Git::of(&mei).begin("llm", &mei.clone_address("llm"), &[("count.py", COUNT)]);
    let refused = mei.api.post(&mei.repository_api("llm", "/tasks"), &json!({"boot_file": "count.py"}));
    let problem = refused.expect(403).json();
    assert_eq!(problem["code"], "forbidden", "{problem}");
    assert_eq!(mei.api.get(&mei.repository_api("llm", "/tasks")).expect(200).json(), json!([]));
}

#[test]
fn without_a_sandbox_the_demonstration_runs_its_sample_and_nothing_else() {
    let (home, programs) = (tempfile::tempdir().unwrap(), programs_without_a_sandbox());
    let hearth = |arguments: &[&str]| {
        let mut command = TestServer::program(home.path());
        command.env("PATH", programs.path()).args(arguments);
        command
    };
    let mut demonstration = Process::start(&mut hearth(&["demo", "--listen", "127.0.0.1:0"]));
    let root = demonstration.wait_for_line("Hearth is ready at ", PATIENCE);
    demonstration.wait_for_line("Hearth keeps running", PATIENCE);
    let arguments =
        ["admin", "token", "create", "--user", "demo", "--scopes", "all", "--data", "hearth-demo"];
    let made = hearth(&arguments).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let demo = Api::new(&root, Some(String::from_utf8(made.stdout).unwrap().trim()));
    let refused = |change: &Value| {
        let launched = demo.post("/api/v1/repos/demo/digits/tasks", change).expect(201).json();
        let task = format!("/api/v1/tasks/{}", launched["id"]);
        let ended = wait_for("the end of the task", PATIENCE, || {
            let task = demo.get(&task).expect(200).json();
            (task["state"] == "FAILED").then_some(task)
        });
        assert_eq!(ended["reason"], "sandbox.refused", "{ended}");
    };
    let content = json!({ "content": "cHJpbnQoMSkK", "message": "Something else", "branch": "main" });
    assert_eq!(demo.post("/api/v1/repos/demo/digits/contents/other.py", &content).status, 201);
    for boot_file in ["other.py", "train.py"] {
        refused(&json!({ "boot_file": boot_file }));
    }
}

/// A folder with the programs that Hearth needs, but no bubblewrap.
fn programs_without_a_sandbox() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["git", "python3"] {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join(name))
            .find(|path| path.is_file());
        std::os::unix::fs::symlink(found.unwrap(), folder.path().join(name)).unwrap();
    }
    folder
}
