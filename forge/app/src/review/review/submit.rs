//! Submitting a review: its text, its verdict and its pending comments appear together.

use std::collections::HashMap;

use hearth_core::{
    Action, Error, Kind, LineCommentId, Read, Result, ReviewId, ReviewVerdict, SubscriptionReason, ThreadId,
    ThreadNumber, UserId,
    event::{PullRequestEvent, Subject},
};
use hearth_store::{
    line_comment, pull_request::PullRequest, pull_request_version, review as row, review_request,
    review_request::Reviewer, team,
};

use super::{PendingReview, Review, pending, version_review};
use crate::{
    Access, App,
    jobs::RefreshPullRequest,
    pull_request::find_row,
    thread::{Text, ThreadEdit, participant},
};

/// A review to submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    pub verdict: ReviewVerdict,
    pub body: String,
    /// What the reviewer looked at.
    pub version: i64,
}

/// Submits a review with everything that the reviewer has pending. What was asked of them is done with that.
pub async fn submit(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    new: NewReview,
) -> Result<Review> {
    access.participant()?;
    let text = Text::read(app, "body", &new.body).await?;
    let waiting = pending(app, access, number).await?;
    let comments = read_comments(app, waiting.as_ref()).await;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    let author = participant(access, &edit.thread)?.id;
    // Locks it: no version is completed before this is committed.
    edit.touch().await?;
    let pull_request = find_row(&mut edit.operation, access, number).await?;
    if new.verdict.decides() && author == pull_request.author_id {
        return Err(Error::Forbidden(Action::ReviewOwn));
    }
    let thread = pull_request.id;
    let version = pull_request_version::find(&mut edit.operation, thread, new.version).await?;
    version.ok_or(Error::NotFound(Kind::Revision))?;
    let held = row::find_pending(&mut edit.operation, thread, author).await?;
    let pending_comments = match &held {
        Some(held) => line_comment::count_of_reviews(&mut edit.operation, &[held.id]).await?,
        None => Vec::new(),
    };
    let says_nothing = text.body.trim().is_empty() && pending_comments.is_empty();
    if says_nothing && new.verdict != ReviewVerdict::Approve {
        return Err(Error::field("body", "required"));
    }
    let id = store(&mut edit, (thread, author), held.map(|held| held.id), &new, &text).await?;
    if new.verdict == ReviewVerdict::Approve {
        version_review::lapse_if_stale(&mut edit.operation, &pull_request, id, new.version).await?;
    }
    close_requests(&mut edit, thread, author).await?;
    edit.follow(author, SubscriptionReason::Commented).await?;
    edit.apply_text_effects(app, access, None, (&Text::default(), &text)).await?;
    for text in comments.values() {
        edit.apply_text_effects(app, access, None, (&Text::default(), text)).await?;
    }
    record(&mut edit, access, &pull_request, id, &new).await?;
    let review = row::find(&mut edit.operation, thread, id).await?.ok_or(Error::NotFound(Kind::Review))?;
    edit.operation.commit().await?;
    Ok(review)
}

/// The texts of pending comments, read before others are kept waiting.
async fn read_comments(app: &App, pending: Option<&PendingReview>) -> HashMap<LineCommentId, Text> {
    let mut texts = HashMap::new();
    for comment in pending.map_or(&[][..], |pending| &pending.comments) {
        if let Ok(text) = Text::read(app, "body", &comment.body).await {
            texts.insert(comment.id, text);
        }
    }
    texts
}

/// Submits the pending review, or stores one that is submitted at once.
async fn store(
    edit: &mut ThreadEdit,
    (thread, author): (ThreadId, UserId),
    pending: Option<ReviewId>,
    new: &NewReview,
    text: &Text,
) -> Result<ReviewId> {
    let now = edit.now;
    if let Some(id) = pending {
        row::submit(&mut edit.operation, id, new.verdict, (new.version, &text.body), now).await?;
        return Ok(id);
    }
    let row = row::NewReview {
        thread_id: thread,
        author_id: author,
        verdict: new.verdict,
        version: new.version,
        body: text.body.clone(),
        submitted_at: now,
    };
    Ok(row::insert(&mut edit.operation, &row).await?)
}

/// What was asked of the reviewer, or of a team that they are in, is done.
async fn close_requests(edit: &mut ThreadEdit, thread: ThreadId, author: UserId) -> Result<()> {
    review_request::delete(&mut edit.operation, thread, Reviewer::Person(author)).await?;
    let asked: Vec<_> = review_request::list(&mut edit.operation, &[thread]).await?;
    let asked: Vec<_> = asked.into_iter().filter_map(|request| request.team_id).collect();
    if asked.is_empty() {
        return Ok(());
    }
    for team in team::list_ids_of_person(&mut edit.operation, author).await? {
        if asked.contains(&team) {
            review_request::delete(&mut edit.operation, thread, Reviewer::Team(team)).await?;
        }
    }
    Ok(())
}

async fn record(
    edit: &mut ThreadEdit,
    access: &Access<Read>,
    pull_request: &PullRequest,
    review: ReviewId,
    new: &NewReview,
) -> Result<()> {
    let event = PullRequestEvent::Reviewed {
        number: pull_request.number,
        title: pull_request.title.clone(),
        review,
        verdict: new.verdict,
        version: new.version,
    };
    edit.operation.record_in(access, Subject::PullRequest(pull_request.id), event).await?;
    edit.operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await
}
