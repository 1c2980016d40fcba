//! Subscriptions to a thread: its author, commenters, assignees, those mentioned, and those who chose to.
//! Those who opted out are not subscribed again automatically.

use hearth_core::{
    Error, Kind, Page, PageRequest, Read, Result, Scope, SubscriptionReason, SubscriptionState, ThreadId,
    ThreadNumber,
};
pub use hearth_store::thread_subscription::ThreadSubscription;
use hearth_store::{Ask, member, thread_subscription as row, user};

use super::{Act, Thread, User, event, may_read, reference};
use crate::{Access, App, Operation, markdown::TeamMention};

/// Whether and why the actor follows a thread of the repository; none: they have no connection to it.
pub async fn find(app: &App, access: &Access<Read>, thread: &Thread) -> Result<Option<ThreadSubscription>> {
    debug_assert_eq!(
        thread.repository_id,
        access.repository().id,
        "the proof is for this thread's repository"
    );
    let Some(user) = access.actor().user_id() else { return Ok(None) };
    Ok(row::find(&mut app.store().read().await?, thread.id, user).await?)
}

/// Subscribes to a thread or mutes it. `false`: nothing changed.
pub async fn choose(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    state: SubscriptionState,
) -> Result<bool> {
    let person = access.participant()?.clone();
    keep(app, access, number, &person, state).await
}

/// The same for somebody by name: oneself, or, for a site administrator, anybody who can read the repository.
pub async fn choose_for(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    name: &str,
    state: SubscriptionState,
) -> Result<bool> {
    let actor = access.participant()?;
    let mut reader = app.store().read().await?;
    let found = user::find_by_name(&mut reader, name).await?;
    let person = found.ok_or(Error::NotFound(Kind::User))?;
    if person.id != actor.id {
        access.actor().administrator(Scope::WriteAdmin)?;
        if !may_read(&mut reader, access, &person).await {
            return Err(Error::NotFound(Kind::User));
        }
    }
    drop(reader);
    keep(app, access, number, &person, state).await
}

async fn keep(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    person: &User,
    state: SubscriptionState,
) -> Result<bool> {
    let mut operation = app.begin().await?;
    let thread = thread(&mut operation, access, number).await?;
    let known = row::find(&mut operation, thread.id, person.id).await?;
    // Somebody without a subscription has nothing to mute.
    if known.is_none() && state == SubscriptionState::Muted {
        return Ok(false);
    }
    let now = operation.now();
    let is_new = row::choose(&mut operation, thread.id, person.id, state, now).await?;
    if is_new {
        let act = Act::SubscriptionChanged(state);
        event::record_for_oneself(&mut operation, &thread, person.id, act).await?;
        operation.commit().await?;
    }
    Ok(is_new)
}

/// The people watching a thread.
pub async fn watchers(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    request: PageRequest,
) -> Result<Page<User>> {
    let mut reader = app.store().read().await?;
    let thread = thread(&mut reader, access, number).await?;
    let total = row::count_watching(&mut reader, thread.id).await?;
    let watching = row::list_watching(&mut reader, thread.id, request).await?;
    let ids: Vec<_> = watching.iter().map(|subscription| subscription.user_id).collect();
    let mut people = user::find_all(&mut reader, &ids).await?;
    people.sort_by_key(|person| ids.iter().position(|id| *id == person.id));
    Ok(Page { items: people, total, request })
}

async fn thread(ask: &mut impl Ask, access: &Access<Read>, number: ThreadNumber) -> Result<Thread> {
    super::find(ask, access, number).await
}

/// Subscribes mentioned people who may read the thread.
pub(super) async fn mention<'a>(
    operation: &mut Operation,
    access: &Access<Read>,
    thread: ThreadId,
    names: impl Iterator<Item = &'a String>,
) -> Result<()> {
    let now = operation.now();
    for name in names {
        let Some(person) = user::find_by_name(operation, name).await? else { continue };
        if may_read(operation, access, &person).await {
            row::follow(operation, thread, person.id, SubscriptionReason::Mentioned, now).await?;
        }
    }
    Ok(())
}

/// Subscribes those members of mentioned teams who may read the thread. Only a team that the author may see is
/// mentioned: nobody notifies people of an organisation that they are not in.
pub(super) async fn mention_teams<'a>(
    app: &App,
    operation: &mut Operation,
    access: &Access<Read>,
    thread: ThreadId,
    teams: impl Iterator<Item = &'a TeamMention>,
) -> Result<()> {
    let now = operation.now();
    let mut room = app.limits().mentioned_members;
    for team in reference::teams(operation, access.actor(), teams).await?.into_values() {
        let page = PageRequest::new(1, u32::try_from(room).unwrap_or(u32::MAX));
        let members = member::list_of_team(operation, team, page).await?;
        let ids: Vec<_> = members.iter().map(|member| member.user_id).collect();
        room = room.saturating_sub(ids.len() as u64);
        for person in user::find_all(operation, &ids).await? {
            if may_read(operation, access, &person).await {
                row::follow(operation, thread, person.id, SubscriptionReason::Mentioned, now).await?;
            }
        }
        if room == 0 {
            break;
        }
    }
    Ok(())
}
