//! References to threads in commit messages: a commit on the default branch leaves a reference, and `fixes
//! #12` closes the issue.

use hearth_core::{Read, RepositoryId, Result, ThreadNumber, UserId};
use hearth_git::{Log, ObjectId, OpenRepository};
use hearth_store::{
    repository, thread as thread_row,
    thread_reference::{self, NewThreadReference, Source},
    user,
};

use super::reference;
use crate::{
    Access, Actor, App, GitResult as _, Operation, Unit, access, issue::close_by_keyword,
    markdown::of_message, push::Moved, repository::git,
};

/// The most references that one push leaves.
const MOST_OF_PUSH: usize = 500;
/// At most this many characters of a title are kept.
const MOST_TITLE_LETTERS: usize = 200;

/// A push to a default branch.
#[derive(Clone, Debug)]
pub(crate) struct Pushed {
    pub(crate) repository_id: RepositoryId,
    /// None: the pusher is unknown.
    pub(crate) pusher_id: Option<UserId>,
    /// The branch's previous tip; none if it is new.
    pub(crate) old: Option<ObjectId>,
    pub(crate) new: ObjectId,
}

struct Message {
    id: String,
    title: String,
    text: String,
}

/// Writes the references of the new commits; idempotent. None: there is nothing to write.
pub(crate) async fn add_commit_references(app: &App, pushed: &Pushed) -> Result<Option<Operation>> {
    let mut reader = app.store().read().await?;
    let Some(own) = repository::find(&mut reader, pushed.repository_id).await? else { return Ok(None) };
    let pusher = match pushed.pusher_id {
        Some(id) => user::find(&mut reader, id).await?,
        None => None,
    };
    drop(reader);
    let files = git(app, &own).await?;
    let (old, new) = (pushed.old, pushed.new);
    let messages = files.run_in_background(move |git| messages(git, new, old)).await.map_git()?;
    let most = usize::try_from(app.limits().references).unwrap_or(usize::MAX);
    let root = app.urls().root();
    let named = messages.into_iter().map(|message| (of_message(root, &message.text, most), message));
    let named: Vec<_> = named.filter(|(issues, _)| !issues.is_empty()).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let actor = pusher.map_or(Actor::anonymous(), Actor::person);
    let mut operation = app.begin().await?;
    let mut room = MOST_OF_PUSH;
    for (issues, message) in named {
        let title: String = message.title.chars().take(MOST_TITLE_LETTERS).collect();
        for issue in issues {
            if room == 0 {
                return Ok(Some(operation));
            }
            room -= 1;
            let target = match &issue.foreign {
                None => own_access(&mut operation, &actor, &own).await?,
                Some(far) => {
                    reference::enter(&mut operation, &actor, (far.kind, &far.owner, &far.name)).await?
                }
            };
            let number = ThreadNumber(issue.number);
            // A push by an unknown pusher may still refer to issues in its own repository.
            let target_id = target.as_ref().map(|access| access.repository().id);
            let target_id = target_id.or(issue.foreign.is_none().then_some(own.id));
            let Some(target_id) = target_id else { continue };
            let Some(thread) = thread_row::find(&mut operation, target_id, number).await? else { continue };
            let new = NewThreadReference {
                target_id: thread.id,
                repository_id: own.id,
                source: Source::Commit { id: message.id.clone(), title: title.clone() },
                actor_id: pushed.pusher_id,
                created_at: operation.now(),
            };
            let is_new = thread_reference::insert(&mut operation, &new).await?;
            if let Some(target) = target.filter(|_| is_new && issue.is_closed) {
                close_by_keyword(&mut operation, &target, number).await?;
            }
        }
    }
    Ok(Some(operation))
}

async fn own_access(
    operation: &mut Operation,
    actor: &Actor,
    own: &repository::Repository,
) -> Result<Option<Access<Read>>> {
    access::if_seen(access::enter(operation, actor, Unit::Issues, own.clone()).await)
}

/// The messages of the new commits, oldest first.
fn messages(
    git: &OpenRepository,
    new: ObjectId,
    without: Option<ObjectId>,
) -> hearth_git::Result<Vec<Message>> {
    let log = Log { limit: Moved::MOST_COMMITS, without, ..Log::default() };
    // A push may be crafted to cost too much: then its messages are ignored. The commit may also be gone by
    // now.
    let ids = match git.log_ids(new, &log) {
        Err(
            hearth_git::Error::OverBudget { .. }
            | hearth_git::Error::TooLarge { .. }
            | hearth_git::Error::RevisionNotFound,
        ) => return Ok(Vec::new()),
        found => found?.value,
    };
    let mut messages = Vec::with_capacity(ids.len());
    for id in ids.into_iter().rev() {
        let commit = git.commit(id)?;
        let text = format!("{}\n\n{}", commit.title, commit.body);
        messages.push(Message { id: id.to_string(), title: commit.title, text });
    }
    Ok(messages)
}
