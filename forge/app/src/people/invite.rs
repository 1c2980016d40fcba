//! Invitations: codes that each let one person sign up.

use std::time::Duration;

use hearth_core::{
    Action, Email, Error, InviteId, Kind, Language, Page, PageRequest, Result, Scope, UserId, urls,
};
use hearth_store::{
    invite::{self, NewInvite},
    user,
};

pub use hearth_store::invite::Invite;

use crate::{
    Actor, App,
    audit::{self, Fact},
    jobs::{self, SendInvitation},
    mail::{self, EmailKind},
    secret,
};

const LONGEST_NOTE: usize = 200;
const LIFE: Duration = Duration::from_secs(14 * 24 * 3600);

/// An invitation and its code, which is shown only this once.
#[derive(Debug)]
pub struct Made {
    pub invite: Invite,
    pub code: String,
}

/// Creates an invitation that is valid for two weeks.
pub async fn make(app: &App, actor: &Actor, note: &str) -> Result<Made> {
    let admin = actor.administrator(Scope::WriteAdmin)?;
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(Error::field("note", "too-long"));
    }
    insert(app, admin.id, note).await
}

/// Queues an invitation to be created and sent to somebody, in the language of the inviter.
pub async fn send(app: &App, actor: &Actor, to: &str, language: Language) -> Result<Email> {
    let admin = actor.administrator(Scope::WriteAdmin)?;
    if !mail::is_configured(app) {
        return Err(Error::Forbidden(Action::SendMail));
    }
    let to: Email = to.trim().parse().map_err(|_| Error::field("email", "email"))?;
    jobs::enqueue(app, &SendInvitation { to: to.clone(), by: admin.id, language }).await?;
    Ok(to)
}

/// Creates an invitation and sends it. One that cannot be sent is deleted: the next attempt creates another.
pub(crate) async fn deliver(app: &App, order: &SendInvitation) -> Result<()> {
    let by = user::find(&mut app.store().read().await?, order.by).await?;
    // An inviter who is no longer an administrator invites nobody.
    let Some(by) = by.filter(|by| by.is_admin && !by.is_blocked) else { return Ok(()) };
    let made = insert(app, by.id, order.to.as_str()).await?;
    let link = format!("{}?code={}", app.urls().absolute(urls::sign_up()), made.code);
    let days = LIFE.as_secs() / (24 * 3600);
    let kind = EmailKind::Invitation { by: by.name.as_str(), link: &link, days };
    let sent = mail::hand_over(app, &order.to, &kind, order.language).await;
    if !matches!(sent, Ok(true)) {
        let mut operation = app.begin().await?;
        invite::delete(&mut operation, made.invite.id).await?;
        operation.commit().await?;
    }
    sent.map(drop)
}

async fn insert(app: &App, by: UserId, note: &str) -> Result<Made> {
    let code = secret::make(app.random());
    let now = app.now();
    let new = NewInvite {
        code_hash: secret::hash(&code),
        note: note.to_owned(),
        created_by: by,
        expires_at: now + LIFE,
        created_at: now,
    };
    let mut operation = app.begin().await?;
    let invite = invite::insert(&mut operation, &new).await?;
    audit::note_by(&mut operation, Some(by), fact(&invite, "made")).await?;
    operation.commit().await?;
    Ok(Made { invite, code })
}

/// All invitations, newest first.
pub async fn list(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<Invite>> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let items = invite::list(&mut reader, request).await?;
    Ok(Page::of(items, request, invite::count(&mut reader)).await?)
}

/// Revokes an unused invitation.
pub async fn revoke(app: &App, actor: &Actor, id: InviteId) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let revoked = invite::delete(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Invite))?;
    audit::note(&mut operation, actor, fact(&revoked, "withdrawn")).await?;
    operation.commit().await
}

/// For whom it is; its code lets somebody in, and is never noted.
fn fact<'a>(invite: &'a Invite, action: &'static str) -> Fact<'a, ()> {
    Fact { kind: "invite", subject: &invite.note, action, before: None, after: None }
}
