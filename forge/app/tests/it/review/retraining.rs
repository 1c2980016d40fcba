//! What a rule asks to be trained again, and who may start it.

use std::sync::Arc;

use hearth_app::{
    access, attempt,
    branch_rule::{self, NewRule},
    commit_status::{self, NewStatus},
    compute,
    content::{self, Action, FileChange},
    fork, merge,
    merge::NewMerge,
    pool,
    pull_request::{self, HeadName, NewPullRequest, PullRequest},
    retraining::{self, Comparison, Side, Verdict},
    spec,
    task::{self, CodeChoice, NewTask, Task},
    testing::{Choices, FakeEngine},
};
use hearth_core::{
    Allowance, AutoMerge, Better, BranchRuleId, BranchRuleSettings, Conflict, Error, MergeMethod,
    MetricDemand, Outcome, PullRequestState, Reason, RepositoryKind, Retraining, RuleKind, StatusState,
    TaskId, TaskState, ThreadNumber, Timestamp, Unit,
};
use hearth_runner::protocol::{Event, EventBatch, Finish, Usage};
use hearth_store::image::{self, NewImage};

use super::{PATH, World};
use crate::support::code_of;

const GOOD: Outcome = Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished };

/// The world with an engine on which nothing runs, and a rule for `main` that asks for a low loss.
struct Laboratory {
    world: World,
    engine: Arc<FakeEngine>,
    rule: BranchRuleId,
}

impl Laboratory {
    async fn new(starts_by_itself: bool) -> Self {
        let (engine, engines) = FakeEngine::with_cpus(8).share();
        let world = World::with(Choices { engines, ..Choices::default() }).await;
        let app = &world.hearth.app;
        let python = NewImage {
            code: "python-3".into(),
            label: "Python 3".into(),
            framework: "python".into(),
            framework_version: "3".into(),
            python_version: "3".into(),
            interpreter: Some("/usr/bin/python3".into()),
            reference: None,
            digest: None,
            created_at: app.now(),
        };
        let mut writer = app.store().write().await.expect("a transaction");
        image::note(&mut writer, &python).await.expect("kept");
        writer.commit().await.expect("kept");
        pool::derive(app).await.expect("pools");
        spec::derive(app).await.expect("specs");
        let running = world.entered("mei", Unit::Tasks).await.write().expect("the owner");
        let template = task::launch(app, &running, NewTask::script(PATH)).await.expect("launched");
        let administering = world.administering().await;
        let definition = retraining::definition_of(app, &administering, "retrain_task", template.id).await;
        let asked = Retraining {
            name: "small".into(),
            definition: definition.expect("a task of this repository"),
            metric: Some(MetricDemand {
                name: "loss".into(),
                better: Better::Lower,
                allowance: Allowance::default(),
            }),
            starts_by_itself,
        };
        let settings = BranchRuleSettings { retraining: Some(asked), ..BranchRuleSettings::default() };
        let new = NewRule { kind: RuleKind::Branch, pattern: "main".into(), settings };
        let rule = branch_rule::create(app, &administering, &new).await.expect("created").id;
        let laboratory = Self { world, engine, rule };
        laboratory.end(template.id, GOOD, 0.5).await;
        laboratory
    }

    /// Opens a pull request of Mei's branch `work`.
    async fn asked(&self) -> ThreadNumber {
        self.world.put("mei", "work", PATH, "print('loss=0.4')\n").await;
        self.world.open().await
    }

    async fn find(&self, number: ThreadNumber) -> PullRequest {
        let access = self.world.access("mei").await;
        pull_request::find(&self.world.hearth.app, &access, number).await.expect("there").pull_request
    }

    async fn compared(&self, number: ThreadNumber) -> Comparison {
        let access = self.world.access("mei").await;
        let found = retraining::compare(&self.world.hearth.app, &access, number).await.expect("compared");
        found.into_iter().next().expect("the rule asks for one")
    }

    async fn launch_as(
        &self,
        name: &str,
        number: ThreadNumber,
        side: Side,
        commit: &str,
    ) -> Result<Task, Error> {
        let access = self.world.access(name).await;
        retraining::launch(&self.world.hearth.app, &access, number, self.rule, (side, commit)).await
    }

    /// Trains a side as it is now to its end.
    async fn train(&self, number: ThreadNumber, side: Side, loss: f64) -> TaskId {
        let commit = match side {
            Side::Head => self.find(number).await.head_id,
            Side::Base => self.compared(number).await.base_commit,
        };
        let task = self.launch_as("ana", number, side, &commit).await.expect("launched");
        assert_eq!(task.commit_id, commit);
        self.end(task.id, GOOD, loss).await;
        task.id
    }

    /// Plays the agent of a task that was launched.
    async fn end(&self, task: TaskId, outcome: Outcome, loss: f64) {
        let app = &self.world.hearth.app;
        compute::run_pass(app).await.expect("looked");
        let token = self.engine.launched(&format!("hearth-{task}-1")).token;
        let agent = attempt::enter(app, token.expose()).await.expect("a token that counts");
        let began = [Reason::StageCode, Reason::StageSandbox, Reason::RunStarted];
        let event = |reason| Event { time: app.now(), reason, data: [].into() };
        let batch = EventBatch { first: 0, events: began.map(event).to_vec() };
        agent.events(app, &batch).await.expect("taken");
        // What it may do follows from the state of its task, which has just changed.
        let agent = attempt::enter(app, token.expose()).await.expect("a token that counts");
        let line = format!("{{\"step\": 1, \"loss\": {loss}}}\n");
        agent.metrics(app, 0, line.clone().into_bytes()).await.expect("taken");
        agent.finish(app, &finish(outcome, line.len() as u64, app.now())).await.expect("taken");
        self.world.hearth.run_jobs().await;
    }

    async fn status(&self, number: ThreadNumber) -> Option<StatusState> {
        let head = self.find(number).await.head_id;
        let code = self.world.entered("bo", Unit::Code).await;
        let found = commit_status::latest(&self.world.hearth.app, &code, &[head.as_str()]).await;
        found.expect("a list").into_iter().find(|it| it.context == "retrain/small").map(|it| it.state)
    }

    async fn merge(&self, number: ThreadNumber) -> Result<(), Error> {
        let access = self.world.access("mei").await.write().expect("the owner");
        let new = NewMerge {
            method: MergeMethod::Merge,
            title: String::new(),
            message: String::new(),
            expected_head: None,
            deletes_branch: false,
            bypasses: false,
        };
        merge::merge(&self.world.hearth.app, &access, number, new).await.map(drop)
    }
}

fn finish(outcome: Outcome, metrics_bytes: u64, now: Timestamp) -> Finish {
    Finish {
        outcome,
        exit_code: Some(0),
        signal: None,
        started_at: Some(now),
        finished_at: now,
        usage: Usage::default(),
        command: vec!["python3".into(), PATH.into()],
        working_directory: "/code".into(),
        system: "Linux".into(),
        driver: None,
        environment_lock: "python==3\n".into(),
        sandbox: None,
        packages: None,
        outputs: Vec::new(),
        outputs_left_out: Vec::new(),
        outputs_left_out_more: 0,
        log_bytes: 0,
        metrics_bytes,
        events: 3,
    }
}

fn is_kept_back(answer: &Result<(), Error>) -> bool {
    matches!(answer, Err(Error::Conflict(Conflict::NotMergeable)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_merges_once_it_was_trained_and_is_no_worse_than_its_base() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let number = laboratory.asked().await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NotRun);
    assert!(is_kept_back(&laboratory.merge(number).await));
    laboratory.train(number, Side::Head, 0.7).await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NoBase);
    assert_eq!(laboratory.status(number).await, Some(StatusState::Pending));
    laboratory.train(number, Side::Base, 0.5).await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::Worse);
    assert_eq!(laboratory.status(number).await, Some(StatusState::Failure));
    assert!(is_kept_back(&laboratory.merge(number).await));

    laboratory.world.push("print('loss=0.3')\n").await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NotRun, "the head has moved");
    laboratory.train(number, Side::Head, 0.3).await;
    let compared = laboratory.compared(number).await;
    assert_eq!((compared.verdict, compared.lacks_base()), (Verdict::Passed, false));
    assert_eq!(laboratory.status(number).await, Some(StatusState::Success));
    laboratory.merge(number).await.expect("merged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_repeated_unchanged_on_its_own_page_counts_and_a_changed_one_does_not() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let app = &laboratory.world.hearth.app;
    let number = laboratory.asked().await;
    laboratory.train(number, Side::Base, 0.5).await;
    let first = laboratory.train(number, Side::Head, 0.9).await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::Worse);

    let ana = laboratory.world.hearth.actor("ana").await;
    let page = task::find(app, &ana, first).await.expect("there");
    let again = task::rerun(app, &page, CodeChoice::Pinned).await.expect("launched").id;
    let on_head = |compared: Comparison| compared.head.map(|run| run.task);
    assert_eq!(on_head(laboratory.compared(number).await), Some(again));
    let beside = task::rerun(app, &page, CodeChoice::Pinned).await.expect("launched").id;
    assert_eq!(on_head(laboratory.compared(number).await), Some(again), "one is under way: {beside}");
    laboratory.end(again, GOOD, 0.4).await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::Passed);
    laboratory.end(beside, GOOD, 0.9).await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::Passed);

    let changed = NewTask { seed: Some(7), ..task::clone_of(app, &page).await.expect("its input") };
    let running = laboratory.world.entered("ana", Unit::Tasks).await.write().expect("a writer");
    task::launch(app, &running, changed).await.expect("launched");
    assert_eq!(on_head(laboratory.compared(number).await), Some(again));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_run_tasks_starts_it_and_on_the_commit_that_they_saw() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let number = laboratory.asked().await;
    let seen = laboratory.find(number).await.head_id;
    let refused = laboratory.launch_as("bo", number, Side::Head, &seen).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    laboratory.world.push("print('loss=0.3')\n").await;
    let moved = laboratory.launch_as("ana", number, Side::Head, &seen).await;
    assert!(matches!(moved, Err(Error::Conflict(Conflict::HeadMoved))), "{moved:?}");
    let seen = laboratory.find(number).await.head_id;
    laboratory.launch_as("ana", number, Side::Head, &seen).await.expect("launched");
    let twice = laboratory.launch_as("mei", number, Side::Head, &seen).await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::State))), "one is under way: {twice:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_with_the_name_of_the_head_is_not_trained_in_its_place() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let number = laboratory.asked().await;
    let head = laboratory.find(number).await.head_id;
    let writing = laboratory.world.writing("ana").await;
    content::create_branch(&laboratory.world.hearth.app, &writing, &head, "main").await.expect("a branch");
    let refused = laboratory.launch_as("ana", number, Side::Head, &head).await;
    assert_eq!(code_of(refused), Some(("revision", "unknown-revision")));
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NotRun);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reports_such_a_check_in_its_place() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let number = laboratory.asked().await;
    let code = laboratory.world.entered("mei", Unit::Code).await;
    let forged = NewStatus {
        state: StatusState::Success,
        context: "retrain/small".into(),
        description: String::new(),
        target_url: String::new(),
    };
    let head = laboratory.find(number).await.head_id;
    let refused = commit_status::create(&laboratory.world.hearth.app, &code, &head, &forged).await;
    assert_eq!(code_of(refused), Some(("context", "name-reserved")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_run_again_and_what_was_deleted_is_open_again() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let (app, number) = (&laboratory.world.hearth.app, laboratory.asked().await);
    laboratory.train(number, Side::Base, 0.5).await;
    let head = laboratory.find(number).await.head_id;
    let broken = laboratory.launch_as("ana", number, Side::Head, &head).await.expect("launched");
    let failed = Outcome { state: TaskState::Failed, reason: Reason::RunExitNonzero };
    laboratory.end(broken.id, failed, 0.1).await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NotSucceeded);
    let again = laboratory.train(number, Side::Head, 0.4).await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::Passed);
    let mei = laboratory.world.hearth.actor("mei").await;
    for task in [again, broken.id] {
        let found = task::find(app, &mei, task).await.expect("there");
        task::delete(app, &found).await.expect("deleted");
        laboratory.world.hearth.run_jobs().await;
    }
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NotRun);
    assert_eq!(laboratory.status(number).await, Some(StatusState::Pending));
    assert!(is_kept_back(&laboratory.merge(number).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_another_definition_do_not_count() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let (app, number) = (&laboratory.world.hearth.app, laboratory.asked().await);
    laboratory.train(number, Side::Base, 0.5).await;
    laboratory.train(number, Side::Head, 0.4).await;
    let access = laboratory.world.administering().await;
    let rule = branch_rule::find(app, &access, laboratory.rule).await.expect("there");
    let mut settings = rule.settings.0;
    let asked = settings.retraining.as_mut().expect("it asks for one");
    asked.definition.seed = Some(7);
    let new = NewRule { kind: rule.kind, pattern: rule.pattern, settings };
    branch_rule::edit(app, &access, laboratory.rule, &new).await.expect("edited");
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NotRun);
    assert!(is_kept_back(&laboratory.merge(number).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_by_itself_once_for_what_a_writer_pushes() {
    let laboratory = Box::pin(Laboratory::new(true)).await;
    let number = laboratory.asked().await;
    let head = laboratory.compared(number).await.head.expect("it has started");
    assert_eq!(head.commit, laboratory.find(number).await.head_id);
    let failed = Outcome { state: TaskState::Failed, reason: Reason::RunExitNonzero };
    laboratory.end(head.task, failed, 0.9).await;
    laboratory.world.put("mei", "main", "notes.txt", "The base moves.\n").await;
    laboratory.world.hearth.run_jobs().await;
    assert_eq!(laboratory.compared(number).await.verdict, Verdict::NotSucceeded, "people start it again");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_from_a_fork_starts_by_itself_whoever_opened_it() {
    let laboratory = Box::pin(Laboratory::new(true)).await;
    let (world, app) = (&laboratory.world, &laboratory.world.hearth.app);
    let code = world.entered("bo", Unit::Code).await;
    let bo = code.actor().user().expect("signed in").id;
    fork::fork(app, &code, bo.into(), None).await.expect("forked");
    let theirs = access::open(app, code.actor(), Unit::Code, RepositoryKind::Code, "bo", "llm").await;
    let change = FileChange {
        path: PATH.into(),
        action: Action::Update { content: "print('loss=0')\n".into(), sha: None, from: None },
        branch: Some("main".into()),
        new_branch: None,
        message: None,
        author: None,
    };
    let writing = theirs.expect("there").write().expect("theirs");
    content::change(app, &writing, change).await.expect("committed");
    let new = NewPullRequest {
        title: "From a fork".into(),
        base_branch: "main".into(),
        head: HeadName { repository: Some(("bo".into(), "llm".into())), branch: "main".into() },
        ..NewPullRequest::default()
    };
    // As somebody with every right: it is not their code.
    let opened = pull_request::open(app, &world.access("mei").await, new).await.expect("opened");
    world.hearth.run_jobs().await;
    let number = opened.pull_request.number;
    let compared = laboratory.compared(number).await;
    assert_eq!((compared.verdict, compared.head), (Verdict::NotRun, None));
    let seen = laboratory.find(number).await.head_id;
    let launched = laboratory.launch_as("ana", number, Side::Head, &seen).await.expect("by hand");
    assert_eq!(launched.commit_id, seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_that_waits_goes_on_when_the_task_ends() {
    let laboratory = Box::pin(Laboratory::new(false)).await;
    let (app, number) = (&laboratory.world.hearth.app, laboratory.asked().await);
    laboratory.train(number, Side::Base, 0.5).await;
    let access = laboratory.world.access("mei").await.write().expect("the owner");
    let plan = AutoMerge {
        method: MergeMethod::Merge,
        title: String::new(),
        message: String::new(),
        deletes_branch: false,
    };
    merge::schedule_auto_merge(app, &access, number, plan, None).await.expect("planned");
    laboratory.world.hearth.run_jobs().await;
    assert_eq!(laboratory.find(number).await.state, PullRequestState::Open);
    laboratory.train(number, Side::Head, 0.4).await;
    assert_eq!(laboratory.find(number).await.state, PullRequestState::Merged);
}
