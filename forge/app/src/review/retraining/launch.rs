//! Launching what a rule asks for: by whoever may run tasks here, or by itself for what they push.
//!
//! A head holds code that is not reviewed, and runs with the rights of whoever launches it, on the cards of the
//! repository's owner. So nothing from a fork ever starts by itself, whoever pushed it there; and whoever presses the button
//! says which commit they have seen.

use hearth_core::{
    BranchRuleId, Conflict, Error, Kind, Permission, Read, RepositoryId, Result, Retraining, TaskDefinition,
    ThreadId, ThreadNumber, Unit, Write,
};
use hearth_git::BranchName;
use hearth_store::{
    branch_rule::{self, BranchRule},
    pull_request::{self, PullRequest},
    pull_request_version,
    retraining::{self as row, NewRetrainingRun},
    user,
};

use super::{base_commit, compare_by_rules, identity};
use crate::{
    Access, Actor, App, Operation, access,
    branch_rule::Rules,
    pull_request::find_row,
    task::{self, NewTask, Task},
};

/// Which of the two commits is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Head,
    Base,
}

/// Trains one side again, for a person who may run tasks in the repository. `commit` is the one that they have seen: if it
/// is another by now, nothing runs.
pub async fn launch(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    rule: BranchRuleId,
    (side, commit): (Side, &str),
) -> Result<Task> {
    let running = access.enter_unit(Unit::Tasks)?.write()?;
    let mut reader = app.store().read().await?;
    let pull_request = find_row(&mut reader, access, number).await?;
    let rule = branch_rule::find(&mut reader, access.repository().id, rule).await?;
    drop(reader);
    if !pull_request.is_open() {
        return Err(Error::Conflict(Conflict::State));
    }
    let rules = Rules::of(rule.into_iter().collect());
    let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
    let matching = rules.of_branch(&base);
    let asked = matching.first().and_then(|rule| Some((rule, rule.settings.retraining.as_ref()?)));
    let (rule, retraining) = asked.ok_or(Error::NotFound(Kind::BranchRule))?;
    let (wanted, moved) = match side {
        Side::Head => (pull_request.head_id.as_str(), Conflict::HeadMoved),
        Side::Base => (base_commit(&pull_request), Conflict::BaseMoved),
    };
    if wanted != commit {
        return Err(Error::Conflict(moved));
    }
    launch_on(app, &running, (rule.id, retraining), commit).await
}

async fn launch_on(
    app: &App,
    access: &Access<Write>,
    (rule_id, retraining): (BranchRuleId, &Retraining),
    commit: &str,
) -> Result<Task> {
    let definition = identity(&retraining.definition)?;
    let run = NewRetrainingRun { rule_id, definition, commit_id: commit.to_owned() };
    task::launch_retraining(app, access, to_new(retraining, commit), run).await
}

/// The task that trains this commit. It has no request key: another task could have been launched with it before.
fn to_new(retraining: &Retraining, commit: &str) -> NewTask {
    let TaskDefinition {
        kind,
        program,
        image,
        spec,
        nodes,
        time_limit_seconds,
        network,
        skip_requirements,
        seed,
    } = retraining.definition.clone();
    NewTask {
        kind,
        name: retraining.name.clone(),
        revision: commit.to_owned(),
        program,
        image,
        spec,
        nodes,
        time_limit_seconds,
        network,
        skip_requirements,
        seed,
        ..NewTask::default()
    }
}

/// The run that a new task repeats: what it does, and the commit that it is pinned to, are those of a task that a rule asked for.
pub(crate) async fn repeated(app: &App, new: &NewTask, commit: &str) -> Result<Option<NewRetrainingRun>> {
    let Some(parent) = new.parent else { return Ok(None) };
    let found = row::find(&mut app.store().read().await?, parent).await?;
    let is_changed = new.patch.as_ref().is_some_and(|patch| !patch.is_empty());
    let Some(run) = found.filter(|run| !is_changed && run.commit_id == commit) else { return Ok(None) };
    let definition = identity(&new.definition())?;
    let run = NewRetrainingRun { rule_id: run.rule_id, definition: run.definition, commit_id: run.commit_id };
    Ok(Some(run).filter(|run| run.definition == definition))
}

/// Makes sure, in the operation that launches a run, that the rule still asks for it, that no other one is under way, and that
/// the task is pinned to the commit that counts: a branch can have the id of another commit as its name.
pub(crate) async fn claim(
    operation: &mut Operation,
    (repository, pinned): (RepositoryId, &str),
    run: &NewRetrainingRun,
) -> Result<()> {
    if pinned != run.commit_id {
        return Err(Error::field("revision", "unknown-revision"));
    }
    let rule = branch_rule::lock(operation, repository, run.rule_id).await?;
    let asked = rule.as_ref().and_then(|rule| rule.settings.retraining.as_ref());
    let asked = asked.ok_or(Error::NotFound(Kind::BranchRule))?;
    if identity(&asked.definition)? != run.definition {
        return Err(Error::Conflict(Conflict::State));
    }
    let of_rule = (run.rule_id, run.definition.as_str());
    let runs = row::list(operation, of_rule, &[run.commit_id.as_str()]).await?;
    if runs.iter().any(|run| !run.state.is_terminal()) {
        return Err(Error::Conflict(Conflict::State));
    }
    Ok(())
}

/// Trains a new head again where a rule says that this starts by itself, as whoever pushed it. Once for each head: what
/// failed or was stopped is started again by people.
pub(crate) async fn start_by_itself(app: &App, thread: ThreadId) -> Result<()> {
    let mut reader = app.store().read().await?;
    let found = pull_request::find_by_id(&mut reader, thread).await?;
    let Some(pull_request) = found.filter(may_start_by_itself) else { return Ok(()) };
    let rules = Rules::of(branch_rule::list(&mut reader, pull_request.repository_id).await?);
    let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
    let mut rules: Vec<&BranchRule> = rules.of_branch(&base);
    rules.retain(|rule| rule.settings.retraining.as_ref().is_some_and(|asked| asked.starts_by_itself));
    let mut due = compare_by_rules(&mut reader, &rules, &pull_request).await?;
    due.retain(|comparison| comparison.head.is_none());
    drop(reader);
    if due.is_empty() {
        return Ok(());
    }
    let Some(access) = enter_as_pusher(app, &pull_request).await? else { return Ok(()) };
    for comparison in &due {
        let asked = (comparison.rule, &comparison.retraining);
        match launch_on(app, &access, asked, &pull_request.head_id).await {
            Ok(_) => {}
            Err(error @ Error::Internal(_)) => return Err(error),
            // Its image is gone, the quota is spent, no engine answers: whoever presses the button is told so.
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::info!(error, "a pull request is not trained again by itself");
            }
        }
    }
    Ok(())
}

fn may_start_by_itself(pull_request: &PullRequest) -> bool {
    pull_request.is_open() && !pull_request.is_draft && !pull_request.is_from_fork()
}

/// `None`: nobody is known to have pushed the head, or they may not write here and run tasks.
async fn enter_as_pusher(app: &App, pull_request: &PullRequest) -> Result<Option<Access<Write>>> {
    let mut reader = app.store().read().await?;
    let newest = pull_request_version::find_newest(&mut reader, pull_request.id).await?;
    let newest = newest.filter(|version| version.head_id == pull_request.head_id);
    let Some(pusher) = newest.and_then(|version| version.pusher_id) else { return Ok(None) };
    let person = user::find(&mut reader, pusher).await?.filter(|person| !person.is_blocked);
    drop(reader);
    let Some(person) = person else { return Ok(None) };
    let repository = pull_request.repository_id;
    let entered = access::open_by_id(app, &Actor::person(person), Unit::Tasks, repository).await;
    match access::if_seen(entered)? {
        Some(access) if access.can_in(Unit::Code, Permission::Write) => access::if_seen(access.write()),
        Some(_) | None => Ok(None),
    }
}
