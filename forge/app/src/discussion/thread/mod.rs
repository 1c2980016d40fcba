//! Threads: what all kinds of discussion share. Title and text, comments, labels, assignees, reactions,
//! files, references, subscriptions, locks, and the timeline. What is specific to issues is in
//! [`crate::issue`]; another kind gets its own module beside that, an arm in [`event`], and nothing here.

mod assign;
pub mod attachment;
pub mod bulk;
pub mod comment;
pub(crate) mod commit;
pub mod dependency;
mod due;
mod edit;
mod event;
mod label;
mod lock;
mod milestone;
pub mod pin;
mod query;
pub(crate) mod query_text;
pub mod reaction;
pub mod reference;
pub mod subscription;
mod text;
mod timeline;

use hearth_core::{
    Action, CommentId, Error, Kind, Permission, Read, Result, ThreadKind, ThreadNumber, UserId,
};
use hearth_store::{Ask, comment as comment_row, comment::Comment, thread as row, user};

pub use assign::{candidate_users, candidates, writers};
pub use due::set_due;
pub(crate) use edit::ThreadEdit;
pub(crate) use event::Act;
pub use hearth_store::{
    thread::Thread, thread_event::ThreadEvent, thread_filter::ThreadSort, thread_reference::ThreadReference,
};
pub use label::{edit_labels, labels, set_labels};
pub use lock::{lock, unlock};
pub use milestone::set_milestone;
pub use query::ThreadQuery;
pub(crate) use query::find_person;
pub use text::{LONGEST_TITLE, check_title};
pub(crate) use text::{Text, checked_title};
pub use timeline::{Entry, MOST_ENTRIES, Part, Timeline, TimelineSlice, timeline};

use crate::{Access, Actor, App, Unit, access, user::User};

/// A text that can have reactions and files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The thread's own text.
    Thread(ThreadNumber),
    Comment(CommentId),
}

/// The rows behind a target: the thread, the comment, and the author of the text.
#[derive(Clone, Debug)]
struct Found {
    thread: Thread,
    comment: Option<CommentId>,
    author: UserId,
}

impl Target {
    async fn find<Level>(self, ask: &mut impl Ask, access: &Access<Level>) -> Result<Found> {
        let (number, comment) = match self {
            Self::Thread(number) => (number, None),
            Self::Comment(id) => {
                let found = find_comment(ask, access, id).await?;
                (found.thread_number, Some(found))
            }
        };
        let thread = find(ask, access, number).await?;
        let author = comment.as_ref().map_or(thread.author_id, |comment| comment.author_id);
        Ok(Found { thread, comment: comment.map(|comment| comment.id), author })
    }
}

/// The unit of a repository that threads of a kind belong to.
pub(crate) const fn unit_of(kind: ThreadKind) -> Unit {
    match kind {
        ThreadKind::Issue => Unit::Issues,
        ThreadKind::PullRequest => Unit::Pulls,
    }
}

/// The thread of this number. Gitea's API has pull requests among the issues: who entered through another unit than the
/// thread's own finds it only if they may do as much there.
pub(crate) async fn find<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    number: ThreadNumber,
) -> Result<Thread> {
    let found = row::find(ask, access.repository().id, number).await?;
    found.filter(|thread| access.holds_in(unit_of(thread.kind))).ok_or(Error::NotFound(Kind::Issue))
}

/// The thread of this number, of either kind.
pub async fn of_number(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Thread> {
    find(&mut app.store().read().await?, access, number).await
}

/// The same for a comment.
pub(crate) async fn find_comment<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    id: CommentId,
) -> Result<Comment> {
    let found = comment_row::find(ask, access.repository().id, id).await?;
    found.filter(|said| access.holds_in(unit_of(said.thread_kind))).ok_or(Error::NotFound(Kind::Comment))
}

/// The author of a text may change it, and so may everybody with write access.
pub(crate) fn author_or_writer(access: &Access<Read>, author: UserId) -> Result<&User> {
    let user = access.participant()?;
    if user.id == author || access.can(Permission::Write) {
        Ok(user)
    } else {
        Err(Error::Forbidden(Action::Write))
    }
}

/// A participant in a discussion: everybody who can read, or, while it is locked, only those who can write.
pub(crate) fn participant<'a>(access: &'a Access<Read>, thread: &Thread) -> Result<&'a User> {
    let user = access.participant()?;
    if thread.is_locked() && !access.can(Permission::Write) {
        return Err(Error::Forbidden(Action::Discuss));
    }
    Ok(user)
}

/// Limits how many labels or people one request names: each is looked up while other writers wait.
pub(crate) fn check_batch_size(app: &App, count: usize) -> Result<()> {
    if count as u64 > app.limits().batch_items {
        return Err(Error::TooLarge(app.limits().batch()));
    }
    Ok(())
}

/// Whether somebody else may read the repository: those who may not must not learn that it exists.
async fn may_read<Level>(ask: &mut impl Ask, access: &Access<Level>, person: &User) -> bool {
    let actor = Actor::person(person.clone());
    let entered = access::enter(ask, &actor, access.unit(), access.repository().clone()).await;
    entered.is_ok() && !person.is_blocked
}

/// The accounts with these ids, which appear in texts and lists of this repository.
pub async fn people<Level>(app: &App, _access: &Access<Level>, ids: &[UserId]) -> Result<Vec<User>> {
    Ok(user::find_all(&mut app.store().read().await?, ids).await?)
}
