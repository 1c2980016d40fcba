//! Reactions: eight emoji that every participant may add to a text, each once.

use std::collections::HashMap;

use hearth_core::{CommentId, Page, PageRequest, Reaction, Read, Result};
pub use hearth_store::reaction::ReactionRow;
use hearth_store::reaction::{self as row, ReactionTarget};

use super::{Act, Target, Thread, event, participant};
use crate::{Access, App};

/// At most this many names are read for one page.
const MOST_NAMES_OF_PAGE: u64 = 1_000;
/// At most this many names are shown for one reaction.
const MOST_NAMES: usize = 10;

/// One kind of reaction to a text, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    pub reaction: Reaction,
    pub count: u64,
    /// Whether one of them is the viewer's.
    pub is_own: bool,
    /// The first few people who added it.
    pub names: Vec<String>,
}

/// The reactions to a thread's own text (key `None`) and to its comments.
pub type Counts = HashMap<Option<CommentId>, Vec<Count>>;

/// Adds a reaction to a text, and returns whether it is new.
pub async fn add(
    app: &App,
    access: &Access<Read>,
    target: Target,
    reaction: Reaction,
) -> Result<(ReactionRow, bool)> {
    access.participant()?;
    let mut operation = app.begin().await?;
    let found = target.find(&mut operation, access).await?;
    let user = participant(access, &found.thread)?.id;
    let reaction_target = ReactionTarget { thread_id: found.thread.id, comment_id: found.comment };
    let now = operation.now();
    let is_new = row::insert(&mut operation, reaction_target, user, reaction, now).await?;
    if is_new {
        let act = Act::Reacted(found.comment, reaction);
        event::record(&mut operation, access, &found.thread, act).await?;
    }
    let made = row::find(&mut operation, reaction_target, user, reaction).await?;
    operation.commit().await?;
    Ok((made.unwrap_or(ReactionRow { user_id: user, content: reaction, created_at: now }), is_new))
}

/// Removes the actor's reaction. `false`: there was none.
pub async fn remove(app: &App, access: &Access<Read>, target: Target, reaction: Reaction) -> Result<bool> {
    access.participant()?;
    let mut operation = app.begin().await?;
    let found = target.find(&mut operation, access).await?;
    let user = participant(access, &found.thread)?.id;
    let reaction_target = ReactionTarget { thread_id: found.thread.id, comment_id: found.comment };
    let was_there = row::delete(&mut operation, reaction_target, user, reaction).await?;
    if was_there {
        let act = Act::ReactionRemoved(found.comment, reaction);
        event::record(&mut operation, access, &found.thread, act).await?;
        operation.commit().await?;
    }
    Ok(was_there)
}

/// The reactions to one text, oldest first.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    target: Target,
    request: PageRequest,
) -> Result<Page<ReactionRow>> {
    let mut reader = app.store().read().await?;
    let found = target.find(&mut reader, access).await?;
    let reaction_target = ReactionTarget { thread_id: found.thread.id, comment_id: found.comment };
    let items = row::list(&mut reader, reaction_target, request).await?;
    Ok(Page::of(items, request, row::count(&mut reader, reaction_target)).await?)
}

/// The reactions to a thread's own text and to these of its comments.
pub async fn counts(
    app: &App,
    access: &Access<Read>,
    thread: &Thread,
    comments: &[CommentId],
) -> Result<Counts> {
    debug_assert_eq!(
        thread.repository_id,
        access.repository().id,
        "the proof is for this thread's repository"
    );
    let ids: Vec<i64> = comments.iter().map(|id| id.0).collect();
    let mut reader = app.store().read().await?;
    let found = row::count_each(&mut reader, thread.id, &ids, access.actor().user_id()).await?;
    let mut counts = Counts::new();
    if found.is_empty() {
        return Ok(counts);
    }
    let names = row::list_names(&mut reader, thread.id, &ids, MOST_NAMES_OF_PAGE).await?;
    for each in found {
        let of_this =
            names.iter().filter(|name| (name.comment_id, name.content) == (each.comment_id, each.content));
        let count = Count {
            reaction: each.content,
            count: u64::try_from(each.count).unwrap_or(0),
            is_own: each.is_own,
            names: of_this.take(MOST_NAMES).map(|name| name.name.to_string()).collect(),
        };
        counts.entry(each.comment_id).or_default().push(count);
    }
    Ok(counts)
}
