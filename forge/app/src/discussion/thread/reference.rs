//! References to threads in texts and commits. A reference is stored with its source; on the target, only
//! those who may read the source's repository see it.

use std::collections::{BTreeMap, BTreeSet};

use hearth_core::{Permission, Read, RepositoryKind, Result, ThreadId, UserId};
use hearth_store::{
    Ask, repository, thread as thread_row,
    thread_reference::{self as row, NewThreadReference, Source},
};

use crate::{
    Access, Actor, App, Operation, Unit, access,
    markdown::{ForeignIssue, References},
};

/// The most other repositories that one text can reference.
const MOST_REPOSITORIES: usize = 20;

/// Those of these issues that the actor may see.
pub(crate) async fn readable(
    app: &App,
    actor: &Actor,
    foreign: BTreeSet<ForeignIssue>,
) -> Result<BTreeSet<ForeignIssue>> {
    if foreign.is_empty() {
        return Ok(foreign);
    }
    let mut reader = app.store().read().await?;
    let mut known = BTreeSet::new();
    for ((kind, owner, name), numbers) in by_repository(&foreign) {
        let Some(access) = enter(&mut reader, actor, (kind, &owner, &name)).await? else { continue };
        let found = thread_row::find_numbers(&mut reader, access.repository().id, &numbers).await?;
        known.extend(found.into_iter().map(|(_, number)| ForeignIssue {
            kind,
            owner: owner.clone(),
            name: name.clone(),
            number: number.0,
        }));
    }
    Ok(known)
}

type Address = (RepositoryKind, String, String);

fn by_repository(foreign: &BTreeSet<ForeignIssue>) -> BTreeMap<Address, Vec<i64>> {
    let mut sorted: BTreeMap<Address, Vec<i64>> = BTreeMap::new();
    for issue in foreign {
        let address = (issue.kind, issue.owner.clone(), issue.name.clone());
        sorted.entry(address).or_default().push(issue.number);
    }
    sorted
}

/// Enters a repository that a text refers to; none if it does not exist or the actor may not read it.
pub(super) async fn enter(
    ask: &mut impl Ask,
    actor: &Actor,
    (kind, owner, name): (RepositoryKind, &str, &str),
) -> Result<Option<Access<Read>>> {
    let Some(found) = repository::find_by_name(ask, kind, owner, name).await? else { return Ok(None) };
    match access::enter(ask, actor, Unit::Issues, found).await {
        Ok(access) => Ok(Some(access)),
        Err(hearth_core::Error::NotFound(_) | hearth_core::Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
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
    let numbers: Vec<i64> = names.issues.iter().copied().collect();
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

/// Whether the actor's commits may close issues here.
pub(super) fn may_close(access: &Access<Read>) -> bool {
    access.can(Permission::Write)
}
