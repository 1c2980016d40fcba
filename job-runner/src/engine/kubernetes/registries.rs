//! Registry credentials: one Secret in every owner's namespace, kept in sync with the operator's file.

use std::{collections::HashMap, sync::PoisonError};

use k8s_openapi::api::core::v1::Secret;
use kube::{Api, Client, api::DeleteParams};
use sha2::{Digest as _, Sha256};

use super::{
    BadFile, Inner,
    connect::answer,
    gone,
    names::{OWNER, REGISTRIES},
    objects,
    start::apply,
};
use crate::{Error, Result};

/// What this process has written, by namespace: the hash of the content; `None` where there is no Secret.
pub(super) type Told = HashMap<String, Option<[u8; 32]>>;

impl Inner {
    /// Writes an owner's Secret, once for each content of the file. `false` if the namespace does not exist.
    pub(super) async fn ensure_registries(&self, client: &Client, owner: &str) -> Result<bool> {
        let auths = self.options.registries().map_err(|bad| Error::Unreachable(bad.to_string()))?;
        self.put_registries(client, &self.names.namespace(owner), owner, auths.as_deref()).await
    }

    /// Rereads the operator's files, and updates changed credentials wherever pods may still have to pull.
    pub(super) async fn renew_files(&self, client: &Client) -> Result<(), BadFile> {
        self.options.check_files()?;
        self.renew_agents(client).await?;
        let Some(auths) = self.options.registries()? else { return Ok(()) };
        for (namespace, owner) in self.with_cache(|cache| cache.namespaces_by_label(OWNER)) {
            if let Err(error) = self.put_registries(client, &namespace, &owner, Some(&auths)).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(engine.name = self.options.name, error, namespace, "a Secret is not renewed");
            }
        }
        Ok(())
    }

    async fn put_registries(
        &self,
        client: &Client,
        namespace: &str,
        owner: &str,
        auths: Option<&str>,
    ) -> Result<bool> {
        let hash = auths.map(|auths| Sha256::digest(auths).into());
        let is_told = |told: &Told| told.get(namespace) == Some(&hash);
        if is_told(&self.registries.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(true);
        }
        match auths {
            Some(auths) => {
                let wanted = objects::registries(&self.names, namespace, owner, auths);
                if apply(client, &wanted).await?.is_none() {
                    return Ok(false);
                }
            }
            // Credentials that the operator removed must not stay.
            None => {
                let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
                gone(answer(secrets.delete(REGISTRIES, &DeleteParams::default())).await?)?;
            }
        }
        let mut told = self.registries.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(namespace.to_owned(), hash);
        Ok(true)
    }

    pub(super) fn forget_registries(&self, namespace: &str) {
        self.registries.lock().unwrap_or_else(PoisonError::into_inner).remove(namespace);
    }
}
