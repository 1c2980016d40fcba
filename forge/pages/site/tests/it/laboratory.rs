//! A site with an engine that runs nothing: tests play the agent themselves.

use std::{sync::Arc, time::Duration};

use hearth_app::{
    Unit, access,
    attempt::{self, AgentAccess},
    compute,
    content::{self, Action, FileChange},
    pool, spec,
    task::{self, NewTask},
    testing::{Choices, FakeEngine, plain_machine},
};
use hearth_core::{Outcome, Reason, RepositoryKind, TaskId, TaskState, Timestamp};
use hearth_runner::{
    engine::Observation,
    protocol::{Event, EventBatch, Finish, OutputEntry, ResourceSample, Usage},
};
use hearth_store::{
    Json,
    image::{self, NewImage},
    image_contents::{self, ImageContents, Package},
};
use sha2::{Digest as _, Sha256};

use crate::site::Site;

pub(crate) const SCRIPT: &str = "print('loss=1')\n";

/// A site where tasks can be launched.
pub(crate) struct Laboratory {
    pub(crate) site: Site,
    engine: Arc<FakeEngine>,
}

impl Laboratory {
    /// With `mei/llm`, which has `train.py` and `tools/check.py`, and one image.
    pub(crate) async fn new() -> Self {
        Self::with_machines(&["one"]).await
    }

    pub(crate) async fn with_machines(machines: &[&'static str]) -> Self {
        let machines = machines.iter().map(|name| plain_machine(name, 2)).collect();
        let (engine, engines) = FakeEngine::new("fake", machines).share();
        let site = Site::with(Choices { engines, ..Choices::default() }).await;
        let laboratory = Self { site, engine };
        let app = &laboratory.site.hearth.app;
        pool::derive(app).await.expect("pools");
        spec::derive(app).await.expect("specs");
        let mut writer = app.store().write().await.expect("a transaction");
        let image = NewImage { label: "Python 3.11".into(), ..image_of("python-3.11", app.now()) };
        image::note(&mut writer, &image).await.expect("noted");
        writer.commit().await.expect("kept");
        laboratory.site.hearth.repository("mei/llm").await;
        laboratory.write("train.py", SCRIPT).await;
        laboratory.write("tools/check.py", SCRIPT).await;
        laboratory
    }

    /// From now on its engine installs packages.
    pub(crate) fn install_packages(&self) {
        self.engine.install_packages_from("https://index.test/simple/");
    }

    /// What the image of every laboratory holds: names, versions and modules of packages.
    pub(crate) async fn fill_image(&self, packages: &[(&str, &str, &[&str])]) {
        self.add_image("python-3.11", packages).await;
    }

    /// An image of this machine with these packages; one that exists is filled.
    pub(crate) async fn add_image(&self, code: &str, packages: &[(&str, &str, &[&str])]) {
        let app = &self.site.hearth.app;
        let mut writer = app.store().write().await.expect("a transaction");
        image::note(&mut writer, &image_of(code, app.now())).await.expect("noted");
        let found = image::find_by_code(&mut writer, code).await.expect("an answer").expect("there");
        let package = |(name, version, modules): &(&str, &str, &[&str])| Package {
            name: (*name).into(),
            version: (*version).into(),
            modules: modules.iter().map(|module| (*module).to_owned()).collect(),
        };
        let packages = Json(packages.iter().map(package).collect());
        let contents = ImageContents { image_id: found.id, packages, observed_at: app.now() };
        image_contents::put(&mut writer, &contents).await.expect("stored");
        writer.commit().await.expect("kept");
    }

    async fn enter(&self) -> hearth_app::Access<hearth_core::Write> {
        let hearth = &self.site.hearth;
        let mei = hearth.actor("mei").await;
        let found = access::open(&hearth.app, &mei, Unit::Code, RepositoryKind::Code, "mei", "llm").await;
        found.expect("there").write().expect("hers")
    }

    pub(crate) async fn write(&self, path: &str, text: &str) {
        let change = FileChange {
            path: path.into(),
            action: Action::Create { content: text.into() },
            branch: None,
            new_branch: None,
            message: None,
            author: None,
        };
        content::change(&self.site.hearth.app, &self.enter().await, change).await.expect("committed");
    }

    /// A task of `mei`, in the queue.
    pub(crate) async fn launch(&self, name: &str) -> TaskId {
        let new = NewTask { name: name.into(), ..NewTask::script("train.py") };
        self.launch_as(new).await
    }

    pub(crate) async fn launch_as(&self, new: NewTask) -> TaskId {
        task::launch(&self.site.hearth.app, &self.enter().await, new).await.expect("launched").id
    }

    /// Lets the queue start what fits, and plays the agent of a task that was started.
    pub(crate) async fn agent(&self, task: TaskId) -> Agent<'_> {
        compute::run_pass(&self.site.hearth.app).await.expect("looked");
        let token = self.engine.launched(&attempt_name(task)).token.expose().to_owned();
        let agent = Agent { laboratory: self, token, events: 0, log: 0, metrics: 0, outputs: Vec::new() };
        agent.laboratory.site.hearth.clock.advance(Duration::from_secs(2));
        agent
    }

    /// Whether the agent of a task was to install packages.
    pub(crate) fn requirements_of(&self, task: &str) -> bool {
        self.engine.launched(&format!("hearth-{task}-1")).spec.requirements_of.is_some()
    }

    /// A task that ran, logged, measured, made two files and ended with `outcome`.
    pub(crate) async fn finished(&self, name: &str, outcome: Outcome, exit_code: i32) -> TaskId {
        let task = self.launch(name).await;
        self.end(task, outcome, exit_code).await;
        task
    }

    /// The same for any task, which succeeds.
    pub(crate) async fn finished_as(&self, new: NewTask) -> TaskId {
        let task = self.launch_as(new).await;
        let good = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
        self.end(task, good, 0).await;
        task
    }

    async fn end(&self, task: TaskId, outcome: Outcome, exit_code: i32) {
        let mut agent = self.agent(task).await;
        agent.start().await;
        agent.log("epoch 1 loss=0.9\n\u{1b}[31mepoch 2\u{1b}[0m loss=0.4\n<script>alert(1)</script>\n").await;
        agent.metrics("{\"step\": 1, \"loss\": 0.9}\n{\"step\": 2, \"loss\": 0.4}\n").await;
        agent.sample(18.0, 1 << 30).await;
        agent.output("model.bin", b"weights").await;
        agent.output("报告/结果.txt", b"accuracy=0.9").await;
        agent.finish(outcome, exit_code).await;
    }

    /// A task whose agent died after its program had written a file into this folder.
    pub(crate) async fn lost_with(&self, name: &str, folder: &std::path::Path) -> TaskId {
        let task = self.launch(name).await;
        self.agent(task).await.start().await;
        std::fs::write(folder.join("checkpoint.bin"), "weights").expect("written");
        self.engine.leave_outputs(&attempt_name(task), folder, true);
        let lost = Observation::Lost { reason: Reason::PlatformFault, detail: String::new() };
        self.engine.show(&attempt_name(task), lost);
        // Half a minute without a sign of life, and its engine is asked.
        self.site.hearth.clock.advance(Duration::from_secs(60));
        compute::run_pass(&self.site.hearth.app).await.expect("looked");
        task
    }

    pub(crate) async fn succeeded(&self, name: &str) -> TaskId {
        let good = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };
        self.finished(name, good, 0).await
    }
}

/// An image named by its code, on this machine's interpreter.
fn image_of(code: &str, created_at: Timestamp) -> NewImage {
    NewImage {
        code: code.into(),
        label: code.into(),
        framework: "python".into(),
        framework_version: "3.11.2".into(),
        python_version: "3.11.2".into(),
        interpreter: Some("/usr/bin/python3".into()),
        reference: None,
        digest: None,
        created_at,
    }
}

/// What the engine calls the first attempt of a task.
fn attempt_name(task: TaskId) -> String {
    format!("hearth-{task}-1")
}

/// What the agent of one attempt does.
pub(crate) struct Agent<'a> {
    laboratory: &'a Laboratory,
    token: String,
    events: u64,
    log: u64,
    metrics: u64,
    outputs: Vec<OutputEntry>,
}

impl Agent<'_> {
    fn now(&self) -> Timestamp {
        self.laboratory.site.hearth.app.now()
    }

    async fn access(&self) -> AgentAccess {
        attempt::enter(&self.laboratory.site.hearth.app, &self.token).await.expect("a token that counts")
    }

    pub(crate) async fn tell(&mut self, reason: Reason, facts: &[(&str, &str)]) {
        let data = facts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let events = vec![Event { time: self.now(), reason, data }];
        let batch = EventBatch { first: self.events, events };
        self.access().await.events(&self.laboratory.site.hearth.app, &batch).await.expect("taken");
        self.events += 1;
        self.laboratory.site.hearth.clock.advance(Duration::from_millis(1_400));
    }

    pub(crate) async fn start(&mut self) {
        for reason in [Reason::StageCode, Reason::StageSandbox, Reason::RunStarted] {
            self.tell(reason, &[]).await;
        }
    }

    /// The log output of another machine of the attempt.
    pub(crate) async fn log_of(&self, node: u32, text: &str) {
        let app = &self.laboratory.site.hearth.app;
        self.access().await.log(app, node, 0, text.into()).await.expect("taken");
    }

    pub(crate) async fn log(&mut self, text: &str) {
        let app = &self.laboratory.site.hearth.app;
        self.access().await.log(app, 0, self.log, text.into()).await.expect("taken");
        self.log += text.len() as u64;
    }

    pub(crate) async fn metrics(&mut self, text: &str) {
        let app = &self.laboratory.site.hearth.app;
        self.access().await.metrics(app, self.metrics, text.into()).await.expect("taken");
        self.metrics += text.len() as u64;
    }

    async fn sample(&self, cpu_percent: f64, memory_bytes: u64) {
        let time = self.now();
        let sample =
            ResourceSample { time, cpu_percent, memory_bytes, processes: 2, accelerators: Vec::new() };
        self.access().await.resources(&self.laboratory.site.hearth.app, &[sample]).await.expect("taken");
    }

    pub(crate) async fn output(&mut self, path: &str, bytes: &[u8]) {
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
        let entry =
            OutputEntry { path: path.parse().expect("a plain path"), size_bytes: bytes.len() as u64, sha256 };
        let app = &self.laboratory.site.hearth.app;
        self.access().await.receive_output(app, entry.clone(), 0, bytes).await.expect("taken");
        self.outputs.push(entry);
    }

    pub(crate) async fn finish(mut self, outcome: Outcome, exit_code: i32) {
        let code = exit_code.to_string();
        self.tell(Reason::RunFinished, &[("exit_code", &code)]).await;
        let app = &self.laboratory.site.hearth.app;
        self.access().await.finish(app, &self.end(outcome, exit_code)).await.expect("taken");
        self.laboratory.site.hearth.run_jobs().await;
    }

    /// The program fails on another machine of the attempt, so it is ended on the first one.
    pub(crate) async fn fail_on(self, node: u32, exit_code: i32) {
        let app = &self.laboratory.site.hearth.app;
        let end = Finish { log_bytes: 0, ..self.end(failed(Reason::RunExitNonzero), exit_code) };
        self.access().await.finish_of(app, node, &end).await.expect("taken");
        let told = self.end(failed(Reason::RunNodeFailed), 0);
        self.access().await.finish_of(app, 0, &told).await.expect("taken");
    }

    fn end(&self, outcome: Outcome, exit_code: i32) -> Finish {
        Finish {
            outcome,
            exit_code: Some(exit_code),
            signal: None,
            started_at: Some(self.now()),
            finished_at: self.now(),
            usage: Usage::default(),
            command: vec!["python".into(), "train.py".into()],
            working_directory: "/code".into(),
            system: "Linux".into(),
            driver: None,
            environment_lock: "python 3.11.2\n".into(),
            sandbox: None,
            packages: None,
            outputs: self.outputs.clone(),
            outputs_left_out: Vec::new(),
            outputs_left_out_more: 0,
            log_bytes: self.log,
            metrics_bytes: self.metrics,
            events: self.events,
        }
    }
}

/// The outcome of a failed run.
pub(crate) fn failed(reason: Reason) -> Outcome {
    Outcome { state: TaskState::Failed, reason }
}
