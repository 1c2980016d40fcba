//! Long-term care for stored bytes: they are checked against their hashes, lost objects are recorded and
//! repaired once the bytes are available again, and unreferenced objects are deleted.

mod check;
mod sweep;

use hearth_core::{Error, Kind, RepositoryId, Result, Scope};
use hearth_store::{
    blob::{self, BlobFault, BlobFaultKind},
    repository::{self, Repository},
    setting,
};
use tokio::{
    sync::watch,
    time::{self, Instant},
};

pub use check::check_some;
pub use sweep::{Swept, sweep};

use crate::{
    Actor, App, Operation,
    blobs::{BlobId, Condition, Object},
};

/// How often to check whether there is something to do.
const TICK: std::time::Duration = std::time::Duration::from_secs(30);
/// Unreferenced objects are searched for at least this often.
const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_hours(24);
/// Set by whatever may leave unreferenced objects behind.
const SWEEP_WANTED: &str = "storage.sweep_wanted";
/// The most faults shown.
const MOST_SHOWN: u32 = 50;

/// Takes care of stored objects until `stop` becomes true.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let mut swept_at = Instant::now();
    loop {
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => return,
            () = time::sleep(TICK) => {}
        }
        if !app.is_leading() {
            continue;
        }
        let is_due = swept_at.elapsed() > SWEEP_EVERY;
        if is_due {
            swept_at = Instant::now();
        }
        tokio::select! {
            _ = stop.wait_for(|is_stopping| *is_stopping) => return,
            done = run_round(&app, is_due) => if let Err(error) = done {
                tracing::warn!(error = &error as &dyn std::error::Error, "storage maintenance failed");
            }
        }
    }
}

/// One round: deletes unreferenced objects if that is due or requested, and checks some objects.
pub async fn run_round(app: &App, is_sweep_due: bool) -> Result<()> {
    if is_sweep_due || is_sweep_wanted(app).await? {
        let swept = sweep(app, sweep::GRACE).await?;
        let mut operation = app.begin().await?;
        setting::delete(&mut operation, SWEEP_WANTED).await?;
        operation.commit().await?;
        tracing::info!(
            swept.bytes = swept.freed_bytes,
            swept.tasks = swept.tasks,
            "removed unreferenced objects"
        );
    }
    check_some(app).await
}

async fn is_sweep_wanted(app: &App) -> Result<bool> {
    Ok(setting::find(&mut app.store().read().await?, SWEEP_WANTED).await?.is_some())
}

/// Requests a sweep for objects that may be unreferenced once the transaction is committed.
pub(crate) async fn request_sweep(operation: &mut Operation) -> Result<()> {
    Ok(setting::put(operation, SWEEP_WANTED, "yes").await?)
}

/// A lost object, and a repository that refers to it.
#[derive(Clone, Debug)]
pub struct Fault {
    pub fault: BlobFault,
    pub repository: Option<Repository>,
}

/// The number of lost objects, and the latest of them, for administrators.
pub async fn faults(app: &App, actor: &Actor) -> Result<(u64, Vec<Fault>)> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let mut faults = Vec::new();
    for fault in blob::list_faults(&mut reader, MOST_SHOWN).await? {
        let holder: Option<RepositoryId> = blob::find_holder(&mut reader, &fault.sha256).await?;
        let repository = match holder {
            Some(id) => repository::find(&mut reader, id).await?,
            None => None,
        };
        faults.push(Fault { fault, repository });
    }
    Ok((blob::count_faults(&mut reader).await?, faults))
}

/// Records the condition of an object's bytes, and logs it once. Corrupt bytes are set aside.
pub(crate) async fn record_fault(
    app: &App,
    id: &BlobId,
    size_bytes: u64,
    condition: Condition,
) -> Result<()> {
    let kind = match condition {
        Condition::Sound => return Ok(()),
        Condition::Missing => BlobFaultKind::Missing,
        Condition::Changed => BlobFaultKind::Changed,
    };
    let known = blob::find_fault(&mut app.store().read().await?, id.as_str()).await?;
    if kind == BlobFaultKind::Changed {
        app.blobs().set_aside(id).await?;
    } else if known.is_some() {
        return Ok(());
    }
    let fault = BlobFault {
        sha256: id.as_str().to_owned(),
        size_bytes: i64::try_from(size_bytes).unwrap_or(i64::MAX),
        kind,
        found_at: app.now(),
    };
    let mut operation = app.begin().await?;
    let is_new = blob::record_fault(&mut operation, &fault).await?;
    operation.commit().await?;
    if is_new {
        tracing::error!(object = id.as_str(), %kind, "the bytes of an object are lost; whoever has them can upload them again");
    }
    Ok(())
}

/// Opens an object, unless its bytes are missing or evidently corrupt. Such a fault is recorded.
pub(crate) async fn open_sound(app: &App, id: &BlobId, size_bytes: u64) -> Result<Object> {
    let objects = open_all_sound(app, vec![(id.clone(), size_bytes)]).await?;
    objects.into_iter().next().ok_or_else(|| Error::internal("an object was asked for"))
}

/// The same for many objects with their sizes, in order.
pub(crate) async fn open_all_sound(app: &App, wanted: Vec<(BlobId, u64)>) -> Result<Vec<Object>> {
    let found = app.blobs().find_all(wanted.iter().map(|(id, _)| id.clone()).collect()).await?;
    let mut objects = Vec::with_capacity(wanted.len());
    for ((id, size_bytes), object) in wanted.into_iter().zip(found) {
        let condition = look_at(app, object.as_ref(), size_bytes).await?;
        let object = match object {
            Some(object) if condition == Condition::Sound => Some(object),
            _ if check::restore_from_record(app, &id).await? => app.blobs().find(&id).await?,
            _ => None,
        };
        let Some(object) = object else {
            record_fault(app, &id, size_bytes, condition).await?;
            return Err(Error::NotFound(Kind::LostObject));
        };
        objects.push(object);
    }
    Ok(objects)
}

async fn look_at(app: &App, object: Option<&Object>, size_bytes: u64) -> Result<Condition> {
    let is_quick = size_bytes <= app.disk().settings().verify_read_bytes;
    match object {
        None => Ok(Condition::Missing),
        Some(object) if object.size_bytes() != size_bytes => Ok(Condition::Changed),
        Some(object) if is_quick && !app.blobs().is_checked_elsewhere() => {
            app.blobs().examine(object.id(), 0).await
        }
        Some(_) => Ok(Condition::Sound),
    }
}
