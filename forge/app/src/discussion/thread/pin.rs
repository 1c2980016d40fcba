//! Pinned threads: a few that stand above the list of their kind, in an order that people give them.

use hearth_core::{Error, Kind, Read, Result, ThreadEventKind, ThreadId, ThreadKind, ThreadNumber, Write};
pub use hearth_store::thread_pin::Pin;
use hearth_store::{repository, thread_pin as row};
use serde_json::json;

use super::{Act, Thread, ThreadEdit};
use crate::{Access, App};

/// Pins a thread below those that are pinned already; idempotent.
pub async fn pin(app: &App, access: &Access<Write>, number: ThreadNumber) -> Result<()> {
    let (mut thread_edit, mut order) = begin(app, access, number).await?;
    let id = thread_edit.thread.id;
    if order.contains(&id) {
        return Ok(());
    }
    if order.len() as u64 >= app.limits().pinned_threads {
        return Err(Error::TooLarge(app.limits().threads_pinned()));
    }
    order.push(id);
    keep(&mut thread_edit, &order).await?;
    thread_edit.note(access.writer().id, ThreadEventKind::Pinned, json!({})).await?;
    thread_edit.record(access, Act::Pinned).await?;
    thread_edit.operation.commit().await
}

/// Unpins a thread; idempotent.
pub async fn unpin(app: &App, access: &Access<Write>, number: ThreadNumber) -> Result<()> {
    let (mut thread_edit, mut order) = begin(app, access, number).await?;
    let id = thread_edit.thread.id;
    if !order.contains(&id) {
        return Ok(());
    }
    order.retain(|other| *other != id);
    keep(&mut thread_edit, &order).await?;
    thread_edit.note(access.writer().id, ThreadEventKind::Unpinned, json!({})).await?;
    thread_edit.record(access, Act::Unpinned).await?;
    thread_edit.operation.commit().await
}

/// Gives a pinned thread another place among the pinned ones, counted from 1. One behind the last is the last.
pub async fn move_to(app: &App, access: &Access<Write>, number: ThreadNumber, place: usize) -> Result<()> {
    let (mut thread_edit, mut order) = begin(app, access, number).await?;
    let id = thread_edit.thread.id;
    if !order.contains(&id) {
        return Err(Error::NotFound(Kind::Pin));
    }
    order.retain(|other| *other != id);
    order.insert(place.saturating_sub(1).min(order.len()), id);
    keep(&mut thread_edit, &order).await?;
    thread_edit.operation.commit().await
}

/// The pinned threads of a kind that the reader may read, in their order.
pub async fn list(app: &App, access: &Access<Read>, kind: ThreadKind) -> Result<Vec<Pin>> {
    Ok(row::list(&mut app.store().read().await?, access.repository().id, kind).await?)
}

/// Whether another thread of this kind can be pinned.
pub async fn has_room(app: &App, access: &Access<Read>, kind: ThreadKind) -> Result<bool> {
    Ok((list(app, access, kind).await?.len() as u64) < app.limits().pinned_threads)
}

/// Whether a thread of this repository is pinned.
pub async fn is_pinned(app: &App, _access: &Access<Read>, thread: &Thread) -> Result<bool> {
    Ok(row::is_pinned(&mut app.store().read().await?, thread).await?)
}

/// The places of those threads of this repository that are pinned.
pub async fn places(app: &App, _access: &Access<Read>, threads: &[ThreadId]) -> Result<Vec<(ThreadId, i64)>> {
    Ok(row::places(&mut app.store().read().await?, threads).await?)
}

/// The thread, and the pinned ones of its kind. The repository is locked, so that two people who pin at the same time do not
/// exceed the limit.
async fn begin(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
) -> Result<(ThreadEdit, Vec<ThreadId>)> {
    let mut operation = app.begin().await?;
    let id = access.repository().id;
    repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let mut thread_edit = ThreadEdit::within(operation, access, number).await?;
    let pins = row::list(&mut thread_edit.operation, id, thread_edit.thread.kind).await?;
    Ok((thread_edit, pins.into_iter().map(|pin| pin.thread_id).collect()))
}

async fn keep(thread_edit: &mut ThreadEdit, order: &[ThreadId]) -> Result<()> {
    let (repository, kind) = (thread_edit.thread.repository_id, thread_edit.thread.kind);
    Ok(row::set(&mut thread_edit.operation, repository, kind, order, thread_edit.now).await?)
}
