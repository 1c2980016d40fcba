//! Public keys of people: git over SSH identifies them by these.

mod wire;

use std::time::Duration;

use hearth_core::{Action, Conflict, Error, FieldErrors, Kind, Result, Scope, SshKeyId, event::AccountEvent};
use hearth_store::{
    Meaning as _,
    ssh_key::{self, NewSshKey},
    user,
};

pub use hearth_store::ssh_key::SshKey;

use crate::{Actor, App};
use wire::PublicKey;

const LONGEST_TITLE: usize = 100;
/// The use of a key is recorded at most this often.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// Adds a key. Without a title, its comment becomes the title.
pub async fn add(app: &App, actor: &Actor, title: &str, text: &str) -> Result<SshKey> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?;
    let mut errors = FieldErrors::default();
    let key = errors.take("key", PublicKey::parse(text), wire::BadKey::code);
    let title = title.trim();
    if title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
        errors.add("title", "too-long");
    }
    errors.into_result()?;
    let key = key.ok_or_else(|| Error::internal("a bad key makes an error"))?;
    let title = match (title, key.comment.as_str()) {
        ("", "") => key.fingerprint.clone(),
        ("", comment) => comment.chars().take(LONGEST_TITLE).collect(),
        (title, _) => title.to_owned(),
    };

    let now = app.now();
    let new = NewSshKey {
        user_id: user.id,
        title,
        public_key: key.line,
        fingerprint: key.fingerprint,
        created_at: now,
    };
    let mut operation = app.begin().await?;
    if ssh_key::count(&mut operation, user.id).await? >= app.limits().ssh_keys {
        return Err(Error::TooLarge(app.limits().ssh_keys_of_person()));
    }
    let key = ssh_key::insert(&mut operation, &new).await.on_taken(Conflict::KeyTaken)?;
    let event = AccountEvent::KeyAdded { fingerprint: key.fingerprint.clone() };
    operation.record_of_account(Some(user.id), user.id, event).await?;
    operation.commit().await?;
    Ok(key)
}

/// The actor's keys, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<SshKey>> {
    actor.require(Scope::ReadUser)?;
    let user = actor.signed_in()?;
    Ok(ssh_key::list(&mut app.store().read().await?, user.id).await?)
}

/// One of the actor's keys.
pub async fn get(app: &App, actor: &Actor, id: SshKeyId) -> Result<SshKey> {
    actor.require(Scope::ReadUser)?;
    let user = actor.signed_in()?;
    let found = ssh_key::find(&mut app.store().read().await?, user.id, id).await?;
    found.ok_or(Error::NotFound(Kind::SshKey))
}

pub async fn remove(app: &App, actor: &Actor, id: SshKeyId) -> Result<()> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?;
    let mut operation = app.begin().await?;
    let key = ssh_key::find(&mut operation, user.id, id).await?.ok_or(Error::NotFound(Kind::SshKey))?;
    ssh_key::delete(&mut operation, user.id, id).await?;
    let event = AccountEvent::KeyRemoved { fingerprint: key.fingerprint };
    operation.record_of_account(Some(user.id), user.id, event).await?;
    operation.commit().await?;
    Ok(())
}

/// Who owns the key with this fingerprint, `SHA256:…`. The client has already proved possession by SSH.
/// `None`: nobody.
pub async fn authenticate(app: &App, fingerprint: &str) -> Result<Option<Actor>> {
    let now = app.now();
    let mut reader = app.store().read().await?;
    let Some(key) = ssh_key::find_by_fingerprint(&mut reader, fingerprint).await? else { return Ok(None) };
    let owner = user::find(&mut reader, key.user_id).await?.ok_or(Error::NotFound(Kind::User))?;
    drop(reader);
    if owner.is_blocked {
        return Err(Error::Forbidden(Action::SignInBlocked));
    }
    if key.last_used_at.is_none_or(|last| now.since(last) >= TOUCH_EVERY) {
        let mut operation = app.begin().await?;
        ssh_key::touch(&mut operation, key.id, now).await?;
        operation.commit().await?;
    }
    Ok(Some(Actor::person(owner)))
}
