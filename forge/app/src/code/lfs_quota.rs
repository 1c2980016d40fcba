//! Limits of single owners for their large files, which administrators set instead of `limits.owner_lfs_bytes`.

use hearth_core::{Error, Kind, Result, Scope, UserId, UserName};
use hearth_store::{
    Ask,
    lfs_quota::{self as row, LfsQuota},
    owner::{self, Owner},
};
use serde_json::json;

use super::lfs_room::{self, Usage};
use crate::{Actor, App, audit, audit::Fact};

/// What the large files of an owner take, and may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerRoom {
    pub owner: UserName,
    pub usage: Usage,
    /// Whether the limit is their own.
    pub is_own: bool,
}

/// Everybody who has a limit of their own: for administrators.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<OwnerRoom>> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let mut found = Vec::new();
    for LfsQuota { owner_id, owner, .. } in row::list(&mut reader).await? {
        let usage = lfs_room::usage(app, &mut reader, owner_id).await?;
        found.push(OwnerRoom { owner, usage, is_own: true });
    }
    Ok(found)
}

/// One owner by name: for administrators.
pub async fn find(app: &App, actor: &Actor, name: &str) -> Result<OwnerRoom> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let owner = owner::find_by_name(&mut reader, name).await?.ok_or(Error::NotFound(Kind::User))?;
    room_of(app, &mut reader, owner).await
}

/// Sets the limit of an owner; none: they have that of the configuration again. What they already have stays.
pub async fn set(app: &App, actor: &Actor, name: &str, most_bytes: Option<u64>) -> Result<OwnerRoom> {
    let by = actor.administrator(Scope::WriteAdmin)?.id;
    change(app, Some(by), name, most_bytes).await
}

/// The same by whoever operates the server.
pub async fn set_as_operator(app: &App, name: &str, most_bytes: Option<u64>) -> Result<OwnerRoom> {
    change(app, None, name, most_bytes).await
}

async fn change(app: &App, by: Option<UserId>, name: &str, most_bytes: Option<u64>) -> Result<OwnerRoom> {
    let mut operation = app.begin().await?;
    let owner = owner::find_by_name(&mut operation, name.trim()).await?.ok_or_else(unknown)?;
    // Whoever sends an object locks the owner too, and so sees one limit or the other.
    let owner = owner::lock(&mut operation, owner.id).await?.ok_or_else(unknown)?;
    let before = row::find(&mut operation, owner.id).await?.map(|quota| quota.most_bytes);
    let after = most_bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
    if before != after {
        row::set(&mut operation, owner.id, after).await?;
        let limit = |bytes: Option<i64>| json!({ "large_file_bytes": bytes });
        let (before, after) = (limit(before), limit(after));
        let fact = Fact {
            kind: "quota",
            subject: owner.name.as_str(),
            action: "changed",
            before: Some(&before),
            after: Some(&after),
        };
        audit::note_by(&mut operation, by, fact).await?;
    }
    operation.commit().await?;
    room_of(app, &mut app.store().read().await?, owner).await
}

fn unknown() -> Error {
    Error::field("owner", "unknown-account")
}

async fn room_of(app: &App, ask: &mut impl Ask, owner: Owner) -> Result<OwnerRoom> {
    let is_own = row::find(ask, owner.id).await?.is_some();
    let usage = lfs_room::usage(app, ask, owner.id).await?;
    Ok(OwnerRoom { owner: owner.name, usage, is_own })
}
