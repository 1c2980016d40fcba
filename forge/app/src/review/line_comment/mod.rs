//! Comments on lines of a pull request. They are written for a version, follow their lines into later ones, and keep the code
//! that they were written for.

mod change;
mod place;
mod suggestion;
mod suggestions;
mod threads;

use hearth_core::{
    Conflict, Error, Kind, LineCommentId, LineSide, Permission, Quoted, Read, Result, ReviewVerdict,
    SubscriptionReason, ThreadNumber, Timestamp, UserId,
    event::{PullRequestEvent, Subject},
};
pub use hearth_store::line_comment::LineComment;
use hearth_store::{
    line_comment::{self as row, NewLineComment as NewRow},
    line_comment_place as place_row,
    pull_request::{self, PullRequest},
    review as review_row,
};

pub use change::{delete, edit, resolve, unresolve};
pub(crate) use place::FollowedComments;
pub use suggestion::suggestion;
pub use suggestions::{SeenSuggestion, apply_suggestions};
pub use threads::{LineThread, find, line_threads, line_threads_at, number};

use crate::{
    Access, App, Unit,
    pull_request::find_row,
    review::version::Prepared,
    thread::{Text, ThreadEdit, participant},
};

/// A comment to make on lines of one side of a file, as a version has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLineComment {
    /// On that side.
    pub path: String,
    pub side: LineSide,
    /// From 1.
    pub first_line: u32,
    /// Included.
    pub last_line: u32,
    pub version: i64,
    pub body: String,
}

/// When others see a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Now,
    /// With the author's review, once they submit it.
    WithReview,
}

/// How often to begin again if versions are pushed while a comment is being placed.
const ATTEMPTS: u32 = 3;

/// Comments on lines of any version. In the newest, it is placed where these lines are now, or shown as outdated.
pub async fn comment_on_lines(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    new: NewLineComment,
    when: When,
) -> Result<LineComment> {
    access.participant()?;
    access.enter_unit(Unit::Code)?;
    let text = read_text(app, &new.body).await?;
    for _ in 0..ATTEMPTS {
        let mut reader = app.store().read().await?;
        let thread = find_row(&mut reader, access, number).await?.id;
        let version = Prepared::find(&mut reader, thread, new.version).await?;
        let newest = Prepared::need_newest(&mut reader, thread).await?;
        drop(reader);
        let written = place::write_down(app, access.repository(), &new, &version, &newest).await?;
        let mut commenting = Commenting::begin(app, access, number).await?;
        // Now the thread is locked: no version is completed before this is committed.
        if Prepared::need_newest(&mut commenting.edit.operation, thread).await?.number != newest.number {
            continue;
        }
        let comment = commenting.insert(app, None, (&new, written.quoted), &text, when).await?;
        if newest.number > version.number {
            let place = place::place_row(comment.id, newest.number, new.side, written.place.as_ref());
            place_row::put(&mut commenting.edit.operation, &place).await?;
        }
        return commenting.end(app, access, comment, &text).await;
    }
    Err(Error::Conflict(Conflict::StaleVersion))
}

/// Replies in a line thread, named by any of its comments.
pub async fn reply(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    to: LineCommentId,
    body: &str,
    when: When,
) -> Result<LineComment> {
    access.participant()?;
    let text = read_text(app, body).await?;
    let mut commenting = Commenting::begin(app, access, number).await?;
    let thread = commenting.edit.thread.id;
    let operation = &mut commenting.edit.operation;
    let named = row::find(operation, thread, to).await?.ok_or(Error::NotFound(Kind::LineComment))?;
    let first = row::find(operation, thread, named.first_id()).await?;
    let first = first.ok_or(Error::NotFound(Kind::LineComment))?;
    let is_hidden = |comment: &LineComment| comment.is_pending() && comment.author_id != commenting.author;
    if is_hidden(&named) || is_hidden(&first) {
        return Err(Error::NotFound(Kind::LineComment));
    }
    // Others could not see what a reply to a pending comment is about.
    let when = if first.is_pending() { When::WithReview } else { when };
    let place = NewLineComment {
        path: first.path.clone(),
        side: first.side,
        first_line: line_number(first.first_line),
        last_line: line_number(first.last_line),
        version: first.version,
        body: text.body.clone(),
    };
    let quoted = first.quoted.0.clone();
    let comment = commenting.insert(app, Some(&first), (&place, quoted), &text, when).await?;
    commenting.end(app, access, comment, &text).await
}

/// A comment within the operation that makes it, which has the thread locked.
struct Commenting {
    edit: ThreadEdit,
    pull_request: PullRequest,
    author: UserId,
    now: Timestamp,
}

impl Commenting {
    async fn begin(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Self> {
        let mut edit = ThreadEdit::begin(app, access, number).await?;
        let author = participant(access, &edit.thread)?.id;
        let locked = pull_request::lock(&mut edit.operation, edit.thread.id).await?;
        let pull_request = locked.ok_or(Error::NotFound(Kind::PullRequest))?;
        let now = edit.now;
        Ok(Self { edit, pull_request, author, now })
    }

    async fn insert(
        &mut self,
        app: &App,
        first: Option<&LineComment>,
        (place, quoted): (&NewLineComment, Quoted),
        text: &Text,
        when: When,
    ) -> Result<LineComment> {
        let thread = self.pull_request.id;
        let (author, now) = (self.author, self.now);
        let operation = &mut self.edit.operation;
        let limits = app.limits();
        if row::count(operation, thread).await? >= limits.line_comments {
            return Err(Error::TooLarge(limits.line_comments_of_pull_request()));
        }
        let review_id = match (when, first) {
            (When::WithReview, _) => {
                let review = review_row::begin(operation, thread, author, place.version, now).await?;
                let pending = row::count_of_reviews(operation, &[review]).await?;
                let most = i64::try_from(limits.pending_comments).unwrap_or(i64::MAX);
                if pending.iter().any(|(_, count)| *count >= most) {
                    return Err(Error::TooLarge(limits.pending_comments_of_review()));
                }
                review
            }
            // A reply belongs to the review that it answers.
            (When::Now, Some(first)) => first.review_id,
            (When::Now, None) => {
                let new = review_row::NewReview {
                    thread_id: thread,
                    author_id: author,
                    verdict: ReviewVerdict::Comment,
                    version: place.version,
                    body: String::new(),
                    submitted_at: now,
                };
                review_row::insert(operation, &new).await?
            }
        };
        let new = NewRow {
            review_id,
            thread_id: thread,
            author_id: author,
            reply_to: first.map(|first| first.id),
            path: place.path.clone(),
            side: place.side,
            first_line: i64::from(place.first_line),
            last_line: i64::from(place.last_line),
            version: place.version,
            quoted,
            body: text.body.clone(),
            created_at: now,
        };
        Ok(row::insert(operation, &new).await?)
    }

    /// Tells others, unless it is pending, and commits.
    async fn end(
        mut self,
        app: &App,
        access: &Access<Read>,
        comment: LineComment,
        text: &Text,
    ) -> Result<LineComment> {
        if !comment.is_pending() {
            self.edit.touch().await?;
            self.edit.follow(self.author, SubscriptionReason::Commented).await?;
            self.edit.apply_text_effects(app, access, None, (&Text::default(), text)).await?;
            let (number, title) = (self.edit.thread.number, self.edit.thread.title.clone());
            let event = PullRequestEvent::LineCommented { number, title, comment: comment.id };
            self.edit.operation.record_in(access, Subject::PullRequest(comment.thread_id), event).await?;
        }
        self.edit.operation.commit().await?;
        Ok(comment)
    }
}

/// Reads the text of a comment, which must not be empty, and whose suggestion must not be too long.
async fn read_text(app: &App, body: &str) -> Result<Text> {
    let text = Text::read(app, "body", body).await?;
    if text.body.trim().is_empty() {
        return Err(Error::field("body", "required"));
    }
    let lines = suggestion(&text.body).unwrap_or_default();
    let length: usize = lines.iter().map(|line| line.len() + 1).sum();
    if length as u64 > app.limits().suggestion_bytes {
        return Err(Error::TooLarge(app.limits().suggestion()));
    }
    Ok(text)
}

/// Whether somebody may change what others wrote on lines.
fn may_moderate(access: &Access<Read>) -> bool {
    access.can(Permission::Write)
}

/// Cannot be wrong in a row: they are written from such numbers.
fn line_number(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
