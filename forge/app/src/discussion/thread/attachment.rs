//! Files in texts. They are uploaded first, then attached to the text that refers to them, and deleted if no
//! text does so within a day. Whoever may read that text may read them; until they are attached, only
//! the uploader may.

use std::{collections::HashMap, time::Duration};

use hearth_core::{AttachmentId, CommentId, Error, FieldError, Kind, Permission, Read, Result, ThreadId};
pub use hearth_store::attachment::Attachment;
use hearth_store::{
    attachment::{self as row, NewAttachment, Place},
    blob, thread as thread_row,
};
use tokio::io::AsyncRead;

use super::{Act, Target, author_or_writer, event, participant, unit_of};
use crate::{
    Access, App, Operation,
    blobs::{BlobId, Object, Promise},
    storage,
};

/// How long an uploaded file may wait for its text.
pub const WAITS: Duration = Duration::from_hours(24);
const LONGEST_NAME: usize = 120;

/// Stores a file to which a text will refer.
pub async fn upload(
    app: &App,
    access: &Access<Read>,
    name: &str,
    source: impl AsyncRead + Unpin,
) -> Result<Attachment> {
    let (new, mut operation) = receive(app, access, name, source).await?;
    let made = row::insert(&mut operation, &new).await?;
    operation.commit().await?;
    Ok(made)
}

/// Adds a file to an existing text.
pub async fn add(
    app: &App,
    access: &Access<Read>,
    target: Target,
    name: &str,
    source: impl AsyncRead + Unpin,
) -> Result<Attachment> {
    access.participant()?;
    let found = target.find(&mut app.store().read().await?, access).await?;
    author_or_writer(access, found.author)?;
    participant(access, &found.thread)?;
    let (new, mut operation) = receive(app, access, name, source).await?;
    let found = target.find(&mut operation, access).await?;
    author_or_writer(access, found.author)?;
    participant(access, &found.thread)?;
    let made = row::insert(&mut operation, &new).await?;
    let place = Place { thread_id: found.thread.id, comment_id: found.comment };
    put(app, &mut operation, access, place, std::slice::from_ref(&made.uuid)).await?;
    event::record(&mut operation, access, &found.thread, Act::Attached(made.name.clone())).await?;
    let made = row::find(&mut operation, place, made.id).await?;
    operation.commit().await?;
    made.ok_or(Error::NotFound(Kind::Attachment))
}

/// Stores the bytes, and begins the operation that inserts the row.
async fn receive(
    app: &App,
    access: &Access<Read>,
    name: &str,
    source: impl AsyncRead + Unpin,
) -> Result<(NewAttachment, Operation)> {
    let uploader = access.participant()?.id;
    let repository = access.repository().id;
    let name = checked_name(app, name)?;
    check_room(app, &mut app.store().read().await?, access, 0).await?;
    let stored = app.blobs().put(source, &Promise::default(), app.limits().attachment()).await?;
    let _claim = app.blobs().claim(&stored.id).await;
    let mut operation = app.begin().await?;
    // Others may have uploaded files meanwhile.
    check_room(app, &mut operation, access, stored.size_bytes).await?;
    blob::clear_fault(&mut operation, stored.id.as_str()).await?;
    let new = NewAttachment {
        uuid: app.random().uuid(),
        repository_id: repository,
        uploader_id: uploader,
        name,
        size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
        sha256: stored.id.as_str().to_owned(),
        created_at: app.now(),
    };
    Ok((new, operation))
}

async fn check_room(
    app: &App,
    ask: &mut impl hearth_store::Ask,
    access: &Access<Read>,
    more: u64,
) -> Result<()> {
    let limits = app.limits();
    let uploader = access.participant()?.id;
    if row::count_waiting(ask, uploader).await? >= limits.waiting_attachments {
        return Err(Error::TooLarge(limits.attachments_of_person()));
    }
    let held = u64::try_from(row::total_bytes(ask, access.repository().id).await?).unwrap_or(0);
    if held.saturating_add(more) > limits.repository_attachment_bytes {
        return Err(Error::TooLarge(limits.attachments_of_repository()));
    }
    Ok(())
}

/// A file name without a path and without invisible or bidirectional characters, with a permitted extension.
fn checked_name(app: &App, name: &str) -> Result<String> {
    let is_fit = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(is_fit).collect();
    let clean = clean.trim().trim_matches('.').trim();
    let (stem, ending) = clean.rsplit_once('.').unwrap_or((clean, ""));
    let types = &app.settings().attachment_types;
    let is_taken = types.iter().any(|taken| taken == "*" || taken.eq_ignore_ascii_case(ending));
    if clean.is_empty() || !is_taken {
        let known = types.join(", ");
        return Err(Error::Invalid(vec![FieldError::new("files", "attachment-type").with("types", known)]));
    }
    let room = LONGEST_NAME.saturating_sub(ending.chars().count() + 1);
    let stem: String = stem.chars().take(room).collect();
    if ending.is_empty() { Ok(stem) } else { Ok(format!("{stem}.{ending}")) }
}

/// Attaches the files that a text refers to, if its author uploaded them and they belong to no other text.
pub(super) async fn place(
    app: &App,
    operation: &mut Operation,
    access: &Access<Read>,
    place: Place,
    uuids: &[String],
) -> Result<()> {
    if uuids.is_empty() { Ok(()) } else { put(app, operation, access, place, uuids).await }
}

async fn put(
    app: &App,
    operation: &mut Operation,
    access: &Access<Read>,
    place: Place,
    uuids: &[String],
) -> Result<()> {
    let uploader = access.participant()?.id;
    row::place(operation, (access.repository().id, uploader), uuids, place).await?;
    if row::count(operation, place).await? > app.limits().attachments {
        return Err(Error::TooLarge(app.limits().attachments_of_text()));
    }
    Ok(())
}

/// Those of one text, oldest first.
pub async fn list(app: &App, access: &Access<Read>, target: Target) -> Result<Vec<Attachment>> {
    let mut reader = app.store().read().await?;
    let found = target.find(&mut reader, access).await?;
    Ok(row::list(&mut reader, Place { thread_id: found.thread.id, comment_id: found.comment }).await?)
}

/// Those of these comments, by comment.
pub async fn of_comments(
    app: &App,
    _access: &Access<Read>,
    comments: &[CommentId],
) -> Result<HashMap<CommentId, Vec<Attachment>>> {
    let ids: Vec<i64> = comments.iter().map(|id| id.0).collect();
    let mut sorted: HashMap<CommentId, Vec<Attachment>> = HashMap::new();
    for found in row::list_of_comments(&mut app.store().read().await?, &ids).await? {
        if let Some(comment) = found.comment_id {
            sorted.entry(comment).or_default().push(found);
        }
    }
    Ok(sorted)
}

/// Those of the opening texts of these threads.
pub(crate) async fn of_threads(
    ask: &mut impl hearth_store::Ask,
    threads: &[ThreadId],
) -> Result<HashMap<ThreadId, Vec<Attachment>>> {
    let mut sorted: HashMap<ThreadId, Vec<Attachment>> = HashMap::new();
    for found in row::list_of_threads(ask, threads).await? {
        if let Some(thread) = found.thread_id {
            sorted.entry(thread).or_default().push(found);
        }
    }
    Ok(sorted)
}

/// One attachment of a text.
pub async fn find(app: &App, access: &Access<Read>, target: Target, id: AttachmentId) -> Result<Attachment> {
    let mut reader = app.store().read().await?;
    let found = target.find(&mut reader, access).await?;
    let place = Place { thread_id: found.thread.id, comment_id: found.comment };
    row::find(&mut reader, place, id).await?.ok_or(Error::NotFound(Kind::Attachment))
}

/// Renames an attachment of a text.
pub async fn rename(
    app: &App,
    access: &Access<Read>,
    target: Target,
    id: AttachmentId,
    name: &str,
) -> Result<Attachment> {
    access.participant()?;
    let name = checked_name(app, name)?;
    let mut operation = app.begin().await?;
    let found = target.find(&mut operation, access).await?;
    author_or_writer(access, found.author)?;
    participant(access, &found.thread)?;
    let place = Place { thread_id: found.thread.id, comment_id: found.comment };
    row::find(&mut operation, place, id).await?.ok_or(Error::NotFound(Kind::Attachment))?;
    row::rename(&mut operation, id, &name).await?;
    event::record(&mut operation, access, &found.thread, Act::AttachmentRenamed(name)).await?;
    let renamed = row::find(&mut operation, place, id).await?;
    operation.commit().await?;
    renamed.ok_or(Error::NotFound(Kind::Attachment))
}

/// Removes an attachment from a text. Its bytes are deleted once nothing refers to them.
pub async fn remove(app: &App, access: &Access<Read>, target: Target, id: AttachmentId) -> Result<()> {
    access.participant()?;
    let mut operation = app.begin().await?;
    let found = target.find(&mut operation, access).await?;
    author_or_writer(access, found.author)?;
    let place = Place { thread_id: found.thread.id, comment_id: found.comment };
    let old = row::find(&mut operation, place, id).await?.ok_or(Error::NotFound(Kind::Attachment))?;
    row::delete(&mut operation, id).await?;
    event::record(&mut operation, access, &found.thread, Act::AttachmentRemoved(old.name)).await?;
    storage::request_sweep(&mut operation).await?;
    operation.commit().await
}

/// Opens a file of a text, by the name in its address, for reading.
pub async fn open(app: &App, access: &Access<Read>, uuid: &str) -> Result<(Attachment, Object)> {
    let mut reader = app.store().read().await?;
    let found = row::find_by_uuid(&mut reader, access.repository().id, uuid).await?;
    let file = found.ok_or(Error::NotFound(Kind::Attachment))?;
    let is_shown = match file.thread_id {
        // It is for those who may read what it is attached to, however they know its name.
        Some(thread) => {
            let thread = thread_row::find_by_id(&mut reader, thread).await?;
            thread.is_some_and(|thread| access.can_in(unit_of(thread.kind), Permission::Read))
        }
        None => access.actor().user_id() == Some(file.uploader_id),
    };
    drop(reader);
    if !is_shown {
        return Err(Error::NotFound(Kind::Attachment));
    }
    let id = BlobId::parse(&file.sha256).ok_or(Error::NotFound(Kind::LostObject))?;
    let size_bytes = u64::try_from(file.size_bytes).unwrap_or(0);
    let object = storage::open_sound(app, &id, size_bytes).await?;
    Ok((file, object))
}
