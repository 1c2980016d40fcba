//! Invitations: codes that let one person each sign up.

use std::time::Duration;

use hearth_core::{Error, InviteId, Kind, Page, PageRequest, Result, Scope};
use hearth_store::invite::{self, Invite, NewInvite};

use crate::{Actor, App, secret};

const LONGEST_NOTE: usize = 200;
const LIFE: Duration = Duration::from_secs(14 * 24 * 3600);

/// An invitation and its code, which is shown this once.
#[derive(Debug)]
pub struct Made {
    pub invite: Invite,
    pub code: String,
}

/// Makes an invitation that is good for two weeks.
pub async fn make(app: &App, actor: &Actor, note: &str) -> Result<Made> {
    let admin = actor.administrator(Scope::WriteAdmin)?;
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(Error::field("note", "too-long"));
    }
    let code = secret::make(app.chance());
    let now = app.now();
    let new = NewInvite {
        code_hash: secret::hash(&code),
        note: note.to_owned(),
        created_by: admin.id,
        expires_at: now + LIFE,
        created_at: now,
    };
    let mut operation = app.begin().await?;
    let invite = invite::insert(&mut operation, &new).await?;
    operation.commit().await?;
    Ok(Made { invite, code })
}

/// All invitations, the newest first.
pub async fn list(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<Invite>> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let items = invite::list(&mut reader, request).await?;
    let total = invite::count(&mut reader).await?;
    Ok(Page { items, total, request })
}

/// Takes an unused invitation back.
pub async fn revoke(app: &App, actor: &Actor, id: InviteId) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    if !invite::delete(&mut operation, id).await? {
        return Err(Error::NotFound(Kind::Invite));
    }
    operation.commit().await?;
    Ok(())
}
