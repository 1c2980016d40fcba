//! Admission from the queue: the attempt's row first, then the engine. A crash in between leaves a row
//! without a handle, which is started again; engines identify attempts by name, so nothing starts twice.

use std::collections::{BTreeMap, HashMap};

use hearth_core::{Error, Reason, Result, TaskId, TaskState};
use hearth_runner::{engine::Placement, spec::Accelerator};
use hearth_store::{
    attempt as row,
    attempt::{Attempt, NewAttempt},
    attempt_node, image,
    image::Image,
    image_variant,
    image_variant::ImageVariant,
    owner, queue as queue_row, repository, spec as spec_row, task as task_row,
    task::Task,
    task_event::Facts,
    wait_forecast,
};

use super::{
    hand_over::{BoundAttempt, new_token},
    make_room::make_room,
    task_spec::{AttemptDecision, task_spec},
};
use crate::{
    App, Operation, attempt, queue,
    queue::{Binding, Decision, QueueSnapshot, Queued, Verdict},
    task,
};

/// How often to plan again if others admit tasks concurrently.
const TRIES: usize = 5;

/// Binds everything that fits, in queue order, and records why the rest waits. The caller hands what was
/// bound to its engine.
pub(super) async fn admit(app: &App) -> Result<Vec<BoundAttempt>> {
    for _ in 0..TRIES {
        if !queue_row::has_waiting(&mut app.store().read().await?).await? {
            return Ok(Vec::new());
        }
        let snapshot = queue::read_snapshot(app).await?;
        let decisions = snapshot.decide();
        let Some(bound) = bind(app, &snapshot, &decisions).await? else { continue };
        note_reasons(app, &snapshot, &decisions).await?;
        make_room(app, &snapshot, &decisions).await?;
        return Ok(bound);
    }
    Ok(Vec::new())
}

/// Records why tasks wait, where that has changed.
async fn note_reasons(app: &App, snapshot: &QueueSnapshot, decisions: &[Decision]) -> Result<()> {
    let mut changed: BTreeMap<&str, (Reason, Vec<TaskId>)> = BTreeMap::new();
    for (queued, decision) in snapshot.queued().zip(decisions) {
        if let Verdict::Wait(obstacle) = &decision.verdict
            && obstacle.reason() != queued.row.reason
        {
            let reason = obstacle.reason();
            changed.entry(reason.as_str()).or_insert((reason, Vec::new())).1.push(queued.row.id);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let mut operation = app.begin().await?;
    for (reason, tasks) in changed.into_values() {
        queue_row::set_reason(&mut operation, &tasks, reason, app.now()).await?;
    }
    operation.commit().await
}

/// Rows that are read once for all tasks of a pass.
#[derive(Default)]
struct RowCache {
    images: HashMap<String, Option<(Image, Vec<ImageVariant>)>>,
    shared_memory: HashMap<String, Option<i64>>,
}

/// Creates the attempts of admitted tasks in one transaction. `None` if others were admitted since this was
/// planned.
async fn bind(
    app: &App,
    snapshot: &QueueSnapshot,
    decisions: &[Decision],
) -> Result<Option<Vec<BoundAttempt>>> {
    let starts: Vec<(&Queued, &Binding)> = snapshot
        .queued()
        .zip(decisions)
        .filter_map(|(queued, decision)| match &decision.verdict {
            Verdict::Start(place) => Some((queued, place)),
            Verdict::Wait(_) => None,
        })
        .take(app.pending_hand_overs().room())
        .collect();
    if starts.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let mut cache = RowCache::default();
    let mut bound = Vec::new();
    let mut operation = app.begin().await?;
    if !queue_row::begin_admission(&mut operation, snapshot.admissions()).await? {
        return Ok(None);
    }
    for (queued, place) in starts {
        bound.extend(bind_one(app, &mut operation, snapshot, &mut cache, queued, place).await?);
    }
    // Before the commit, so that they are not mistaken for abandoned attempts.
    app.pending_hand_overs().begin(bound.iter().map(|bound| bound.attempt.id));
    for bound in &bound {
        app.attempt_clocks().heard(bound.attempt.id, app.monotonic(), None);
    }
    if let Err(error) = operation.commit().await {
        app.pending_hand_overs().end(bound.iter().map(|bound| bound.attempt.id));
        return Err(error);
    }
    Ok(Some(bound))
}

async fn bind_one(
    app: &App,
    operation: &mut Operation,
    snapshot: &QueueSnapshot,
    cache: &mut RowCache,
    queued: &Queued,
    place: &Binding,
) -> Result<Option<BoundAttempt>> {
    let now = app.now();
    let id = queued.row.id;
    let Some(waiting) = task_row::find(operation, id).await? else { return Ok(None) };
    // It was stopped or given another spec; the next pass sees its new state.
    if waiting.state != TaskState::Waiting || queue::Need::of_task(&waiting) != *snapshot.need(queued) {
        return Ok(None);
    }
    let repository = repository::find(operation, waiting.repository_id).await?;
    let image = cache.image(operation, &waiting.image_code).await?;
    let found = image.and_then(|(image, variants)| Some((reference(image, variants, place)?, image)));
    let (Some(repository), Some((reference, image))) = (repository, found) else {
        fail_creation(operation, &waiting, Reason::ImageMissing).await?;
        return Ok(None);
    };
    // The repository was transferred, or its owner got a quota, since the plan was made: the next pass decides.
    let payer = queue_row::find_payer(operation, repository.owner_id, waiting.creator_id).await?;
    if payer != queued.claim.payer {
        return Ok(None);
    }
    let image = image.clone();
    let shared_memory_bytes = cache.shared_memory(operation, &waiting).await?;
    let patch = if waiting.has_patch { task_row::patch(operation, id).await? } else { None };
    let texts = task_row::texts(operation, id).await?;
    let number = waiting.attempts + 1;
    let decision = AttemptDecision {
        number,
        repository: &repository,
        image: &image,
        reference,
        place,
        shared_memory_bytes,
        program: &texts.program,
        patch: patch.as_deref(),
    };
    let spec = match task_spec(app, &waiting, &decision) {
        Ok(spec) => spec,
        Err(error) => {
            tracing::error!(task.id = %id, error = &error as &dyn std::error::Error, "the spec of a task cannot be written");
            fail_creation(operation, &waiting, Reason::PlatformFault).await?;
            return Ok(None);
        }
    };
    let Some(counted) = task::admit(operation, &waiting).await?.filter(|counted| *counted == number) else {
        return Ok(None);
    };
    let owner = owner::find(operation, repository.owner_id).await?;
    let owner = owner.ok_or_else(|| Error::internal("a repository is somebody's"))?;
    let token = new_token(app);
    let placement = placement(snapshot, place, owner.namespace);
    let new = NewAttempt {
        task_id: id,
        number: counted,
        engine: place.engine.clone(),
        machine: place.machines.first().cloned().unwrap_or_default(),
        pool_code: place.pool.clone(),
        payer_id: payer,
        placement: serde_json::to_value(&placement).map_err(Error::internal)?,
        spec: serde_json::to_value(&spec).map_err(Error::internal)?,
        token_hash: attempt::token_hash(&token),
        created_at: now,
    };
    let attempt_id = row::insert(operation, &new).await?;
    if place.machines.len() > 1 {
        for (rank, machine) in (0..).zip(&place.machines) {
            attempt_node::insert(operation, attempt_id, rank, machine).await?;
        }
    }
    wait_forecast::record_start(operation, id, now).await?;
    let admitted = Task { state: TaskState::Creating, attempts: counted, ..waiting };
    let step =
        task::Step { reason: Reason::StageStart, source: "queue", facts: facts(place, counted), actor: None };
    task::transition(operation, &admitted, TaskState::Creating, step).await?;
    let attempt = row::find(operation, id, counted).await?.filter(|found| found.id == attempt_id);
    let attempt: Attempt = attempt.ok_or_else(|| Error::internal("an attempt vanished"))?;
    Ok(Some(BoundAttempt { attempt, spec, token, placement, patch }))
}

fn facts(place: &Binding, attempt: i64) -> Facts {
    let mut facts = Facts::from([
        ("engine".to_owned(), place.engine.clone()),
        ("pool".to_owned(), place.pool.clone()),
        ("machine".to_owned(), place.machines.join(", ")),
        ("attempt".to_owned(), attempt.to_string()),
    ]);
    if let Some(Accelerator { vendor, model, .. }) = place.cards.first() {
        facts.insert("cards".to_owned(), format!("{} × {vendor}/{model}", place.cards.len()));
    }
    facts
}

/// The complete placement of the attempt, so that it can be handed over again as decided.
fn placement(snapshot: &QueueSnapshot, place: &Binding, owner: String) -> Placement {
    let pool = snapshot.pool(&place.pool);
    Placement {
        owner,
        pool: place.pool.clone(),
        machines: place.machines.clone(),
        node_selector: pool.map(|pool| pool.node_selector.clone()).unwrap_or_default(),
        device: place.cards.first().and_then(|card| snapshot.device(&card.vendor)).cloned(),
        local_queue: pool.and_then(|pool| pool.local_queue.clone()),
    }
}

/// The image's reference and digest on these machines, or neither for an interpreter.
fn reference(
    image: &Image,
    variants: &[ImageVariant],
    place: &Binding,
) -> Option<(Option<String>, Option<String>)> {
    let Some(family) = &place.family else {
        let is_there = image.interpreter.is_some() && image.is_available;
        return is_there.then(|| (image.reference.clone(), image.digest.clone()));
    };
    let variant = variants.iter().find(|variant| variant.is_enabled && variant.family == *family);
    match variant {
        Some(variant) => Some((Some(variant.reference.clone()), variant.digest.clone())),
        None => image.reference.clone().map(|reference| (Some(reference), image.digest.clone())),
    }
}

impl RowCache {
    async fn image(
        &mut self,
        operation: &mut Operation,
        code: &str,
    ) -> Result<Option<(&Image, &[ImageVariant])>> {
        if !self.images.contains_key(code) {
            let found = match image::find_by_code(operation, code).await? {
                Some(image) if image.is_enabled => {
                    let variants = image_variant::list_of_image(operation, image.id).await?;
                    Some((image, variants))
                }
                _ => None,
            };
            self.images.insert(code.to_owned(), found);
        }
        let known = self.images.get(code).and_then(Option::as_ref);
        Ok(known.map(|(image, variants)| (image, variants.as_slice())))
    }

    async fn shared_memory(&mut self, operation: &mut Operation, task: &Task) -> Result<i64> {
        if !self.shared_memory.contains_key(&task.spec_code) {
            let spec = spec_row::find_by_code(operation, &task.spec_code).await?;
            self.shared_memory.insert(task.spec_code.clone(), spec.map(|spec| spec.shared_memory_bytes));
        }
        let known = self.shared_memory.get(&task.spec_code).copied().flatten();
        Ok(known.unwrap_or(task.memory_bytes / 2))
    }
}

async fn fail_creation(operation: &mut Operation, waiting: &Task, reason: Reason) -> Result<()> {
    let step = task::Step { reason, source: "queue", facts: Facts::new(), actor: None };
    task::transition(operation, waiting, TaskState::CreatedFailed, step).await?;
    Ok(())
}
