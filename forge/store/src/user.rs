//! Accounts. The password hash is never part of a [`User`].

use hearth_core::{Change, Email, Language, OwnerKind, PageRequest, Timestamp, UserId, UserName};
use sqlx::FromRow;

use crate::{Ask, Query, Result, Writer, owner};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct User {
    pub id: UserId,
    pub name: UserName,
    pub display_name: String,
    pub email: Email,
    pub is_email_hidden: bool,
    pub is_admin: bool,
    pub is_blocked: bool,
    /// None: the browser's preference.
    pub language: Option<Language>,
    /// `light` or `dark`; none: the system's preference.
    pub theme: Option<String>,
    pub biography: String,
    pub website: String,
    pub location: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl User {
    /// The display name if there is one, otherwise the account's name.
    pub fn shown_name(&self) -> &str {
        if self.display_name.is_empty() { self.name.as_str() } else { &self.display_name }
    }
}

#[derive(Clone, Debug)]
pub struct NewUser {
    pub name: UserName,
    pub display_name: String,
    pub email: Email,
    pub password_hash: String,
    pub is_admin: bool,
    pub language: Option<Language>,
    pub created_at: Timestamp,
}

/// All columns of a [`User`]; the person's row is `p`, the owner's `o`.
const SELECT: &str = "SELECT p.id, o.name, o.display_name, p.email, p.is_email_hidden, p.is_admin, p.is_blocked, p.language, p.theme, \
    o.description AS biography, o.website, o.location, o.created_at, o.updated_at FROM users p JOIN owners o ON o.id = p.id";

/// Fails with [`crate::Error::Taken`] if the name or the e-mail address is taken.
pub async fn insert(writer: &mut Writer, new: &NewUser) -> Result<User> {
    let kind = OwnerKind::User;
    let id = owner::insert(writer, kind, &new.name, &new.display_name, new.created_at).await?;
    writer
        .query(
            "INSERT INTO users (id, email, email_key, is_email_hidden, password_hash, is_admin, is_blocked, language, theme) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
        )
        .bind(id)
        .bind(new.email.clone())
        .bind(new.email.as_str().to_lowercase())
        .bind(true)
        .bind(new.password_hash.clone())
        .bind(new.is_admin)
        .bind(false)
        .bind(new.language)
        .execute()
        .await?;
    writer.query(SELECT).push(" WHERE p.id = $1").bind(id).fetch_one().await
}

pub async fn find(ask: &mut impl Ask, id: UserId) -> Result<Option<User>> {
    ask.query(SELECT).push(" WHERE p.id = $1").bind(id).fetch_optional().await
}

/// Like [`find`], and locks the person's row until the transaction ends.
pub async fn lock(writer: &mut Writer, id: UserId) -> Result<Option<User>> {
    writer.lock_row("users", id.0).await?;
    find(writer, id).await
}

/// By name, ignoring case.
pub async fn find_by_name(ask: &mut impl Ask, name: &str) -> Result<Option<User>> {
    ask.query(SELECT).push(" WHERE o.name_key = $1").bind(name.to_ascii_lowercase()).fetch_optional().await
}

/// By e-mail address, ignoring case.
pub async fn find_by_email(ask: &mut impl Ask, email: &str) -> Result<Option<User>> {
    ask.query(SELECT).push(" WHERE p.email_key = $1").bind(email.to_lowercase()).fetch_optional().await
}

/// The existing ones, in no order.
pub async fn find_all(ask: &mut impl Ask, ids: &[UserId]) -> Result<Vec<User>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    ask.query(SELECT).push(" WHERE p.id").is_any_of(ids).fetch_all().await
}

/// Which people are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name or display name, ignoring case. Never of the e-mail address: it may be hidden.
    pub text: Option<String>,
    /// Includes blocked accounts.
    pub with_blocked: bool,
}

fn filtered<'c>(query: Query<'c>, filter: &Filter) -> Query<'c> {
    let mut query = query.push(" WHERE p.is_blocked").is_one_of(if filter.with_blocked {
        vec![false, true]
    } else {
        vec![false]
    });
    if let Some(text) = &filter.text {
        query = query
            .push(" AND (")
            .contains("o.name_key", text)
            .push(" OR ")
            .contains("lower(o.display_name)", text)
            .push(")");
    }
    query
}

/// Oldest account first.
pub async fn list(ask: &mut impl Ask, filter: &Filter, request: PageRequest) -> Result<Vec<User>> {
    filtered(ask.query(SELECT), filter).push(" ORDER BY p.id").page(request).fetch_all().await
}

pub async fn count(ask: &mut impl Ask, filter: &Filter) -> Result<u64> {
    filtered(ask.query("SELECT COUNT(*) FROM users p JOIN owners o ON o.id = p.id"), filter)
        .fetch_count()
        .await
}

/// The number of administrators who are not blocked.
pub async fn count_admins(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM users WHERE is_admin = $1 AND is_blocked = $2")
        .bind(true)
        .bind(false)
        .fetch_count()
        .await
}

pub async fn find_password_hash(ask: &mut impl Ask, id: UserId) -> Result<Option<String>> {
    let row: Option<(String,)> =
        ask.query("SELECT password_hash FROM users WHERE id = $1").bind(id).fetch_optional().await?;
    Ok(row.map(|(hash,)| hash))
}

pub async fn set_password_hash(writer: &mut Writer, id: UserId, hash: &str) -> Result<()> {
    writer.query("UPDATE users SET password_hash = $2 WHERE id = $1").bind(id).bind(hash).execute().await?;
    Ok(())
}

/// The profile of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub display_name: String,
    pub is_email_hidden: bool,
    pub biography: String,
    pub website: String,
    pub location: String,
}

pub async fn set_profile(writer: &mut Writer, id: UserId, profile: &Profile, now: Timestamp) -> Result<()> {
    let owner_profile = owner::OwnerProfile {
        display_name: profile.display_name.clone(),
        description: profile.biography.clone(),
        website: profile.website.clone(),
        location: profile.location.clone(),
    };
    owner::set_profile(writer, id.into(), &owner_profile, now).await?;
    writer
        .query("UPDATE users SET is_email_hidden = $2 WHERE id = $1")
        .bind(id)
        .bind(profile.is_email_hidden)
        .execute()
        .await?;
    Ok(())
}

/// None: the browser's preference.
pub async fn set_language(writer: &mut Writer, id: UserId, language: Option<Language>) -> Result<()> {
    writer.query("UPDATE users SET language = $2 WHERE id = $1").bind(id).bind(language).execute().await?;
    Ok(())
}

/// None: the system's preference.
pub async fn set_theme(writer: &mut Writer, id: UserId, theme: Option<&str>) -> Result<()> {
    writer.query("UPDATE users SET theme = $2 WHERE id = $1").bind(id).bind(theme).execute().await?;
    Ok(())
}

/// The existing names among these lowercase ones, in their original case.
pub async fn find_names(ask: &mut impl Ask, keys: &[String]) -> Result<Vec<UserName>> {
    let rows: Vec<(UserName,)> = ask
        .query("SELECT o.name FROM owners o JOIN users p ON p.id = o.id WHERE o.name_key")
        .is_any_of(keys)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Fails with [`crate::Error::Taken`] if the e-mail address is taken.
pub async fn set_email(writer: &mut Writer, id: UserId, email: &Email) -> Result<()> {
    writer
        .query("UPDATE users SET email = $2, email_key = $3 WHERE id = $1")
        .bind(id)
        .bind(email.clone())
        .bind(email.as_str().to_lowercase())
        .execute()
        .await?;
    Ok(())
}

/// Grants or revokes site administration.
pub async fn set_admin(writer: &mut Writer, id: UserId, is_admin: bool) -> Result<()> {
    writer.query("UPDATE users SET is_admin = $2 WHERE id = $1").bind(id).bind(is_admin).execute().await?;
    Ok(())
}

/// Blocks or unblocks an account.
pub async fn set_blocked(writer: &mut Writer, id: UserId, is_blocked: bool) -> Result<()> {
    writer.changed(Change::Keys);
    writer
        .query("UPDATE users SET is_blocked = $2 WHERE id = $1")
        .bind(id)
        .bind(is_blocked)
        .execute()
        .await?;
    Ok(())
}
