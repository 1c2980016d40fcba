//! Invitations into organisations: to a user of this site, who answers it there, or by email, with a link for
//! whoever receives it.

use std::time::Duration;

use hearth_core::{
    Action, Administer, Conflict, Email, Error, InvitationId, Kind, Language, OrganizationId, Result, Scope,
    TeamId, UserId, UserName,
    event::{Audience, OrganizationEvent, Subject},
    urls,
};
use hearth_store::{
    invitation::{self as row, NewInvitation},
    organization as organization_row, team as team_row, user,
};

pub use hearth_store::invitation::Invitation;

use super::{Organization, lock, member, record, team};
use crate::{
    Access, Actor, App, Operation,
    jobs::SendOrganizationInvitation,
    mail::{self, EmailKind},
    secret,
};

/// How long an invitation is valid.
const LIFE: Duration = Duration::from_secs(14 * 24 * 3600);
/// The time over which a person's invitations by email are limited.
const DAY: Duration = Duration::from_secs(24 * 3600);
/// At most this many are shown to an invited person.
const MOST_SHOWN: u64 = 100;

/// Invites a user of this site into a team.
pub async fn invite(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    name: &str,
) -> Result<Invitation> {
    let mut operation = app.begin().await?;
    let organization = lock(&mut operation, access.organization().id).await?;
    let found = user::find_by_name(&mut operation, name.trim().trim_start_matches('@')).await?;
    let person = found.filter(|user| !user.is_blocked).ok_or(Error::field("name", "unknown-person"))?;
    let is_in = team_row::list(&mut operation, organization.id, Some(person.id)).await?;
    if is_in.iter().any(|known| known.id == team) {
        return Err(Error::Conflict(Conflict::MemberAlready));
    }
    // A new invitation replaces an earlier one.
    row::delete_of(&mut operation, organization.id, person.id).await?;
    let invited = (Some((person.id, person.name)), None);
    let made = insert(app, &mut operation, access, &organization, team, invited).await?;
    operation.commit().await?;
    Ok(made)
}

/// Queues an email with a link that lets whoever follows it, once signed in, into a team; in the language of
/// the inviter.
pub async fn invite_by_letter(
    app: &App,
    access: &Access<Administer, Organization>,
    team: TeamId,
    to: &str,
    language: Language,
) -> Result<Invitation> {
    if !mail::is_configured(app) {
        return Err(Error::Forbidden(Action::SendMail));
    }
    let to: Email = to.trim().parse().map_err(|_| Error::field("email", "email"))?;
    let mut operation = app.begin().await?;
    let organization = lock(&mut operation, access.organization().id).await?;
    if row::is_email_open(&mut operation, organization.id, &to, app.now()).await? {
        return Err(Error::Conflict(Conflict::InvitedAlready));
    }
    // Withdrawn invitations count as well: they reached somebody.
    let by = access.administrator().id;
    let sent = row::count_email(&mut operation, by, app.now(), app.now() - DAY).await?;
    if sent > app.limits().invitation_emails {
        return Err(Error::TooLarge(app.limits().invitation_emails_of_person()));
    }
    let made = insert(app, &mut operation, access, &organization, team, (None, Some(to))).await?;
    operation.enqueue(&SendOrganizationInvitation { invitation: made.id, language }).await?;
    operation.commit().await?;
    Ok(made)
}

async fn insert(
    app: &App,
    operation: &mut Operation,
    access: &Access<Administer, Organization>,
    organization: &Organization,
    team: TeamId,
    (person, email): (Option<(UserId, UserName)>, Option<Email>),
) -> Result<Invitation> {
    let now = operation.now();
    let found = team_row::find(operation, team).await?;
    let found = found.filter(|team| team.organization_id == organization.id);
    let found = found.ok_or(Error::NotFound(Kind::Team))?;
    if row::count_open(operation, organization.id, now).await? >= app.limits().invitations {
        return Err(Error::TooLarge(app.limits().invitations_of_organization()));
    }
    let by = access.administrator().id;
    let new = NewInvitation {
        organization_id: organization.id,
        team_id: team,
        user_id: person.as_ref().map(|(id, _)| *id),
        email,
        invited_by: by,
        expires_at: now + LIFE,
        created_at: now,
    };
    let id = row::insert(operation, &new).await?;
    let event = OrganizationEvent::Invited {
        organization: organization.name.clone(),
        team: found.name,
        user: person.as_ref().map(|(_, name)| name.clone()),
    };
    // The invited person may not see what else happens in the organisation: this event is for them alone.
    let audience = match &person {
        Some((id, _)) => Audience::Account(*id),
        None => Audience::Organization(organization.id),
    };
    operation.record(Some(by), Subject::Organization(organization.id), audience, event).await?;
    row::find(operation, id, now).await?.ok_or_else(|| Error::internal("it was just made"))
}

/// Creates the link of an email and sends it. If that fails, the next attempt uses another link.
pub(crate) async fn deliver(app: &App, order: &SendOrganizationInvitation) -> Result<()> {
    let found = row::find(&mut app.store().read().await?, order.invitation, app.now()).await?;
    // It was withdrawn, or accepted in another way.
    let Some(invitation) = found else { return Ok(()) };
    let (Some(to), Some(by)) = (&invitation.email, &invitation.invited_by) else { return Ok(()) };
    let code = secret::make(app.random());
    if !keep_code(app, invitation.id, Some(&secret::hash(&code))).await? {
        return Ok(());
    }
    let link = app.urls().absolute(&urls::invitation(&code));
    let days = LIFE.as_secs() / (24 * 3600);
    let organization = invitation.organization.as_str();
    let kind = EmailKind::Joining { by: by.as_str(), organization, link: &link, days };
    let sent = mail::hand_over(app, to, &kind, order.language).await;
    if !matches!(sent, Ok(true)) {
        keep_code(app, invitation.id, None).await?;
    }
    sent.map(drop)
}

async fn keep_code(app: &App, id: InvitationId, hash: Option<&str>) -> Result<bool> {
    let mut operation = app.begin().await?;
    let is_there = row::set_code(&mut operation, id, hash).await?;
    operation.commit().await?;
    Ok(is_there)
}

/// The pending invitations of an organisation, newest first.
pub async fn list(app: &App, access: &Access<Administer, Organization>) -> Result<Vec<Invitation>> {
    Ok(row::list(&mut app.store().read().await?, access.organization().id, app.now()).await?)
}

/// Those that the actor may answer, newest first.
pub async fn list_mine(app: &App, actor: &Actor) -> Result<Vec<Invitation>> {
    actor.require(Scope::ReadOrganization)?;
    let user = actor.signed_in()?.id;
    Ok(row::list_of_person(&mut app.store().read().await?, user, app.now(), MOST_SHOWN).await?)
}

/// The invitation behind an emailed link: for the page that asks whether to join.
pub async fn find_by_code(app: &App, code: &str) -> Result<Invitation> {
    let found = row::find_by_code(&mut app.store().read().await?, &secret::hash(code), app.now()).await?;
    found.ok_or(Error::NotFound(Kind::Invitation))
}

/// Accepts, as the invited person.
pub async fn accept(app: &App, actor: &Actor, id: InvitationId) -> Result<Organization> {
    let mine = open(app, actor, id).await?;
    join(app, actor, mine).await
}

/// Accepts by an emailed link.
pub async fn accept_by_code(app: &App, actor: &Actor, code: &str) -> Result<Organization> {
    actor.signed_in()?;
    actor.require(Scope::WriteOrganization)?;
    join(app, actor, find_by_code(app, code).await?).await
}

async fn join(app: &App, actor: &Actor, invitation: Invitation) -> Result<Organization> {
    let user = actor.signed_in()?;
    let mut operation = app.begin().await?;
    let organization = lock(&mut operation, invitation.organization_id).await?;
    // Whoever invited must still be one who may; else it would let those back in who were removed.
    if !may_invite(&mut operation, organization.id, invitation.invited_by.as_ref()).await? {
        return Err(Error::NotFound(Kind::Invitation));
    }
    // It can be used once, and only if it was not withdrawn.
    if !row::delete(&mut operation, invitation.id).await? {
        return Err(Error::NotFound(Kind::Invitation));
    }
    let found = team_row::find(&mut operation, invitation.team_id).await?;
    let found = found.ok_or(Error::NotFound(Kind::Invitation))?;
    team::check_room(app, &mut operation, &organization, user.id).await?;
    member::add(&mut operation, Some(user.id), &organization, &found, (user.id, &user.name)).await?;
    operation.commit().await?;
    Ok(organization)
}

/// Whether this person is an owner of the organisation, or an administrator of the site.
async fn may_invite(
    operation: &mut Operation,
    organization: OrganizationId,
    name: Option<&UserName>,
) -> Result<bool> {
    let Some(name) = name else { return Ok(false) };
    let found = user::find_by_name(operation, name.as_str()).await?.filter(|user| !user.is_blocked);
    let Some(inviter) = found else { return Ok(false) };
    Ok(inviter.is_admin
        || organization_row::find_membership(operation, organization, inviter.id).await?.is_owner)
}

/// Declines, as the invited person.
pub async fn decline(app: &App, actor: &Actor, id: InvitationId) -> Result<()> {
    let mine = open(app, actor, id).await?;
    let organization = mine.organization.clone();
    let event = OrganizationEvent::InvitationDeclined { organization };
    end(app, actor, mine.organization_id, mine.id, event).await
}

/// Withdraws an invitation.
pub async fn withdraw(app: &App, access: &Access<Administer, Organization>, id: InvitationId) -> Result<()> {
    let found = row::find(&mut app.store().read().await?, id, app.now()).await?;
    let organization = access.organization();
    let found = found.filter(|found| found.organization_id == organization.id);
    let found = found.ok_or(Error::NotFound(Kind::Invitation))?;
    let event = OrganizationEvent::InvitationWithdrawn { organization: organization.name.clone() };
    end(app, access.actor(), organization.id, found.id, event).await
}

async fn end(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    id: InvitationId,
    event: OrganizationEvent,
) -> Result<()> {
    let mut operation = app.begin().await?;
    // As everywhere, the organisation is locked before what belongs to it.
    lock(&mut operation, organization).await?;
    if !row::delete(&mut operation, id).await? {
        return Err(Error::NotFound(Kind::Invitation));
    }
    record(&mut operation, actor.user_id(), organization, event).await?;
    operation.commit().await
}

/// An invitation addressed to the actor.
async fn open(app: &App, actor: &Actor, id: InvitationId) -> Result<Invitation> {
    let user = actor.signed_in()?.id;
    actor.require(Scope::WriteOrganization)?;
    let found = row::find(&mut app.store().read().await?, id, app.now()).await?;
    found.filter(|found| found.user_id == Some(user)).ok_or(Error::NotFound(Kind::Invitation))
}
