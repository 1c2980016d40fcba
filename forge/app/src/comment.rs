//! Comments under issues.

use hearth_core::{
    CommentId, Conflict, Error, IssueEventKind, IssueNumber, IssueState, Kind, Page, PageRequest, Read,
    Result,
    event::{IssueEvent, Subject},
};
pub use hearth_store::comment::{Comment, CommentFilter};
use hearth_store::{comment as row, issue as issue_row, issue_event};
use serde_json::json;

use crate::{Access, App, issue};

/// Says something. `state` closes or reopens the issue with the comment; then, and only then, may the text be empty.
pub async fn add(
    app: &App,
    access: &Access<Read>,
    number: IssueNumber,
    body: &str,
    state: Option<IssueState>,
) -> Result<Option<Comment>> {
    let author = access.participant()?;
    let body = issue::checked_text(app, "body", body)?;
    let is_empty = body.trim().is_empty();
    if is_empty && state.is_none() {
        return Err(Error::field("body", "required"));
    }
    let repository = access.repository().id;
    let now = app.now();
    let mut operation = app.begin().await?;
    let found = issue_row::find(&mut operation, repository, number).await?;
    let mut target = found.ok_or(Error::NotFound(Kind::Issue))?;
    target.updated_at = now;
    let mut comment = None;
    if !is_empty {
        let said = row::insert(&mut operation, target.id, author.id, &body, now).await?;
        issue_row::touch(&mut operation, target.id, 1, now).await?;
        issue::trace(&mut operation, access, &target, author, "", &body).await?;
        let commented = IssueEvent::Commented { number, title: target.title.clone(), comment: said.id };
        operation.record_in(access, Subject::Issue(target.id), commented).await?;
        comment = Some(said);
    }
    if let Some(state) = state {
        let actor = issue::author_or_writer(access, target.author_id)?;
        issue::note_state(&mut operation, access, &target, actor, state, now).await?;
    }
    operation.commit().await?;
    Ok(comment)
}

pub async fn find(app: &App, access: &Access<Read>, id: CommentId) -> Result<Comment> {
    let found = row::find(&mut app.store().read().await?, access.repository().id, id).await?;
    found.ok_or(Error::NotFound(Kind::Comment))
}

/// The comments of one issue, oldest first.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    number: IssueNumber,
    filter: CommentFilter,
    request: PageRequest,
) -> Result<Page<Comment>> {
    let mut reader = app.store().read().await?;
    let found = issue_row::find(&mut reader, access.repository().id, number).await?;
    let target = found.ok_or(Error::NotFound(Kind::Issue))?;
    let total = row::count(&mut reader, target.id, filter).await?;
    let items = row::list(&mut reader, target.id, filter, request).await?;
    Ok(Page { items, total, request })
}

/// The comments of all issues, oldest first.
pub async fn list_all(
    app: &App,
    access: &Access<Read>,
    filter: CommentFilter,
    request: PageRequest,
) -> Result<Page<Comment>> {
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let total = row::count_of_repository(&mut reader, repository, filter).await?;
    let items = row::list_of_repository(&mut reader, repository, filter, request).await?;
    Ok(Page { items, total, request })
}

/// Changes a comment, unless somebody else did since `version` was read; none: whatever is there now.
pub async fn edit(
    app: &App,
    access: &Access<Read>,
    id: CommentId,
    version: Option<i64>,
    body: &str,
) -> Result<Comment> {
    let body = issue::checked_text(app, "body", body)?;
    if body.trim().is_empty() {
        return Err(Error::field("body", "required"));
    }
    let repository = access.repository().id;
    let now = app.now();
    let mut operation = app.begin().await?;
    let old = row::find(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Comment))?;
    let actor = issue::author_or_writer(access, old.author_id)?;
    if !row::update(&mut operation, id, version.unwrap_or(old.version), &body, now).await? {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    if let Some(mut target) = issue_row::find(&mut operation, repository, old.issue_number).await? {
        target.updated_at = now;
        issue_row::touch(&mut operation, target.id, 0, now).await?;
        issue::trace(&mut operation, access, &target, actor, &old.body, &body).await?;
    }
    let new = row::find(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Comment))?;
    operation.commit().await?;
    Ok(new)
}

/// Removes a comment; its place in the timeline says so.
pub async fn delete(app: &App, access: &Access<Read>, id: CommentId) -> Result<Comment> {
    let now = app.now();
    let mut operation = app.begin().await?;
    let found = row::find(&mut operation, access.repository().id, id).await?;
    let old = found.ok_or(Error::NotFound(Kind::Comment))?;
    let actor = issue::author_or_writer(access, old.author_id)?;
    if row::delete(&mut operation, id).await? {
        issue_row::touch(&mut operation, old.issue_id, -1, now).await?;
        let (kind, data) = (IssueEventKind::CommentDeleted, json!({ "name": old.author }));
        issue_event::insert(&mut operation, old.issue_id, actor.id, kind, data, now).await?;
    }
    operation.commit().await?;
    Ok(old)
}
