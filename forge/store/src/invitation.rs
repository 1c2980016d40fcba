//! Invitations into organisations: to a user of this site, or by e-mail to whoever follows the link.

use hearth_core::{Email, InvitationId, OrganizationId, TeamId, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Invitation {
    pub id: InvitationId,
    pub organization_id: OrganizationId,
    pub organization: UserName,
    pub team_id: TeamId,
    pub team: String,
    /// Who is invited; none: whoever follows the link in the e-mail.
    pub user_id: Option<UserId>,
    pub user: Option<UserName>,
    pub email: Option<Email>,
    /// Who sent the invitation; none: their account is gone.
    pub invited_by: Option<UserName>,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub organization_id: OrganizationId,
    pub team_id: TeamId,
    pub user_id: Option<UserId>,
    pub email: Option<Email>,
    pub invited_by: UserId,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT i.id, i.organization_id, o.name AS organization, i.team_id, t.name AS team, i.user_id, u.name AS user, \
    i.email, b.name AS invited_by, i.expires_at, i.created_at FROM organization_invitations i \
    JOIN owners o ON o.id = i.organization_id JOIN teams t ON t.id = i.team_id LEFT JOIN owners u ON u.id = i.user_id \
    LEFT JOIN owners b ON b.id = i.invited_by";

pub async fn insert(writer: &mut Writer, new: &NewInvitation) -> Result<InvitationId> {
    let (id,): (InvitationId,) = writer
        .query(
            "INSERT INTO organization_invitations (organization_id, team_id, user_id, email, invited_by, expires_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(new.organization_id)
        .bind(new.team_id)
        .bind(new.user_id)
        .bind(new.email.clone())
        .bind(new.invited_by)
        .bind(new.expires_at)
        .bind(new.created_at)
        .fetch_one()
        .await?;
    Ok(id)
}

/// A valid invitation.
pub async fn find(ask: &mut impl Ask, id: InvitationId, now: Timestamp) -> Result<Option<Invitation>> {
    ask.query(SELECT).push(" WHERE i.id = $1 AND i.expires_at > $2").bind(id).bind(now).fetch_optional().await
}

/// The valid invitation whose link contains this code.
pub async fn find_by_code(ask: &mut impl Ask, code_hash: &str, now: Timestamp) -> Result<Option<Invitation>> {
    ask.query(SELECT)
        .push(" WHERE i.code_hash = $1 AND i.expires_at > $2")
        .bind(code_hash)
        .bind(now)
        .fetch_optional()
        .await
}

/// Valid invitations into an organisation, newest first. They are few, see `limits.invitations`.
pub async fn list(
    ask: &mut impl Ask,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Vec<Invitation>> {
    ask.query(SELECT)
        .push(" WHERE i.organization_id = $1 AND i.expires_at > $2 ORDER BY i.id DESC")
        .bind(organization)
        .bind(now)
        .fetch_all()
        .await
}

/// Valid invitations of a person, newest first, at most `most`.
pub async fn list_of_person(
    ask: &mut impl Ask,
    user: UserId,
    now: Timestamp,
    most: u64,
) -> Result<Vec<Invitation>> {
    ask.query(SELECT)
        .push(" WHERE i.user_id = $1 AND i.expires_at > $2 ORDER BY i.id DESC")
        .bind(user)
        .bind(now)
        .limit(most)
        .fetch_all()
        .await
}

/// Deletes expired invitations, and returns how many are left.
pub async fn count_open(writer: &mut Writer, organization: OrganizationId, now: Timestamp) -> Result<u64> {
    writer
        .query("DELETE FROM organization_invitations WHERE organization_id = $1 AND expires_at <= $2")
        .bind(organization)
        .bind(now)
        .execute()
        .await?;
    writer
        .query("SELECT COUNT(*) FROM organization_invitations WHERE organization_id = $1")
        .bind(organization)
        .fetch_count()
        .await
}

/// Sets the hash of the code in the e-mailed link; none: it was not sent. `false`: the invitation is gone.
pub async fn set_code(writer: &mut Writer, id: InvitationId, code_hash: Option<&str>) -> Result<bool> {
    writer
        .query("UPDATE organization_invitations SET code_hash = $2 WHERE id = $1")
        .bind(id)
        .bind(code_hash)
        .execute_on_one()
        .await
}

/// `false`: it was accepted, declined or withdrawn.
pub async fn delete(writer: &mut Writer, id: InvitationId) -> Result<bool> {
    writer.query("DELETE FROM organization_invitations WHERE id = $1").bind(id).execute_on_one().await
}

/// Whether a valid invitation by email waits for this address.
pub async fn is_email_open(
    ask: &mut impl Ask,
    organization: OrganizationId,
    email: &Email,
    now: Timestamp,
) -> Result<bool> {
    let open = ask
        .query("SELECT COUNT(*) FROM organization_invitations WHERE organization_id = $1 AND lower(email) = $2 AND expires_at > $3")
        .bind(organization)
        .bind(email.as_str().to_lowercase())
        .bind(now)
        .fetch_count()
        .await?;
    Ok(open > 0)
}

/// Counts one more invitation by email, and says how many a person has sent since, this one included.
pub async fn count_email(writer: &mut Writer, user: UserId, now: Timestamp, since: Timestamp) -> Result<u64> {
    writer
        .query("DELETE FROM invitation_emails WHERE user_id = $1 AND sent_at <= $2")
        .bind(user)
        .bind(since)
        .execute()
        .await?;
    writer
        .query("INSERT INTO invitation_emails (user_id, sent_at) VALUES ($1, $2)")
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    writer.query("SELECT COUNT(*) FROM invitation_emails WHERE user_id = $1").bind(user).fetch_count().await
}

/// A person's invitations into an organisation: they have joined, or are no longer wanted.
pub async fn delete_of(writer: &mut Writer, organization: OrganizationId, user: UserId) -> Result<()> {
    writer
        .query("DELETE FROM organization_invitations WHERE organization_id = $1 AND user_id = $2")
        .bind(organization)
        .bind(user)
        .execute()
        .await?;
    Ok(())
}
