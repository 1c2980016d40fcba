//! Deploy keys: SSH keys of machines. Each reaches one repository, to read it or also to push to it.

use hearth_core::{
    Administer, Conflict, DeployKeyId, Error, Kind, Result,
    event::{RepositoryEvent, Subject},
};
use hearth_store::{Meaning as _, deploy_key as row, repository};

pub use hearth_store::deploy_key::DeployKey;

use crate::{Access, App, ssh_key::NamedKey};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct NewDeployKey {
    /// Empty: the key's comment.
    pub title: String,
    /// One line, as in `id_ed25519.pub`.
    pub key: String,
    /// Whether it may push.
    pub may_write: bool,
}

/// Newest first.
pub async fn list(app: &App, access: &Access<Administer>) -> Result<Vec<DeployKey>> {
    Ok(row::list(&mut app.store().read().await?, access.repository().id).await?)
}

pub async fn get(app: &App, access: &Access<Administer>, id: DeployKeyId) -> Result<DeployKey> {
    let found = row::find(&mut app.store().read().await?, access.repository().id, id).await?;
    found.ok_or(Error::NotFound(Kind::DeployKey))
}

/// Adds a key. It is refused if it belongs to a person, or to any repository.
pub async fn add(app: &App, access: &Access<Administer>, new: &NewDeployKey) -> Result<DeployKey> {
    let repository = access.repository().id;
    let named = NamedKey::read(&new.title, &new.key)?;
    let mut operation = app.begin().await?;
    repository::lock(&mut operation, repository).await?.ok_or(Error::NotFound(Kind::Repository))?;
    if row::count(&mut operation, repository).await? >= app.limits().deploy_keys {
        return Err(Error::TooLarge(app.limits().deploy_keys_of_repository()));
    }
    named.refuse_if_taken(&mut operation).await?;
    let new = row::NewDeployKey {
        repository_id: repository,
        title: named.title,
        public_key: named.key.line,
        fingerprint: named.key.fingerprint,
        may_write: new.may_write,
        added_by: access.actor().user_id(),
        created_at: operation.now(),
    };
    let key = row::insert(&mut operation, &new).await.on_taken(Conflict::KeyTaken)?;
    let event = RepositoryEvent::DeployKeyAdded {
        title: key.title.clone(),
        fingerprint: key.fingerprint.clone(),
        may_write: key.may_write,
    };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    operation.commit().await?;
    Ok(key)
}

/// Removes a key; its open connections end.
pub async fn remove(app: &App, access: &Access<Administer>, id: DeployKeyId) -> Result<DeployKey> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let key = row::find(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::DeployKey))?;
    row::delete(&mut operation, repository, id).await?;
    let event =
        RepositoryEvent::DeployKeyRemoved { title: key.title.clone(), fingerprint: key.fingerprint.clone() };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    operation.commit().await?;
    Ok(key)
}
