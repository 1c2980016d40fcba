//! What the agents of one owner share: a Secret in the owner's namespace, with the key that opens their
//! tokens and the operator's certificate authorities. So an attempt needs nothing but its Job, however many
//! there are.
//!
//! The key is created with the Secret and stays. A restarted server learns it from the answer to its own
//! write: Secrets are never read.

use std::{collections::HashMap, sync::PoisonError};

use hearth_core::{RandomSource as _, SystemRandomSource};
use k8s_openapi::api::core::v1::Secret;
use kube::{Api, Client};
use sha2::{Digest as _, Sha256};

use super::{
    BadFile, Inner,
    connect::{answer, meaning},
    names::OWNER,
    objects,
    start::{apply, as_manager},
};
use crate::{
    Error, Result,
    agent::delivery::KEY_FILE,
    seal::{KEY_BYTES, SealKey},
};

/// What this process knows about the Secrets, by namespace.
pub(super) type Known = HashMap<String, Shared>;

/// The content of one of these Secrets.
pub(super) struct Shared {
    key: SealKey,
    /// The hash of the authorities.
    authorities: [u8; 32],
}

impl Inner {
    /// The key of an owner's agents, whose Secret is up to date afterwards. `None` if the namespace does not
    /// exist.
    pub(super) async fn ensure_agents(&self, client: &Client, owner: &str) -> Result<Option<SealKey>> {
        let authorities = self.options.authorities().map_err(|bad| Error::Unreachable(bad.to_string()))?;
        self.share(client, &self.names.namespace(owner), owner, authorities.as_deref()).await
    }

    /// Updates the operator's authorities, if they have changed, wherever pods may still have to start.
    pub(super) async fn renew_agents(&self, client: &Client) -> Result<(), BadFile> {
        let authorities = self.options.authorities()?;
        for (namespace, owner) in self.with_cache(|cache| cache.namespaces_by_label(OWNER)) {
            if let Err(error) = self.share(client, &namespace, &owner, authorities.as_deref()).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(engine.name = self.options.name, error, namespace, "a Secret is not renewed");
            }
        }
        Ok(())
    }

    /// Makes known Secrets be written again: if somebody has deleted one, no pod of its owner would start.
    pub(super) fn invalidate_agents(&self) {
        self.with_agents(|known| known.values_mut().for_each(Shared::invalidate));
    }

    async fn share(
        &self,
        client: &Client,
        namespace: &str,
        owner: &str,
        authorities: Option<&str>,
    ) -> Result<Option<SealKey>> {
        let hash = Sha256::digest(authorities.unwrap_or_default()).into();
        let known = self.with_agents(|known| known.get(namespace).map(|it| (it.key.clone(), it.authorities)));
        let wanted = |key: Option<&SealKey>| objects::agents(&self.names, namespace, owner, authorities, key);
        let secret = match known {
            Some((key, told)) if told == hash => return Ok(Some(key)),
            Some((key, _)) => apply(client, &wanted(Some(&key))).await?,
            None => match make(client, &wanted(Some(&new_key()))).await? {
                Made::New(secret) => Some(*secret),
                Made::There => apply(client, &wanted(None)).await?,
                Made::Nowhere => None,
            },
        };
        let Some(secret) = secret else { return Ok(None) };
        let key = key_of(&secret).ok_or_else(|| {
            Error::Unreachable(format!("somebody has changed the Secret of agents in {namespace}: delete it"))
        })?;
        let shared = Shared { key: key.clone(), authorities: hash };
        self.with_agents(|known| known.insert(namespace.to_owned(), shared));
        Ok(Some(key))
    }

    pub(super) fn forget_agents(&self, namespace: &str) {
        self.with_agents(|known| known.remove(namespace));
    }

    fn with_agents<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        work(&mut self.agents.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shared {
    /// Makes the next write differ from the known content.
    const fn invalidate(&mut self) {
        self.authorities = [0; 32];
    }
}

fn new_key() -> SealKey {
    let mut bytes = [0; KEY_BYTES];
    SystemRandomSource.fill(&mut bytes);
    SealKey::new(bytes)
}

/// The result of creating it: the first one wins, and its key stays.
enum Made {
    New(Box<Secret>),
    There,
    /// The namespace does not exist.
    Nowhere,
}

async fn make(client: &Client, wanted: &Secret) -> Result<Made> {
    let secrets: Api<Secret> =
        Api::namespaced(client.clone(), wanted.metadata.namespace.as_deref().unwrap_or_default());
    match answer(secrets.create(&as_manager(), wanted)).await? {
        Ok(made) => Ok(Made::New(Box::new(made))),
        Err(kube::Error::Api(status)) if status.is_already_exists() => Ok(Made::There),
        Err(kube::Error::Api(status)) if status.is_not_found() => Ok(Made::Nowhere),
        Err(error) => Err(meaning(&error)),
    }
}

fn key_of(secret: &Secret) -> Option<SealKey> {
    SealKey::from_slice(&secret.data.as_ref()?.get(KEY_FILE)?.0)
}
