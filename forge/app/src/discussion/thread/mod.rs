//! Threads: what all kinds of discussion share. Title and text, comments, labels, assignees, reactions,
//! files, references, subscriptions, locks, and the timeline. What is specific to issues is in
//! [`crate::issue`]; another kind gets its own module beside that, an arm in [`event`], and nothing here.

mod assign;
pub mod attachment;
pub mod comment;
pub(crate) mod commit;
mod edit;
mod event;
mod label;
mod lock;
pub mod reaction;
pub mod reference;
pub mod subscription;
mod text;
mod timeline;

use hearth_core::{Action, CommentId, Error, Kind, Permission, Read, Result, ThreadNumber, UserId};
use hearth_store::{Ask, comment as comment_row, thread as row, user};

pub use assign::{candidate_users, candidates};
pub(crate) use edit::ThreadEdit;
pub(crate) use event::Act;
pub use hearth_store::{thread::Thread, thread_event::ThreadEvent, thread_reference::ThreadReference};
pub use lock::{lock, unlock};
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
        let repository = access.repository().id;
        let (number, comment) = match self {
            Self::Thread(number) => (number, None),
            Self::Comment(id) => {
                let found = comment_row::find(ask, repository, id).await?;
                let found = found.ok_or(Error::NotFound(Kind::Comment))?;
                (found.thread_number, Some(found))
            }
        };
        let thread = row::find(ask, repository, number).await?.ok_or(Error::NotFound(Kind::Issue))?;
        let author = comment.as_ref().map_or(thread.author_id, |comment| comment.author_id);
        Ok(Found { thread, comment: comment.map(|comment| comment.id), author })
    }
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
    let entered = access::enter(ask, &actor, Unit::Issues, access.repository().clone()).await;
    entered.is_ok() && !person.is_blocked
}

/// The accounts with these ids, which appear in texts and lists of this repository.
pub async fn people<Level>(app: &App, _access: &Access<Level>, ids: &[UserId]) -> Result<Vec<User>> {
    Ok(user::find_all(&mut app.store().read().await?, ids).await?)
}
