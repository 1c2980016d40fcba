//! What remains of an account that was deleted: a name under which its texts stay.

use hearth_core::{Email, OwnerId, Timestamp, UserId, UserName};

use crate::{Ask, Result, Writer, owner, user};

/// What belongs to an account alone.
const OWN: [&str; 10] = [
    "access_tokens",
    "ssh_keys",
    "gpg_keys",
    "sessions",
    "repository_grants",
    "team_members",
    "organization_members",
    "thread_assignees",
    "thread_subscriptions",
    "repository_interests",
];

/// Whether the person is the only owner of some organisation.
pub async fn is_last_owner(ask: &mut impl Ask, user: UserId) -> Result<bool> {
    let count = ask
        .query(
            "SELECT COUNT(*) FROM teams t JOIN team_members m ON m.team_id = t.id WHERE t.is_owners = $2 AND m.user_id = $1 \
             AND NOT EXISTS (SELECT 1 FROM team_members o WHERE o.team_id = t.id AND o.user_id <> $1)",
        )
        .bind(user)
        .bind(true)
        .fetch_count()
        .await?;
    Ok(count > 0)
}

/// Takes from an account its rights, its credentials, and everything that says who it was. Its old name is free, and
/// nothing leads from there to here. Fails with [`crate::Error::Taken`] if the new name or address is taken.
pub async fn erase(
    writer: &mut Writer,
    id: UserId,
    name: &UserName,
    email: &Email,
    now: Timestamp,
) -> Result<()> {
    let owner_id = OwnerId::from(id);
    if let Some(owner) = owner::find(writer, owner_id).await? {
        owner::rename(writer, &owner, name, now).await?;
    }
    writer.query("DELETE FROM owner_redirects WHERE owner_id = $1").bind(owner_id).execute().await?;
    let nobody = user::Profile { is_email_hidden: true, ..user::Profile::default() };
    user::set_profile(writer, id, &nobody, now).await?;
    user::set_email(writer, id, email).await?;
    // No password has an empty hash.
    user::set_password_hash(writer, id, "").await?;
    user::set_language(writer, id, None).await?;
    user::set_admin(writer, id, false).await?;
    user::set_blocked(writer, id, true).await?;
    for table in OWN {
        writer.query("DELETE FROM ").push(table).push(" WHERE user_id = ").push_bind(id).execute().await?;
    }
    Ok(())
}
