//! Changes to comments on lines and to the threads that they form.

use hearth_core::{
    Action, Conflict, Error, Kind, LineCommentId, Read, Result, ReviewState, ReviewVerdict, ThreadNumber,
    event::{PullRequestEvent, Subject},
};
use hearth_store::{line_comment as row, review as review_row};

use super::{LineComment, may_moderate, read_text};
use crate::{
    Access, App, Operation,
    jobs::RefreshPullRequest,
    pull_request::find_row,
    storage,
    thread::{Text, ThreadEdit, participant},
};

/// Changes the text of a comment, unless somebody else did so since `edit_version` was read; none: whatever is current.
pub async fn edit(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    id: LineCommentId,
    edit_version: Option<i64>,
    body: &str,
) -> Result<LineComment> {
    access.participant()?;
    let text = read_text(app, body).await?;
    let known = super::find(app, access, number, id).await?;
    let before = Text::read(app, "body", &known.body).await.unwrap_or_default();
    let mut changing = Changing::begin(app, access, number, id).await?;
    changing.check_author(access)?;
    let comment = &changing.comment;
    let version = edit_version.unwrap_or(comment.edit_version);
    let now = changing.edit.now;
    if !row::update(&mut changing.edit.operation, id, version, &text.body, now).await? {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    if !changing.comment.is_pending() {
        changing.edit.touch().await?;
        changing.edit.apply_text_effects(app, access, None, (&before, &text)).await?;
        changing
            .record(access, |number, title| PullRequestEvent::LineCommentEdited {
                number,
                title,
                comment: id,
            })
            .await?;
    }
    let thread = changing.edit.thread.id;
    let new = row::find(&mut changing.edit.operation, thread, id).await?;
    changing.edit.operation.commit().await?;
    new.ok_or(Error::NotFound(Kind::LineComment))
}

/// Removes a comment. What others replied stays, and a review that says nothing else goes with it.
pub async fn delete(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    id: LineCommentId,
) -> Result<LineComment> {
    access.participant()?;
    let mut changing = Changing::begin(app, access, number, id).await?;
    changing.check_author(access)?;
    let operation = &mut changing.edit.operation;
    if row::delete(operation, id).await? {
        delete_if_empty(operation, &changing.comment).await?;
        storage::request_sweep(operation).await?;
        if !changing.comment.is_pending() {
            changing.edit.touch().await?;
            changing
                .record(access, |number, title| PullRequestEvent::LineCommentDeleted {
                    number,
                    title,
                    comment: id,
                })
                .await?;
            changing.refresh().await?;
        }
    }
    changing.edit.operation.commit().await?;
    Ok(changing.comment)
}

async fn delete_if_empty(operation: &mut Operation, comment: &LineComment) -> Result<()> {
    let (thread, review) = (comment.thread_id, comment.review_id);
    let has_others = !row::count_of_reviews(operation, &[review]).await?.is_empty();
    let Some(found) = review_row::find(operation, thread, review).await?.filter(|_| !has_others) else {
        return Ok(());
    };
    let says_nothing = match found.state {
        ReviewState::Pending => true,
        ReviewState::Submitted => found.verdict == Some(ReviewVerdict::Comment),
        ReviewState::Dismissed => false,
    };
    if says_nothing && found.body.is_empty() {
        review_row::delete(operation, review).await?;
    }
    Ok(())
}

/// Resolves a line thread, named by any of its comments; idempotent. For the author of the pull request, whoever began the line
/// thread, and everybody with write access.
pub async fn resolve(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    id: LineCommentId,
) -> Result<()> {
    set_resolved(app, access, number, id, true).await
}

/// Opens a resolved line thread again; idempotent.
pub async fn unresolve(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    id: LineCommentId,
) -> Result<()> {
    set_resolved(app, access, number, id, false).await
}

async fn set_resolved(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    id: LineCommentId,
    is_resolved: bool,
) -> Result<()> {
    let actor = access.participant()?.id;
    let mut changing = Changing::begin(app, access, number, id).await?;
    participant(access, &changing.edit.thread)?;
    let thread = changing.edit.thread.id;
    let first = row::find(&mut changing.edit.operation, thread, changing.comment.first_id()).await?;
    let first = first.ok_or(Error::NotFound(Kind::LineComment))?;
    let is_own = actor == first.author_id || actor == changing.edit.thread.author_id;
    if !is_own && !may_moderate(access) {
        return Err(Error::Forbidden(Action::Write));
    }
    if first.is_pending() {
        return Err(Error::NotFound(Kind::LineComment));
    }
    let now = changing.edit.now;
    let comment = first.id;
    let is_changed = if is_resolved {
        row::resolve(&mut changing.edit.operation, comment, actor, now).await?
    } else {
        row::unresolve(&mut changing.edit.operation, comment).await?
    };
    if is_changed {
        changing
            .record(access, |number, title| {
                if is_resolved {
                    PullRequestEvent::ThreadResolved { number, title, comment }
                } else {
                    PullRequestEvent::ThreadUnresolved { number, title, comment }
                }
            })
            .await?;
        changing.refresh().await?;
        changing.edit.operation.commit().await?;
    }
    Ok(())
}

/// A comment within the operation that changes it.
struct Changing {
    edit: ThreadEdit,
    comment: LineComment,
}

impl Changing {
    /// Somebody else's pending comment does not exist.
    async fn begin(
        app: &App,
        access: &Access<Read>,
        number: ThreadNumber,
        id: LineCommentId,
    ) -> Result<Self> {
        let mut edit = ThreadEdit::begin(app, access, number).await?;
        find_row(&mut edit.operation, access, number).await?;
        let comment = row::find(&mut edit.operation, edit.thread.id, id).await?;
        let is_seen = |comment: &LineComment| {
            !comment.is_pending() || Some(comment.author_id) == access.actor().user_id()
        };
        let comment = comment.filter(is_seen).ok_or(Error::NotFound(Kind::LineComment))?;
        Ok(Self { edit, comment })
    }

    /// The author of a comment may change it, and so may everybody with write access.
    fn check_author(&self, access: &Access<Read>) -> Result<()> {
        let actor = participant(access, &self.edit.thread)?;
        if actor.id == self.comment.author_id || may_moderate(access) {
            Ok(())
        } else {
            Err(Error::Forbidden(Action::Write))
        }
    }

    async fn record(
        &mut self,
        access: &Access<Read>,
        event: impl FnOnce(ThreadNumber, String) -> PullRequestEvent,
    ) -> Result<()> {
        let thread = &self.edit.thread;
        let event = event(thread.number, thread.title.clone());
        self.edit.operation.record_in(access, Subject::PullRequest(thread.id), event).await?;
        Ok(())
    }

    /// The pull request may be mergeable now, or no longer.
    async fn refresh(&mut self) -> Result<()> {
        let thread_id = self.edit.thread.id;
        self.edit.operation.enqueue(&RefreshPullRequest { thread_id }).await
    }
}
