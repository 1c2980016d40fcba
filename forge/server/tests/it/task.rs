use std::{sync::Arc, time::Duration};

use hearth_app::{
    App, Unit, access, compute,
    content::{self, Action, FileChange},
    lineage, log, metrics,
    model::{self, Publication},
    output, push, record,
    task::{self, NewTask, Parameter, TaskAccess},
    testing::{Choices, TestHearth},
};
use hearth_core::{Program, RepositoryKind, TaskId, TaskState};
use hearth_runner::engine::{Engine, LocalEngine, LocalOptions, PackageOptions, Unsandboxed};
use tokio::{net::TcpListener, sync::watch, time};

/// Trains something small and reports it in all documented ways.
const PROGRAM: &str = r#"
import json, os, sys
rate = float(dict(word[2:].split("=") for word in sys.argv[1:])["rate"])
weight = 0.0
with open("metrics.jsonl", "a") as metrics:
    for step in range(1, 6):
        weight += rate * (1.0 - weight)
        loss = (1.0 - weight) ** 2
        print(f"step={step} loss={loss}", flush=True)
out = os.environ["LOCAL_OUTPUT_PATH"]
os.makedirs(os.path.join(out, "model"), exist_ok=True)
with open(os.path.join(out, "model", "weights.bin"), "wb") as file:
    file.write(bytes(4096))
with open(os.path.join(out, "report.json"), "w") as file:
    json.dump({"weight": weight}, file)
"#;

struct Site {
    hearth: TestHearth,
    stop: watch::Sender<bool>,
    _agents: tempfile::TempDir,
}

impl Site {
    async fn start() -> Self {
        let agents = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let options = LocalOptions {
            directory: agents.path().join("agents"),
            agent_command: vec![env!("CARGO_BIN_EXE_hearth").into(), "agent".into()],
            unsandboxed: Unsandboxed::Everything,
            allow_host_network: false,
            hidden: vec![],
            packages: PackageOptions::off(agents.path().join("packages")),
        };
        let engine = LocalEngine::open(options).await.expect("an engine");
        let engines: Vec<Arc<dyn Engine>> = vec![Arc::new(engine)];
        let root = Some(format!("http://{address}"));
        let hearth = TestHearth::with(Choices { engines, root, ..Choices::default() }).await;
        let gate = push::listen(&hearth.app, &agents.path().join("push.sock")).expect("a socket");
        let router = hearth_api::router(&hearth.app, Arc::new(gate));
        tokio::spawn(async move { axum::serve(listener, router).await });
        compute::prepare(&hearth.app, vec![]).await.expect("a start");
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(compute::run(hearth.app.clone(), stopping));
        hearth.repository("mei/digits").await;
        Self { hearth, stop, _agents: agents }
    }

    fn app(&self) -> &App {
        &self.hearth.app
    }

    /// Commits the program under this name and launches it.
    async fn launch(&self, boot_file: &str, program: &str, parameters: Vec<Parameter>) -> TaskId {
        let mei = self.hearth.actor("mei").await;
        let access = access::open(self.app(), &mei, Unit::Tasks, RepositoryKind::Code, "mei", "digits").await;
        let access = access.expect("there").write().expect("her own");
        let change = FileChange {
            path: boot_file.into(),
            action: Action::Create { content: program.into() },
            branch: None,
            new_branch: None,
            message: None,
            author: None,
        };
        content::change(self.app(), &access, change).await.expect("committed");
        let new = NewTask { program: Program::script(boot_file, parameters), ..NewTask::default() };
        task::launch(self.app(), &access, new).await.expect("launched").id
    }

    async fn find(&self, id: TaskId) -> TaskAccess {
        task::find(self.app(), &self.hearth.actor("mei").await, id).await.expect("there")
    }

    async fn wait(&self, id: TaskId, is_there: impl Fn(TaskState) -> bool) -> TaskAccess {
        for _ in 0..1200 {
            let access = self.find(id).await;
            if is_there(access.task().state) {
                return access;
            }
            time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?}", task::timeline(self.app(), &self.find(id).await).await);
    }

    async fn log(&self, access: &TaskAccess) -> String {
        let piece = log::read(self.app(), access, 1, 0, 0).await.expect("a log");
        String::from_utf8(piece.bytes).expect("text")
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_program_runs_and_becomes_a_model() {
    let site = Site::start().await;
    let parameters = vec![Parameter { name: "rate".into(), value: "0.5".into() }];
    let id = site.launch("train.py", PROGRAM, parameters).await;
    let access = site.wait(id, TaskState::is_terminal).await;
    let text = site.log(&access).await;
    assert_eq!(access.task().state, TaskState::Succeeded, "{text}");
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("step=")).collect();
    assert_eq!(lines.len(), 5, "{text}");
    let curves = metrics::series(site.app(), &access, 1, 100).await.expect("curves").series;
    assert_eq!((curves[0].name.as_str(), curves[0].count), ("loss", 5));
    let made = output::list(site.app(), &access, 1).await.expect("outputs");
    let paths: Vec<_> = made.iter().map(|output| output.path.as_str()).collect();
    assert_eq!(paths, ["model/weights.bin", "report.json"]);

    let publication = Publication { model: "digits".into(), ..Publication::default() };
    let published = model::publish(site.app(), &access, publication).await.expect("published");
    assert_eq!(published.version, "v1");
    assert_eq!(lineage::of_task(site.app(), &access).await.expect("edges").len(), 2);
    let run = record::document(site.app(), &access, 1).await.expect("readable").expect("sealed");
    assert_eq!(run.code.commit, access.task().commit_id);
    let folder = site.app().tasks_directory().join(format!("{id}/1"));
    assert_eq!(hearth_runner::record::verify(&folder).expect("readable").faults, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_fails_says_why_and_one_that_runs_can_be_stopped() {
    let site = Site::start().await;
    let id = site.launch("fail.py", "import sys\nprint('no data', flush=True)\nsys.exit(3)\n", vec![]).await;
    let access = site.wait(id, TaskState::is_terminal).await;
    let task = access.task();
    assert_eq!((task.state.as_str(), task.reason.as_str()), ("FAILED", "run.exit_nonzero"));
    assert!(site.log(&access).await.contains("no data"));

    let sleeper = site.launch("sleep.py", "import time\ntime.sleep(600)\n", vec![]).await;
    let access = site.wait(sleeper, |state| state == TaskState::Running).await;
    task::stop(site.app(), &access).await.expect("asked");
    let access = site.wait(sleeper, TaskState::is_terminal).await;
    let task = access.task();
    assert_eq!((task.state.as_str(), task.reason.as_str()), ("STOPPED", "user.stop"));
}
