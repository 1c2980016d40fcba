//! Public keys of people: git over SSH identifies them by these.

pub(crate) mod wire;

use hearth_core::{Conflict, Error, FieldErrors, Kind, Result, Scope, SshKeyId, event::AccountEvent};
use hearth_store::{
    Meaning as _, deploy_key,
    ssh_key::{self, NewSshKey},
};

pub use hearth_store::ssh_key::SshKey;

use crate::{Actor, App, Operation};
use wire::PublicKey;

const LONGEST_TITLE: usize = 100;

/// A key as it was given, and what it is to be called.
pub(crate) struct NamedKey {
    pub(crate) title: String,
    pub(crate) key: PublicKey,
}

impl NamedKey {
    /// Without a title, the key's comment becomes the title, or else its fingerprint.
    pub(crate) fn read(title: &str, text: &str) -> Result<Self> {
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
        Ok(Self { title, key })
    }

    /// A key says who comes, so it belongs to one person or one repository.
    pub(crate) async fn refuse_if_taken(&self, operation: &mut Operation) -> Result<()> {
        let fingerprint = &self.key.fingerprint;
        let is_taken = ssh_key::find_by_fingerprint(operation, fingerprint).await?.is_some()
            || deploy_key::find_by_fingerprint(operation, fingerprint).await?.is_some();
        if is_taken { Err(Error::Conflict(Conflict::KeyTaken)) } else { Ok(()) }
    }
}

/// Adds a key. Without a title, its comment becomes the title.
pub async fn add(app: &App, actor: &Actor, title: &str, text: &str) -> Result<SshKey> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?;
    let named = NamedKey::read(title, text)?;
    let mut operation = app.begin().await?;
    if ssh_key::count(&mut operation, user.id).await? >= app.limits().ssh_keys {
        return Err(Error::TooLarge(app.limits().ssh_keys_of_person()));
    }
    named.refuse_if_taken(&mut operation).await?;
    let NamedKey { title, key } = named;
    let new = NewSshKey {
        user_id: user.id,
        title,
        public_key: key.line,
        fingerprint: key.fingerprint,
        created_at: operation.now(),
    };
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

/// Whether the actor has a key.
pub async fn has_any(app: &App, actor: &Actor) -> Result<bool> {
    let user = actor.signed_in()?;
    Ok(ssh_key::has_any(&mut app.store().read().await?, user.id).await?)
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
