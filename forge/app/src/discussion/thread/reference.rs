//! References to threads in texts and commits. A reference is stored with its source; on the target, only
//! those who may read the source's repository see it.

use std::collections::{BTreeMap, BTreeSet};

use hearth_core::{Permission, Read, RepositoryKind, Result, Scope, TeamId, ThreadId, UserId};
use hearth_store::{
    Ask, repository,
    team::{self, NamedTeam},
    thread::{self as thread_row, Headline},
    thread_reference::{self as row, NewThreadReference, Source},
};

use crate::{
    Access, Actor, App, Operation, Unit, access,
    markdown::{ForeignThread, KnownThread, References, TeamMention},
    repository::viewer,
};

/// The most other repositories that one text can reference.
const MOST_REPOSITORIES: usize = 20;

/// Those of these threads that the actor may see, with what a link says of them.
pub(crate) async fn readable(
    app: &App,
    actor: &Actor,
    foreign: BTreeSet<ForeignThread>,
) -> Result<BTreeMap<ForeignThread, KnownThread>> {
    let mut known = BTreeMap::new();
    if foreign.is_empty() {
        return Ok(known);
    }
    let mut reader = app.store().read().await?;
    for ((kind, owner, name), numbers) in by_repository(&foreign) {
        let Some(access) = enter(&mut reader, actor, (kind, &owner, &name)).await? else { continue };
        for (number, thread) in in_repository(&mut reader, &access, &numbers).await? {
            known.insert(ForeignThread { kind, owner: owner.clone(), name: name.clone(), number }, thread);
        }
    }
    Ok(known)
}

/// The existing threads of a repository among these numbers that the actor may read, with what a link says of them.
pub(crate) async fn in_repository(
    ask: &mut impl Ask,
    access: &Access<Read>,
    numbers: &[i64],
) -> Result<BTreeMap<i64, KnownThread>> {
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = thread_row::find_headlines(ask, access.repository().id, numbers).await?;
    let known = |headline: Headline| {
        let is_open = headline.is_open();
        (headline.number.0, KnownThread { kind: headline.kind, title: headline.title, is_open })
    };
    let is_readable = |found: &Headline| access.can_in(super::unit_of(found.kind), Permission::Read);
    Ok(found.into_iter().filter(is_readable).map(known).collect())
}

type Address = (RepositoryKind, String, String);

fn by_repository(foreign: &BTreeSet<ForeignThread>) -> BTreeMap<Address, Vec<i64>> {
    let mut sorted: BTreeMap<Address, Vec<i64>> = BTreeMap::new();
    for thread in foreign {
        let address = (thread.kind, thread.owner.clone(), thread.name.clone());
        sorted.entry(address).or_default().push(thread.number);
    }
    sorted
}

/// Enters a repository that a text refers to; none if it does not exist or the actor may not read it.
pub(crate) async fn enter(
    ask: &mut impl Ask,
    actor: &Actor,
    (kind, owner, name): (RepositoryKind, &str, &str),
) -> Result<Option<Access<Read>>> {
    let Some(found) = repository::find_by_name(ask, kind, owner, name).await? else { return Ok(None) };
    access::if_seen(access::enter(ask, actor, Unit::Issues, found).await)
}

/// Those of these teams that the actor may see.
pub(crate) async fn teams<'a>(
    ask: &mut impl Ask,
    actor: &Actor,
    mentions: impl Iterator<Item = &'a TeamMention>,
) -> Result<BTreeMap<TeamMention, TeamId>> {
    let names: Vec<(&str, &str)> =
        mentions.map(|mention| (mention.organization.as_str(), mention.team.as_str())).collect();
    if names.is_empty() || actor.require(Scope::ReadOrganization).is_err() {
        return Ok(BTreeMap::new());
    }
    let found = team::find_named(ask, &names, viewer(actor)).await?;
    let mention = |NamedTeam { id, organization, team }| (TeamMention { organization, team }, id);
    Ok(found.into_iter().map(mention).collect())
}

/// Leaves a reference in every thread that a text refers to and its author may read.
pub(super) async fn leave(
    operation: &mut Operation,
    access: &Access<Read>,
    own: ThreadId,
    (source, actor): (Source, UserId),
    names: &References,
) -> Result<()> {
    let repository = access.repository().id;
    let mut targets: Vec<ThreadId> = Vec::new();
    let numbers: Vec<i64> = names.threads.iter().copied().collect();
    if !numbers.is_empty() {
        let found = thread_row::find_numbers(operation, repository, &numbers).await?;
        targets.extend(found.into_iter().map(|(id, _)| id));
    }
    for ((kind, owner, name), numbers) in by_repository(&names.foreign).into_iter().take(MOST_REPOSITORIES) {
        if let Some(entered) = enter(operation, access.actor(), (kind, &owner, &name)).await? {
            let found = thread_row::find_numbers(operation, entered.repository().id, &numbers).await?;
            targets.extend(found.into_iter().map(|(id, _)| id));
        }
    }
    let now = operation.now();
    for target_id in targets.into_iter().filter(|id| *id != own) {
        let source = source.clone();
        let new = NewThreadReference {
            target_id,
            repository_id: repository,
            source,
            actor_id: Some(actor),
            created_at: now,
        };
        row::insert(operation, &new).await?;
    }
    Ok(())
}
