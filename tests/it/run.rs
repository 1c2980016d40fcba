//! `hearth run` and `hearth task`: tasks from the command line, with the real git.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use hearth_tests::{Finished, Git, Person, Process, TestServer, noise, wait_for, wait_until};
use serde_json::Value;

const PATIENCE: Duration = Duration::from_mins(2);

const PUSHED: &str = "print('as it was pushed')\n";

/// Imports an uncommitted file, and reads a binary one.
const CHANGED: &str = "\
import os, sys
from tools.helper import greet
print(greet(), sys.argv[1:])
print('bytes', len(open('data.bin', 'rb').read()))
print('ignored', os.path.exists('ignored.txt'))
open(os.environ['LOCAL_OUTPUT_PATH'] + '/result.txt', 'w').write('made')
";

const COUNT: &str = "\
import sys, time
last = int(dict(word[2:].split('=') for word in sys.argv[1:]).get('last', 600))
for number in range(last):
    print(f'line {number}', flush=True)
    time.sleep(0.1)
";

/// A server, and a checkout of a repository pushed to it.
fn with_checkout() -> (TestServer, Person, Git) {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    let files = [
        ("train.py", PUSHED),
        ("fail.py", "print('failing')\nraise SystemExit(3)\n"),
        ("count.py", COUNT),
        (".gitignore", "ignored.txt\n"),
    ];
    git.begin("llm", &mei.clone_address("llm"), &files);
    (server, mei, git)
}

/// Runs the program as this user would in the checkout.
fn hearth(git: &Git, arguments: &[&str], environment: &[(&str, &str)]) -> Finished {
    let command = TestServer::program(git.folder());
    let program = command.get_program().to_str().expect("a path in UTF-8");
    git.program(program, arguments, environment)
}

/// The task number from the line with its address.
fn task_of(finished: &Finished) -> String {
    let line = finished.err.lines().find_map(|line| line.strip_prefix("hearth: task "));
    let id = line.and_then(|line| line.split([' ', ':']).next());
    id.unwrap_or_else(|| panic!("no task in {finished:?}")).to_owned()
}

fn detail(person: &Person, id: &str) -> Value {
    person.api.get(&format!("/api/v1/tasks/{id}")).expect(200).json()
}

#[test]
fn an_unpushed_tree_runs_as_it_stands() {
    let (server, mei, git) = with_checkout();
    let pushed = git.head();
    git.write("train.py", "print('committed, and never pushed')\n");
    git.commit("Not for others yet");
    git.write("train.py", CHANGED);
    git.write("tools/helper.py", "def greet():\n    return '你好'\n");
    git.write("data.bin", noise(7, 3_000));
    git.write("ignored.txt", "not for the task");
    git.run(&["add", "data.bin"]);
    let before = git.run(&["status", "--porcelain"]);

    // Without HEARTH_TOKEN: git's credential store has one.
    let run = hearth(&git, &["run", "train.py", "--param", "lr=0.1", "--name", "try", "--follow"], &[]);
    assert!(run.succeeded, "{run:?}");
    for part in ["你好 ['--lr=0.1']", "bytes 3000", "ignored False"] {
        assert!(run.out.contains(part), "{part} is missing in {run:?}");
    }
    for part in ["sending the changes of 3 files", "SUCCEEDED (run.finished)"] {
        assert!(run.err.contains(part), "{part} is missing in {run:?}");
    }
    assert_eq!(git.run(&["status", "--porcelain"]), before, "the checkout is as it was");

    let id = task_of(&run);
    let task = detail(&mei, &id);
    assert_eq!(
        (task["commit"].as_str(), task["has_patch"].as_bool()),
        (Some(&*pushed), Some(true)),
        "{task}"
    );
    let record = wait_for("the sealed record", PATIENCE, || {
        let answer = mei.api.get(&format!("/api/v1/tasks/{id}/record"));
        (answer.status == 200).then(|| answer.json())
    });
    assert!(record["code"]["patch"].is_object() || record["code"]["patch"].is_string(), "{record}");
    let patch = server.anonymous().get(&format!("/tasks/{id}/files/code.patch")).expect(200);
    assert!(patch.body.contains("+++ b/tools/helper.py"), "{}", patch.body);
    assert!(!patch.body.contains("b/ignored.txt"), "{}", patch.body);
    let page = server.anonymous().get(&format!("/tasks/{id}")).expect(200);
    assert!(page.body.contains("code.patch"), "{}", page.body);
}

#[test]
fn the_program_ends_as_the_task_does() {
    let (_server, mei, git) = with_checkout();
    let token = [("HEARTH_TOKEN", mei.token.as_str())];
    let failed = hearth(&git, &["run", "fail.py", "--follow"], &token);
    assert_eq!(failed.code, Some(3), "{failed:?}");
    assert!(failed.out.contains("failing") && failed.err.contains("FAILED (run.exit_nonzero)"), "{failed:?}");
    let missing = hearth(&git, &["run", "none.py"], &token);
    assert!(missing.code == Some(1) && missing.err.contains("boot_file: no-such-file"), "{missing:?}");
    let command = ["run", "--follow", "--", "sh", "-c", "echo \"in $(ls *.py | wc -l) files\"; exit 7"];
    let followed = hearth(&git, &command, &[]);
    assert!(followed.out.contains("in 3 files") && followed.code == Some(7), "{followed:?}");
    let nobody = Git::anonymous();
    let server = ["--server", mei.root(), "--repo", "mei/llm", "--ref", "main"];
    let far = hearth(&nobody, &[&["run", "fail.py"][..], &server].concat(), &token);
    assert!(far.succeeded && far.out.trim().parse::<u64>().is_ok(), "{far:?}");
}

#[test]
fn tasks_are_listed_shown_read_and_stopped() {
    let (_server, mei, git) = with_checkout();
    let id = task_of(&hearth(&git, &["run", "count.py"], &[]));
    let shown = wait_for("the first lines", PATIENCE, || {
        let log = hearth(&git, &["task", "log", &id], &[]);
        log.out.contains("line 2").then(|| hearth(&git, &["task", "show", &id], &[]).out)
    });
    assert!(shown.contains("RUNNING (run.started)") && shown.contains("mei/llm"), "{shown}");
    let list = hearth(&git, &["task", "list"], &[]).out;
    assert!(list.contains(&id) && list.contains("count"), "{list}");
    let stopped = hearth(&git, &["task", "stop", &id], &[]);
    assert!(stopped.succeeded && stopped.out.contains("user.stop"), "{stopped:?}");
    let followed = hearth(&git, &["task", "log", &id, "--follow"], &[]);
    assert_eq!(followed.code, Some(1), "{followed:?}");
    assert!(followed.err.contains("STOPPED"), "{followed:?}");
    assert_eq!(detail(&mei, &id)["state"], "STOPPED");
}

#[test]
fn what_stands_in_the_way_is_said_with_the_next_step() {
    let (server, mei, git) = with_checkout();
    let refused = |git: &Git, arguments: &[&str], environment: &[(&str, &str)], parts: &[&str]| {
        let run = hearth(git, arguments, environment);
        assert_eq!(run.code, Some(1), "{run:?}");
        for part in parts {
            assert!(run.err.contains(part), "{part} is missing in {run:?}");
        }
    };
    let token = [("HEARTH_TOKEN", mei.token.as_str())];
    let nobody = Git::anonymous();
    refused(&nobody, &["run", "a.py"], &token, &["not a Git repository", "--repo owner/name"]);
    nobody.run(&["init", "--quiet"]);
    refused(&nobody, &["run", "a.py"], &token, &["no remote called origin", "git remote add"]);
    nobody.run(&["remote", "add", "origin", &mei.clone_address("llm")]);
    refused(&nobody, &["run", "a.py"], &[], &["no access token", "/user/settings/applications"]);
    refused(&nobody, &["run", "a.py"], &[("HEARTH_TOKEN", "guess")], &["rejected the token"]);
    refused(&nobody, &["run", "a.py"], &token, &["no commits yet"]);
    nobody.write("a.py", "");
    nobody.commit("Of another history");
    refused(&nobody, &["run", "a.py"], &token, &["no commit of this branch", "git push"]);
    refused(&git, &["run", "train.py", "--repo", "mei/none"], &token, &["repository mei/none not found"]);
    refused(&git, &["run", "train.py", "--server", "http://127.0.0.1:1"], &token, &["is not responding"]);
    refused(&git, &["run", "train.py", "--param", "lr"], &token, &["name=value"]);
    fs::write(git.folder().join("large.bin"), noise(1, 6 << 20)).expect("written");
    refused(&git, &["run", "train.py"], &token, &["too large", "large.bin", ".gitignore"]);
    drop(server);
}

/// The program, following a task while the test does something else.
fn following(mei: &Person, git: &Git, arguments: &[&str]) -> Process {
    let mut command = TestServer::program(git.folder());
    command.args(arguments).env("HEARTH_TOKEN", &mei.token).stdin(Stdio::null());
    Process::start(&mut command)
}

#[test]
fn whoever_follows_sees_every_line_once_though_the_server_was_away() {
    let (mut server, mei, git) = with_checkout();
    let mut run = following(&mei, &git, &["run", "count.py", "--param", "last=60", "--follow"]);
    wait_until("the first lines", PATIENCE, || run.said().contains("line 5\n"));
    server.kill();
    wait_until("word of it", PATIENCE, || run.said().contains("the server is not responding"));
    server.start_again();
    let status = run.wait(PATIENCE);
    wait_until("its last words", PATIENCE, || run.said().contains("SUCCEEDED"));
    let said = run.said();
    assert!(status.success() && said.contains("hearth: reconnected"), "{said}");
    let lines = said.lines().filter_map(|line| line.strip_prefix("line ")?.parse::<u32>().ok());
    assert_eq!(lines.collect::<Vec<_>>(), (0..60).collect::<Vec<_>>(), "{said}");
}

#[test]
fn an_interrupt_ends_the_watching_and_not_the_task() {
    let (_server, mei, git) = with_checkout();
    let mut run = following(&mei, &git, &["run", "count.py", "--follow"]);
    wait_until("the first lines", PATIENCE, || run.said().contains("line 1\n"));
    let sent = Command::new("kill").args(["-INT", &run.id().to_string()]).status().expect("a signal is sent");
    assert!(sent.success());
    assert_eq!(run.wait(PATIENCE).code(), Some(130), "{}", run.said());
    assert!(run.said().contains("keeps running. To stop it: hearth task stop"), "{}", run.said());
    let running = mei.api.get("/api/v1/user/tasks?state=running").expect(200).json();
    assert_eq!(running[0]["state"], "RUNNING", "{running}");
}
