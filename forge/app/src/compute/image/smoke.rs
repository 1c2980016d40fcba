//! Smoke tasks: real but tiny tasks that test whether an image runs on an accelerator type.

use hearth_core::{Conflict, Error, Kind, RepositoryKind, Result, Scope, TaskId, TaskState, Write};
use hearth_store::{
    accelerator as accelerator_row,
    accelerator::Accelerator,
    image_check::{self, ImageCheck},
    spec as spec_row,
    spec::Spec,
};

use super::{
    Entry, catalogue,
    matrix::{CPU, matrix},
};
use crate::{
    Access, Actor, App, Operation, Unit, access,
    content::{self, Action, FileChange},
    repository::{self, NewRepository},
    task::{self, NewTask, Parameter, Program},
};

/// The administrator's repository that holds the smoke script.
pub const REPOSITORY: &str = "hearth-smoke";
const FILE: &str = "smoke.py";
const SCRIPT: &str = include_str!("smoke.py");
/// Lower than all tasks that users wait for.
const PRIORITY: i64 = -100;
const SECONDS: u64 = 15 * 60;

/// The result of [`test`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scheduled {
    pub tasks: Vec<TaskId>,
    /// Image and accelerator type of the tasks that were refused or that no offered spec fits.
    pub left_out: Vec<(String, String)>,
}

/// Launches a smoke task for every image on every accelerator type that it is offered for, unless one is in
/// progress. `only` restricts this to the image with that code.
pub async fn test(app: &App, actor: &Actor, only: Option<&str>) -> Result<Scheduled> {
    actor.administrator(Scope::WriteAdmin)?;
    if let Some(code) = only
        && !catalogue(app, actor).await?.iter().any(|entry| entry.image.code == code)
    {
        return Err(Error::NotFound(Kind::Image));
    }
    let access = prepare(app, actor).await?;
    let mut reader = app.store().read().await?;
    let specs = spec_row::list_on_shelf(&mut reader).await?;
    let kinds = accelerator_row::list_enabled(&mut reader).await?;
    drop(reader);
    let matrix = matrix(app, actor).await?;
    let mut scheduled = Scheduled::default();
    for row in &matrix.rows {
        let image = &row.entry.image;
        let is_wanted = image.is_enabled && image.is_available;
        if !is_wanted || only.is_some_and(|code| code != image.code) {
            continue;
        }
        for ((column, _), cell) in matrix.columns.iter().zip(&row.cells) {
            let is_under_way =
                cell.check.as_ref().is_some_and(|check| check.has_passed.is_none() && check.task.is_some());
            if !cell.is_offered || is_under_way {
                continue;
            }
            match launch(app, &access, &row.entry, column, &specs, &kinds).await? {
                Some(task) => scheduled.tasks.push(task),
                None => scheduled.left_out.push((image.code.clone(), column.clone())),
            }
        }
    }
    Ok(scheduled)
}

/// The administrator's own repository, with the current script in it.
async fn prepare(app: &App, actor: &Actor) -> Result<Access<Write>> {
    let owner = actor.signed_in()?.name.clone();
    let open = || access::open(app, actor, Unit::Code, RepositoryKind::Code, owner.as_str(), REPOSITORY);
    let found = match open().await {
        Err(Error::NotFound(_)) => {
            match repository::create(app, actor, NewRepository::named(REPOSITORY)).await {
                // A concurrent request created it first.
                Ok(_) | Err(Error::Conflict(Conflict::NameTaken)) => open().await?,
                Err(other) => return Err(other),
            }
        }
        other => other?,
    };
    let access = found.write()?;
    let action = match content::find(app, &found, None, FILE).await {
        Ok(_) => Action::Update { content: SCRIPT.into(), sha: None, from: None },
        Err(Error::NotFound(_) | Error::Conflict(_)) => Action::Create { content: SCRIPT.into() },
        Err(other) => return Err(other),
    };
    let change = FileChange {
        path: FILE.to_owned(),
        action,
        branch: None,
        new_branch: None,
        message: None,
        author: None,
    };
    match content::change(app, &access, change).await {
        // The script is already up to date.
        Err(Error::Invalid(fields)) if fields.iter().all(|field| field.code == "unchanged") => {}
        // A concurrent request has just written it.
        Err(Error::Conflict(_)) => {}
        other => drop(other?),
    }
    Ok(access)
}

async fn launch(
    app: &App,
    access: &Access<Write>,
    entry: &Entry,
    column: &str,
    specs: &[Spec],
    kinds: &[Accelerator],
) -> Result<Option<TaskId>> {
    let Some(spec) = smallest(specs, column) else { return Ok(None) };
    let probe = kinds.iter().find(|kind| kind.code == column).map(|kind| kind.probe_command.join(" "));
    let mut parameters = vec![Parameter { name: "framework".into(), value: entry.image.framework.clone() }];
    parameters
        .extend(probe.filter(|it| !it.is_empty()).map(|value| Parameter { name: "probe".into(), value }));
    let new = NewTask {
        name: format!("smoke {} {column}", entry.image.code),
        program: Program::script(FILE, parameters),
        image: entry.image.code.clone(),
        spec: spec.code.clone(),
        time_limit_seconds: Some(SECONDS),
        ..NewTask::default()
    };
    let launched = match task::launch_with_priority(app, access, new, PRIORITY).await {
        Ok(task) => task,
        // It fits nowhere, or too many tasks wait already: it is reported as left out, and tried again next
        // time.
        Err(Error::Invalid(_) | Error::QuotaSpent(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let check = ImageCheck {
        image_id: entry.image.id,
        accelerator_code: column.to_owned(),
        task_id: Some(launched.id),
        has_passed: None,
        checked_at: app.now(),
    };
    let mut operation = app.begin().await?;
    image_check::begin(&mut operation, &check).await?;
    operation.commit().await?;
    Ok(Some(launched.id))
}

/// The smallest spec with this accelerator type.
fn smallest<'a>(specs: &'a [Spec], column: &str) -> Option<&'a Spec> {
    let is_kind = |spec: &&Spec| match &spec.accelerator {
        None => column == CPU && spec.cards == 0,
        Some(name) => name.split('/').next() == Some(column),
    };
    specs.iter().filter(is_kind).min_by_key(|spec| (spec.cards, spec.cpus, spec.memory_bytes))
}

/// Records the result of a task if it is a smoke task. One that was stopped says nothing about its image.
pub(crate) async fn note_end(operation: &mut Operation, task: TaskId, end: TaskState) -> Result<()> {
    let now = operation.now();
    match end {
        TaskState::Succeeded => image_check::end(operation, task, true, now).await.map(drop)?,
        TaskState::Failed | TaskState::CreatedFailed => {
            image_check::end(operation, task, false, now).await.map(drop)?;
        }
        TaskState::Stopped => image_check::forget(operation, task).await?,
        _ => {}
    }
    Ok(())
}
