//! Taking a review back, and letting one count again that was set aside.

use hearth_core::{
    Action, Error, Kind, Permission, Read, Result, ReviewId, ReviewState, ThreadNumber, Write,
};
use hearth_store::review as row;

use super::{Review, check_may_set_aside};
use crate::{
    Access, App,
    jobs::RefreshPullRequest,
    pull_request::find_row,
    storage,
    thread::{ThreadEdit, participant},
};

/// Deletes a submitted review with its comments on lines and the replies to them: one's own, or, acting as a site
/// administrator, anybody's. Others set a review aside.
pub async fn delete(app: &App, access: &Access<Read>, number: ThreadNumber, id: ReviewId) -> Result<()> {
    access.participant()?;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    let actor = participant(access, &edit.thread)?.id;
    let thread_id = find_row(&mut edit.operation, access, number).await?.id;
    let found = row::find(&mut edit.operation, thread_id, id).await?;
    let found =
        found.filter(|review| review.state != ReviewState::Pending).ok_or(Error::NotFound(Kind::Review))?;
    let administers = access.actor().administration() == Some(Permission::Administer);
    if found.author_id != actor && !administers {
        return Err(Error::Forbidden(Action::Write));
    }
    row::delete(&mut edit.operation, id).await?;
    edit.touch().await?;
    storage::request_sweep(&mut edit.operation).await?;
    edit.operation.enqueue(&RefreshPullRequest { thread_id }).await?;
    edit.operation.commit().await
}

/// Lets a review count again that was set aside; idempotent. For those who may set it aside.
pub async fn undismiss(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    id: ReviewId,
) -> Result<Review> {
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    let pull_request = find_row(&mut edit.operation, access, number).await?;
    check_may_set_aside(access, &pull_request)?;
    let thread_id = pull_request.id;
    let old = row::find(&mut edit.operation, thread_id, id).await?;
    old.filter(|review| review.state != ReviewState::Pending).ok_or(Error::NotFound(Kind::Review))?;
    if row::undismiss(&mut edit.operation, id, edit.now).await? {
        edit.touch().await?;
        edit.operation.enqueue(&RefreshPullRequest { thread_id }).await?;
    }
    let new = row::find(&mut edit.operation, thread_id, id).await?;
    edit.operation.commit().await?;
    new.ok_or(Error::NotFound(Kind::Review))
}
