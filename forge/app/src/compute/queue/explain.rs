//! The queue status of a task: its place, what is missing, when it will probably start, and which specs would
//! start at once.

use hearth_core::{OwnerId, Reason, Result, TaskKind, TaskState, UserId};
use hearth_store::{queue as queue_row, spec as spec_row, spec::Spec, task::Task, task_event::Facts};

use super::{
    Need,
    forecast::{self, Eta},
    obstacle::Obstacle,
    order,
    plan::{Free, Pass, Verdict, Waiting},
    plan_cache::Planned,
};
use crate::App;

/// The queue status of a waiting task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePlace {
    /// 1 is next.
    pub place: usize,
    /// Total number of waiting tasks.
    pub waiting: usize,
    pub reason: Reason,
    /// Parameters of the reason's message.
    pub facts: Facts,
    pub need: Need,
    /// What is free where it could run; `None` if no machine could ever hold it.
    pub free: Option<Free>,
    /// When it will probably start, from now; `None` while too little is known.
    pub eta: Option<Eta>,
    /// Codes of specs with which it would start now.
    pub switches: Vec<String>,
}

/// The queue status of a task; `None` if it is not waiting.
pub async fn place(app: &App, task: &Task) -> Result<Option<QueuePlace>> {
    let planned = app.plan_cache().now(app).await?;
    let Some(at) = planned.position(task.id) else { return Ok(None) };
    let decision = &planned.decisions[at];
    let (reason, facts) = match &decision.verdict {
        Verdict::Start(_) => (Reason::QueueFirst, Facts::new()),
        Verdict::Wait(obstacle) => (obstacle.reason(), obstacle.facts()),
    };
    let mut reader = app.store().read().await?;
    let specs = spec_row::list_on_shelf(&mut reader).await?;
    let past = forecast::past(&mut reader, &task.spec_code).await?;
    drop(reader);
    let switches = match decision.verdict {
        Verdict::Start(_) => Vec::new(),
        Verdict::Wait(_) => starts_with(&planned, at, task, &specs),
    };
    Ok(Some(QueuePlace {
        place: at + 1,
        waiting: planned.snapshot.waiting.len(),
        reason,
        facts,
        need: Need::of_task(task),
        free: decision.free.clone(),
        eta: forecast::estimate(&past, at as u64 + 1),
        switches,
    }))
}

/// Only the position of a waiting task in the queue: 1 is next.
pub async fn number(app: &App, task: &Task) -> Result<Option<usize>> {
    if task.state != TaskState::Waiting {
        return Ok(None);
    }
    Ok(app.plan_cache().now(app).await?.position(task.id).map(|at| at + 1))
}

/// The state of the pass when it reaches this place in the queue.
fn before(planned: &Planned, place: usize) -> Pass {
    let mut pass = planned.snapshot.pass.clone();
    for queued in planned.snapshot.waiting.iter().take(place) {
        pass.decide(&queued.claim);
    }
    pass
}

/// Specs with which a task would start now, at its current place.
fn starts_with(planned: &Planned, at: usize, task: &Task, specs: &[Spec]) -> Vec<String> {
    let snapshot = &planned.snapshot;
    let queued = &snapshot.waiting[at];
    let pass = before(planned, at);
    let others = specs.iter().filter(|spec| spec.code != task.spec_code);
    others
        .filter(|spec| {
            let allowed = snapshot.allowed(task.kind, queued.row.owner_id, &spec.code);
            let class = snapshot.class(Need::of_spec(spec, task.node_count), &task.image_code, &allowed);
            let mut pass = pass.clone();
            let class = pass.add_class(class);
            matches!(pass.decide(&Waiting { class, ..queued.claim.clone() }).verdict, Verdict::Start(_))
        })
        .map(|spec| spec.code.clone())
        .collect()
}

/// The prospects of a task that is not launched yet.
#[derive(Clone, Debug)]
pub struct Prospect {
    pub spec: Spec,
    /// Whether some machine is large enough and runs the image.
    pub fits: bool,
    /// What it would wait for; `None` if it would start at once.
    pub reason: Option<Reason>,
    pub facts: Facts,
    /// 1 is next.
    pub place: usize,
    pub free: Option<Free>,
    pub eta: Option<Eta>,
    /// Number of tasks that wait for this spec.
    pub waiting: u64,
}

/// The prospects of a task that this person launches in a repository of this owner, with each of these specs.
pub(crate) async fn prospects(
    app: &App,
    (owner, launcher): (OwnerId, Option<UserId>),
    kind: TaskKind,
    image: &str,
    specs: Vec<Spec>,
    nodes: i64,
) -> Result<Vec<Prospect>> {
    let planned = app.plan_cache().now(app).await?;
    let snapshot = &planned.snapshot;
    let mut reader = app.store().read().await?;
    let payer = match launcher {
        Some(person) => queue_row::find_payer(&mut reader, owner, person).await?,
        None => owner,
    };
    let place = snapshot.next_place(payer, order::cost(0, 1));
    let pass = before(&planned, place);
    let mut found = Vec::with_capacity(specs.len());
    for spec in specs {
        let allowed = snapshot.allowed(kind, owner, &spec.code);
        let mut pass = pass.clone();
        let class = pass.add_class(snapshot.class(Need::of_spec(&spec, nodes), image, &allowed));
        let obstacle = pass.class_obstacle(class);
        let claim = Waiting { payer, priority: 0, class };
        let decision = pass.decide(&claim);
        let (reason, facts) = match decision.verdict {
            Verdict::Start(_) => (None, Facts::new()),
            Verdict::Wait(obstacle) => (Some(obstacle.reason()), obstacle.facts()),
        };
        let past = forecast::past(&mut reader, &spec.code).await?;
        let waiting = snapshot.waiting.iter().filter(|queued| queued.row.spec_code == spec.code).count();
        found.push(Prospect {
            fits: obstacle.is_none_or(|obstacle| obstacle.is_temporary()),
            reason,
            facts,
            place: place + 1,
            free: decision.free,
            eta: forecast::estimate(&past, place as u64 + 1),
            waiting: waiting as u64,
            spec,
        });
    }
    Ok(found)
}

/// What keeps such a task from ever starting; `None` if it starts when its turn comes.
pub(crate) async fn permanent_obstacle(
    app: &App,
    owner: OwnerId,
    kind: TaskKind,
    image: &str,
    spec: &Spec,
    nodes: i64,
) -> Result<Option<Obstacle>> {
    let look = |planned: &Planned| {
        let allowed = planned.snapshot.allowed(kind, owner, &spec.code);
        let class = planned.snapshot.class(Need::of_spec(spec, nodes), image, &allowed);
        class.obstacle.filter(|obstacle| !obstacle.is_temporary())
    };
    // A slightly old plan is enough to accept; before refusing, an administrator's latest changes count.
    match look(&*app.plan_cache().recent(app).await?) {
        None => Ok(None),
        Some(_) => Ok(look(&*app.plan_cache().now(app).await?)),
    }
}
