//! Comments under threads.

use hearth_core::{
    CommentId, Conflict, Error, Kind, Page, PageRequest, Read, Result, ThreadEventKind, ThreadKind,
    ThreadNumber,
};
pub use hearth_store::comment::{Comment, CommentFilter};
use hearth_store::{comment as row, thread as thread_row};
use serde_json::json;

use super::{Act, Target, Text, ThreadEdit, author_or_writer, find_comment, participant, unit_of};
use crate::{Access, App, storage};

/// Adds a comment.
pub async fn add(app: &App, access: &Access<Read>, number: ThreadNumber, body: &str) -> Result<Comment> {
    access.participant()?;
    let text = Text::read(app, "body", body).await?;
    if text.body.trim().is_empty() {
        return Err(Error::field("body", "required"));
    }
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    let author = participant(access, &thread_edit.thread)?;
    let comment = thread_edit.add_comment(app, access, author, &text).await?;
    thread_edit.operation.commit().await?;
    Ok(comment)
}

pub async fn find(app: &App, access: &Access<Read>, id: CommentId) -> Result<Comment> {
    find_comment(&mut app.store().read().await?, access, id).await
}

/// The comments of one thread, oldest first.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    filter: CommentFilter,
    request: PageRequest,
) -> Result<Page<Comment>> {
    let mut reader = app.store().read().await?;
    let target = super::find(&mut reader, access, number).await?;
    let items = row::list(&mut reader, target.id, filter, request).await?;
    Ok(Page::of(items, request, row::count(&mut reader, target.id, filter)).await?)
}

/// The comments of all threads that the actor may see, oldest first.
pub async fn list_all(
    app: &App,
    access: &Access<Read>,
    filter: CommentFilter,
    request: PageRequest,
) -> Result<Page<Comment>> {
    let id = access.repository().id;
    let kinds = ThreadKind::ALL.iter().copied().filter(|kind| access.holds_in(unit_of(*kind)));
    let kinds: Vec<ThreadKind> = kinds.collect();
    let mut reader = app.store().read().await?;
    let items = row::list_of_repository(&mut reader, id, &kinds, filter, request).await?;
    Ok(Page::of(items, request, row::count_of_repository(&mut reader, id, &kinds, filter)).await?)
}

/// Changes a comment, unless somebody else did so since `version` was read; none: whatever is current.
pub async fn edit(
    app: &App,
    access: &Access<Read>,
    id: CommentId,
    version: Option<i64>,
    body: &str,
) -> Result<Comment> {
    access.participant()?;
    let text = Text::read(app, "body", body).await?;
    if text.body.trim().is_empty() {
        return Err(Error::field("body", "required"));
    }
    let known = find(app, access, id).await?;
    let before = Text::read(app, "body", &known.body).await.unwrap_or_default();
    let mut thread_edit = ThreadEdit::begin(app, access, known.thread_number).await?;
    let repository = access.repository().id;
    let old = row::find(&mut thread_edit.operation, repository, id).await?;
    let old = old.ok_or(Error::NotFound(Kind::Comment))?;
    author_or_writer(access, old.author_id)?;
    participant(access, &thread_edit.thread)?;
    let version = version.unwrap_or(old.version);
    if !row::update(&mut thread_edit.operation, id, version, &text.body, thread_edit.now).await? {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    thread_edit.touch().await?;
    thread_edit.apply_text_effects(app, access, Some(id), (&before, &text)).await?;
    thread_edit.record(access, Act::CommentEdited(id)).await?;
    let new = row::find(&mut thread_edit.operation, repository, id).await?;
    thread_edit.operation.commit().await?;
    new.ok_or(Error::NotFound(Kind::Comment))
}

/// Removes a comment with its files; the timeline shows that it was deleted.
pub async fn delete(app: &App, access: &Access<Read>, id: CommentId) -> Result<Comment> {
    access.participant()?;
    let mut operation = app.begin().await?;
    let found = Target::Comment(id).find(&mut operation, access).await?;
    let actor = author_or_writer(access, found.author)?.id;
    let old = row::find(&mut operation, access.repository().id, id).await?;
    let old = old.ok_or(Error::NotFound(Kind::Comment))?;
    let mut thread_edit = ThreadEdit::within(operation, access, found.thread.number).await?;
    if row::delete(&mut thread_edit.operation, id).await? {
        thread_row::touch(&mut thread_edit.operation, old.thread_id, -1, thread_edit.now).await?;
        let data = json!({ "name": old.author });
        thread_edit.note(actor, ThreadEventKind::CommentDeleted, data).await?;
        thread_edit.record(access, Act::CommentDeleted(id)).await?;
        storage::request_sweep(&mut thread_edit.operation).await?;
    }
    thread_edit.operation.commit().await?;
    Ok(old)
}
