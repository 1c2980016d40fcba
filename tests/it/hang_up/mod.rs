//! Clients that hang up at any moment during an operation: it is done completely or not at all, nothing in
//! between.

mod operations;
mod pull_requests;
mod wire;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read as _, Write as _},
    time::{Duration, Instant},
};

use hearth_tests::{
    Dice, Git, Leaving, Person, PullRequest, RawRequest, Session, TestServer, connect, wait_for, wait_until,
};
use serde_json::json;

use self::operations::KINDS;

/// How often every kind of operation is requested by a client that hangs up.
const ROUNDS: usize = 4;
/// An interrupted operation is complete or gone after this.
const SETTLED: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_mins(2);

/// Writes a file at once, or after a long time.
const PROGRAM: &str = "\
import os, sys, time
time.sleep(float(dict(word[2:].split('=') for word in sys.argv[1:]).get('seconds', 0)))
open(os.environ['LOCAL_OUTPUT_PATH'] + '/result.txt', 'w').write('made')
";

/// A server with sample data of every kind.
struct World {
    server: TestServer,
    mei: Person,
    lin: Person,
    session: Session,
    git: Git,
    head: String,
    /// A task that has succeeded.
    task: String,
    /// Tasks that are queued or running, one for each round.
    running: Vec<String>,
    /// Open pull requests, by their branches.
    pulls: BTreeMap<String, PullRequest>,
}

/// One operation of a client.
struct Operation {
    request: RawRequest,
    is_done: IsDone,
}

/// Whether it was done; an error names what is half done.
type IsDone = Box<dyn Fn(&World) -> Result<bool, String>>;

impl World {
    fn new() -> Self {
        let server = TestServer::builder()
            .setting("limits.active_tasks", "100")
            .setting("server.transfers_per_client", "64")
            .setting("log.level", "info")
            .start();
        let (mei, lin) = (server.admin("mei"), server.person("lin"));
        mei.create_repository("llm");
        let mut git = Git::of(&mei);
        git.run(&["init", "--quiet", "llm"]);
        git.enter("llm").write("run.py", PROGRAM);
        for number in 0..=ROUNDS {
            git.write(&format!("edit-{number}.txt"), format!("before {number}\n"));
            git.write(&format!("drop-{number}.txt"), format!("kept {number}\n"));
        }
        let head = git.commit("Begin");
        git.run(&["remote", "add", "origin", &mei.clone_address("llm")]);
        let mut pushed = vec!["push".to_owned(), "--quiet".into(), "origin".into(), "main".into()];
        pushed.extend(pull_requests::make_branches(&git));
        for number in 0..=ROUNDS {
            pushed.push(format!("HEAD:refs/heads/old-{number}"));
            pushed.push(format!("HEAD:refs/tags/old-{number}"));
            for name in ["gone-api", "gone-form", "name"] {
                let made = json!({ "name": format!("{name}-{number}"), "auto_init": true });
                let _ = mei.api.post("/api/v1/user/repos", &made).expect(201);
            }
        }
        git.run(&pushed.iter().map(String::as_str).collect::<Vec<_>>());
        let session = Session::of(&mei);
        let mut world = Self {
            server,
            session,
            git,
            head,
            mei,
            lin,
            task: String::new(),
            running: Vec::new(),
            pulls: BTreeMap::new(),
        };
        world.task = world.launch("ended", "0");
        world.running = (0..=ROUNDS).map(|number| world.launch(&format!("long-{number}"), "900")).collect();
        wait_until("the first task to end", PATIENCE, || world.state_of(&world.task) == "SUCCEEDED");
        let issue = json!({ "title": "The first one" });
        let _ = world.mei.api.post(&world.mei.repository_api("llm", "/issues"), &issue).expect(201);
        pull_requests::propose(&mut world);
        world
    }

    fn launch(&self, name: &str, seconds: &str) -> String {
        let parameters = json!([{ "name": "seconds", "value": seconds }]);
        let asked = json!({ "boot_file": "run.py", "name": name, "parameters": parameters });
        let made = self.mei.api.post(&self.mei.repository_api("llm", "/tasks"), &asked).expect(201).json();
        made["id"].to_string()
    }

    fn state_of(&self, task: &str) -> String {
        let task = self.mei.api.get(&format!("/api/v1/tasks/{task}")).expect(200).json();
        task["state"].as_str().unwrap_or_default().to_owned()
    }

    /// Sends a complete request, and returns the status and the response.
    fn send(&self, request: &RawRequest) -> (u16, String) {
        let mut stream = connect(self.mei.root());
        stream.write_all(&request.clone().header("Connection", "close").whole()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        (answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default(), answer)
    }
}

#[test]
fn whoever_hangs_up_in_the_middle_of_anything_leaves_it_done_or_not_begun() {
    let world = World::new();
    let mut dice = Dice::drawn();
    eprintln!("HEARTH_TEST_SEED={}", dice.seed());
    let kinds: Vec<_> = KINDS.iter().chain(pull_requests::KINDS).collect();
    for (name, kind) in &kinds {
        let operation = kind(&world, 0);
        let (status, answer) = world.send(&operation.request);
        assert!((200..400).contains(&status), "{name}: {answer}");
        wait_until(&format!("{name}, which nobody cut"), SETTLED, || (operation.is_done)(&world) == Ok(true));
    }
    let mut cut = Vec::new();
    for number in 1..=ROUNDS {
        for (name, kind) in &kinds {
            let operation = kind(&world, number);
            let leaving = Leaving::drawn(&mut dice);
            operation.request.send_and_leave(world.mei.root(), leaving);
            cut.push((format!("{name} {number}, left {leaving:?}"), operation));
        }
    }
    let mut done = 0;
    for (what, operation) in &cut {
        let is_done = wait_for(&format!("it to be done or not: {what}"), SETTLED, || {
            (operation.is_done)(&world).inspect_err(|half| eprintln!("{what}: {half}")).ok()
        });
        done += usize::from(is_done);
    }
    assert!(done > 0 && done < cut.len(), "{done} of {} were done", cut.len());
    assert_is_recorded(&world);

    // A name that was not taken is free, and nothing blocks the second attempt.
    for (what, operation) in &cut {
        if (operation.is_done)(&world) == Ok(true) {
            continue;
        }
        let (status, answer) = world.send(&operation.request);
        assert!((200..400).contains(&status), "{what}: {answer}");
        wait_until(&format!("the second attempt: {what}"), SETTLED, || {
            (operation.is_done)(&world) == Ok(true)
        });
    }
    assert_is_recorded(&world);
    assert_is_sound(&world.server);
}

/// Files and rows agree about every repository, and no partial upload is left.
fn assert_is_recorded(world: &World) {
    let incoming = world.server.data().join("blobs/incoming");
    wait_until("the last transfer to end", SETTLED, || {
        world.server.processes("-pack").is_empty() && fs::read_dir(&incoming).map_or(0, Iterator::count) == 0
    });
    let mut both = (BTreeSet::new(), BTreeSet::new());
    let deadline = Instant::now() + SETTLED;
    while both.0.is_empty() || both.0 != both.1 && Instant::now() < deadline {
        both = (recorded(&world.server), stored(world));
    }
    assert_eq!(both.0, both.1, "what is recorded, and what is there");
}

/// Nothing is damaged, lost or left over, and the server has logged no error.
fn assert_is_sound(server: &TestServer) {
    let none: [&str; 0] = [];
    assert_eq!(server.ask_database("SELECT kind, last_error FROM jobs WHERE failed_at IS NOT NULL"), none);
    let numbers = "SELECT repository_id FROM threads GROUP BY repository_id HAVING MAX(number) <> COUNT(*)";
    assert_eq!(server.ask_database(numbers), none, "numbers were lost or given twice");
    let found = server.attempt(&["doctor", "--deep"]);
    assert!(found.succeeded, "{}{}", found.out, found.err);
    let log = server.log();
    assert!(!log.contains("ERROR") && !log.contains("status=500"), "it is no fault of the server's");
}

/// Every reference with a recorded push that was not deleted since.
fn recorded(server: &TestServer) -> BTreeSet<String> {
    let rows = server.ask_database(
        "SELECT p.repository_id, p.ref_name, p.new_id FROM pushes p WHERE p.new_id <> '' AND p.id = (\
         SELECT MAX(q.id) FROM pushes q WHERE q.repository_id = p.repository_id AND q.ref_name = p.ref_name)",
    );
    rows.into_iter().collect()
}

/// Every branch and tag in the repositories on disk.
fn stored(world: &World) -> BTreeSet<String> {
    let script = "for folder in $(find \"$1\" -type d -name '*.git' -not -path '*/.hearth/*'); do \
                  number=$(basename \"$folder\" .git); \
                  git --git-dir=\"$folder\" -c safe.directory='*' \
                  for-each-ref --format=\"$number|%(refname)|%(objectname)\" refs/heads refs/tags; done";
    let folder = world.server.data();
    let listed = world.git.program("sh", &["-c", script, "sh", &folder.display().to_string()], &[]);
    assert!(listed.succeeded, "{}", listed.err);
    listed.out.lines().map(str::to_owned).collect()
}
