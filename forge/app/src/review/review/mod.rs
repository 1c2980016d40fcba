//! Reviews of pull requests: what somebody says of one version, with comments on lines that appear together with it.

mod look;
mod remove;
mod request;
mod submit;
pub(crate) mod turn;
mod turns;
mod version_review;

use hearth_core::{
    Action, Conflict, Error, Kind, Permission, Read, Result, ReviewId, ReviewState, ThreadEventKind,
    ThreadNumber, Write,
    event::{PullRequestEvent, Subject},
};
pub use hearth_store::review::{Review, Standing};
use hearth_store::{line_comment, line_comment::LineComment, review as row};
use serde_json::json;

pub use look::{Look, look, note_visit, set_viewed};
pub use remove::{delete, undismiss};
pub(crate) use request::request_in;
pub use request::{ReviewRequest, request_review, requests, withdraw_request};
pub use submit::{NewReview, submit};
pub use turn::{AuthorTask, Turn};
pub use turns::turn;
pub(crate) use version_review::{VersionFacts, prepare_version};

use crate::{
    Access, App,
    jobs::RefreshPullRequest,
    pull_request::{PullRequest, find_row},
    thread::{Text, ThreadEdit, author_or_writer, participant},
};

/// The most reviews of one pull request that are listed: the last ones.
const MOST_REVIEWS: u64 = 1_000;
/// The most letters of the reason for setting a review aside.
const LONGEST_REASON: usize = 1_000;

/// The reader's review that they have not submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingReview {
    pub review: Review,
    /// Its comments, oldest first.
    pub comments: Vec<LineComment>,
}

/// The submitted reviews, oldest first, and those that were set aside.
pub async fn reviews(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<Review>> {
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    Ok(row::list(&mut reader, thread, MOST_REVIEWS).await?)
}

/// A review that is not pending, or is the reader's own.
pub async fn find(app: &App, access: &Access<Read>, number: ThreadNumber, id: ReviewId) -> Result<Review> {
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    let viewer = access.actor().user_id();
    let is_seen = |review: &Review| review.state != ReviewState::Pending || Some(review.author_id) == viewer;
    row::find(&mut reader, thread, id).await?.filter(is_seen).ok_or(Error::NotFound(Kind::Review))
}

/// The last verdict of each reviewer, comments left out, by name.
pub async fn standings(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<Standing>> {
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    Ok(row::list_standing(&mut reader, &[thread]).await?)
}

/// What the reader has written and not submitted.
pub async fn pending(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
) -> Result<Option<PendingReview>> {
    let Some(user) = access.actor().user_id() else { return Ok(None) };
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    let Some(review) = row::find_pending(&mut reader, thread, user).await? else { return Ok(None) };
    let comments = line_comment::list(&mut reader, thread, Some(user), app.limits().line_comments).await?;
    let comments = comments.into_iter().filter(|comment| comment.review_id == review.id).collect();
    Ok(Some(PendingReview { review, comments }))
}

/// Keeps the text of a pending review, so that it is there when its author comes back. Begins the review if there is none.
pub async fn keep_draft(app: &App, access: &Access<Read>, number: ThreadNumber, body: &str) -> Result<()> {
    access.participant()?;
    let text = Text::read(app, "body", body).await?;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    let author = participant(access, &edit.thread)?.id;
    let pull_request = find_row(&mut edit.operation, access, number).await?;
    let (thread, now) = (pull_request.id, edit.now);
    let review = row::begin(&mut edit.operation, thread, author, pull_request.newest_version, now).await?;
    row::set_pending_body(&mut edit.operation, review, &text.body, now).await?;
    edit.operation.commit().await
}

/// Deletes the reader's pending review with its comments; idempotent.
pub async fn discard_pending(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<()> {
    let author = access.participant()?.id;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    find_row(&mut edit.operation, access, number).await?;
    if let Some(review) = row::find_pending(&mut edit.operation, edit.thread.id, author).await? {
        row::delete(&mut edit.operation, review.id).await?;
        edit.operation.commit().await?;
    }
    Ok(())
}

/// Changes the text of a submitted review, unless somebody else did so since `edit_version` was read; none: whatever is current.
pub async fn edit(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    id: ReviewId,
    edit_version: Option<i64>,
    body: &str,
) -> Result<Review> {
    access.participant()?;
    let text = Text::read(app, "body", body).await?;
    let known = find(app, access, number, id).await?;
    let before = Text::read(app, "body", &known.body).await.unwrap_or_default();
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    let thread = edit.thread.id;
    let old = row::find(&mut edit.operation, thread, id).await?.ok_or(Error::NotFound(Kind::Review))?;
    author_or_writer(access, old.author_id)?;
    participant(access, &edit.thread)?;
    if old.state == ReviewState::Pending {
        return Err(Error::NotFound(Kind::Review));
    }
    let version = edit_version.unwrap_or(old.edit_version);
    if !row::update_body(&mut edit.operation, id, version, &text.body, edit.now).await? {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    edit.touch().await?;
    edit.apply_text_effects(app, access, None, (&before, &text)).await?;
    let new = row::find(&mut edit.operation, thread, id).await?;
    edit.operation.commit().await?;
    new.ok_or(Error::NotFound(Kind::Review))
}

/// Sets a review aside: its verdict no longer counts. What it says stays. The author of the pull request does not decide
/// which reviews of it count, unless they administer the repository.
pub async fn dismiss(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    id: ReviewId,
    reason: &str,
) -> Result<Review> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", "required"));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(Error::field("reason", "too-long"));
    }
    if reason.contains('\0') {
        return Err(Error::field("reason", "characters"));
    }
    let actor = access.writer().id;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    let pull_request = find_row(&mut edit.operation, access, number).await?;
    check_may_set_aside(access, &pull_request)?;
    let thread_id = pull_request.id;
    let old = row::find(&mut edit.operation, thread_id, id).await?;
    let old =
        old.filter(|review| review.state != ReviewState::Pending).ok_or(Error::NotFound(Kind::Review))?;
    if row::dismiss(&mut edit.operation, id, actor, reason, edit.now).await? {
        let data = json!({ "author": old.author, "reason": reason });
        edit.note(actor, ThreadEventKind::ReviewDismissed, data).await?;
        edit.touch().await?;
        let (number, title) = (edit.thread.number, edit.thread.title.clone());
        let event = PullRequestEvent::ReviewDismissed { number, title, review: id, author: old.author };
        edit.operation.record_in(access, Subject::PullRequest(thread_id), event).await?;
        edit.operation.enqueue(&RefreshPullRequest { thread_id }).await?;
    }
    let new = row::find(&mut edit.operation, thread_id, id).await?;
    edit.operation.commit().await?;
    new.ok_or(Error::NotFound(Kind::Review))
}

/// Whether the actor may set reviews of a pull request aside: with write access, but not its author, who could otherwise set
/// aside what keeps it from being merged. Administrators may in any case.
pub fn may_set_aside<Level>(access: &Access<Level>, pull_request: &PullRequest) -> bool {
    let user = access.actor().user_id();
    let is_author = user == Some(pull_request.author_id);
    user.is_some() && access.can(Permission::Write) && (!is_author || access.can(Permission::Administer))
}

fn check_may_set_aside(access: &Access<Write>, pull_request: &PullRequest) -> Result<()> {
    if may_set_aside(access, pull_request) { Ok(()) } else { Err(Error::Forbidden(Action::ReviewOwn)) }
}
