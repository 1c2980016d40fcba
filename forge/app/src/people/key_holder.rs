//! Who is at the other end of an SSH connection: a person with a key, or a machine with a deploy key.

use std::time::Duration;

use hearth_core::{DeployKeyId, Error, Kind, Language, RepositoryId, Result, SshKeyId, Timestamp};
use hearth_store::{
    deploy_key::{self, DeployKey},
    repository::{self, Repository},
    ssh_key::{self, SshKey},
    user,
};

use super::actor::OneCode;
use crate::{Actor, App};

/// The use of a key is recorded at most this often.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// A key that Hearth knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyId {
    /// Of a person.
    Person(SshKeyId),
    /// A deploy key.
    Deploy(DeployKeyId),
}

/// A key that lets somebody in, and whom.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    pub key: KeyId,
    /// What its owner calls the key.
    pub title: String,
    pub actor: Actor,
    /// The only repository that a deploy key reaches.
    pub repository: Option<Repository>,
    last_used_at: Option<Timestamp>,
}

impl KeyHolder {
    /// The language of the account; none: it has not chosen, or there is no account.
    pub fn language(&self) -> Option<Language> {
        self.actor.user().and_then(|user| user.language)
    }

    /// The repository of a deploy key.
    pub fn repository_id(&self) -> Option<RepositoryId> {
        self.repository.as_ref().map(|row| row.id)
    }
}

/// Whom the key with this fingerprint, `SHA256:…`, lets in, and notes that it was used. The client has already proved that
/// it has the key. None: nobody, or a blocked account.
///
/// It looks for both kinds of key whatever it finds, so that the time it takes says nothing about the key.
pub async fn authenticate(app: &App, fingerprint: &str) -> Result<Option<KeyHolder>> {
    let mut reader = app.store().read().await?;
    let of_person = ssh_key::find_by_fingerprint(&mut reader, fingerprint).await?;
    let of_repository = deploy_key::find_by_fingerprint(&mut reader, fingerprint).await?;
    drop(reader);
    let holder = match (of_person, of_repository) {
        (Some(key), _) => person(app, key).await?,
        (None, Some(key)) => Some(machine(app, key).await?),
        (None, None) => None,
    };
    if let Some(holder) = &holder {
        note_use(app, holder).await?;
    }
    Ok(holder)
}

/// Whom this key lets in now; none: it was removed, or the account is blocked.
pub async fn find(app: &App, key: KeyId) -> Result<Option<KeyHolder>> {
    let mut reader = app.store().read().await?;
    match key {
        KeyId::Person(id) => match ssh_key::find_any(&mut reader, id).await? {
            Some(key) => person(app, key).await,
            None => Ok(None),
        },
        KeyId::Deploy(id) => match deploy_key::find_any(&mut reader, id).await? {
            Some(key) => machine(app, key).await.map(Some),
            None => Ok(None),
        },
    }
}

async fn person(app: &App, key: SshKey) -> Result<Option<KeyHolder>> {
    let owner = user::find(&mut app.store().read().await?, key.user_id).await?;
    let owner = owner.ok_or(Error::NotFound(Kind::User))?;
    Ok((!owner.is_blocked).then(|| KeyHolder {
        key: KeyId::Person(key.id),
        title: key.title,
        actor: Actor::person(owner),
        repository: None,
        last_used_at: key.last_used_at,
    }))
}

async fn machine(app: &App, key: DeployKey) -> Result<KeyHolder> {
    let row = repository::find(&mut app.store().read().await?, key.repository_id).await?;
    let only = OneCode { repository: key.repository_id, may_write: key.may_write };
    Ok(KeyHolder {
        key: KeyId::Deploy(key.id),
        title: key.title,
        actor: Actor::deploy_key(only),
        repository: Some(row.ok_or(Error::NotFound(Kind::Repository))?),
        last_used_at: key.last_used_at,
    })
}

async fn note_use(app: &App, holder: &KeyHolder) -> Result<()> {
    let now = app.now();
    if holder.last_used_at.is_some_and(|last| now.since(last) < TOUCH_EVERY) {
        return Ok(());
    }
    let mut operation = app.begin().await?;
    match holder.key {
        KeyId::Person(id) => ssh_key::touch(&mut operation, id, now).await?,
        KeyId::Deploy(id) => deploy_key::touch(&mut operation, id, now).await?,
    }
    operation.commit().await
}
