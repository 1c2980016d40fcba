//! Starting an attempt: what is there already is kept, what is missing is made. So a start that broke off is simply done again.

use std::{fmt::Debug, net::IpAddr, sync::PoisonError};

use k8s_openapi::{
    NamespaceResourceScope,
    api::{
        batch::v1::Job,
        core::v1::{Namespace, Secret},
    },
};
use kube::{
    Api, Client, Resource,
    api::{Patch, PatchParams, PostParams},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Inner,
    connect::{answer, meaning},
    names::MANAGER,
    objects::{self, ServerPlace},
};
use crate::{Error, Result, engine::AgentLaunch};

impl Inner {
    pub(super) async fn start(&self, client: &Client, launch: &AgentLaunch) -> Result<()> {
        let has_mounts = launch.placement.device.as_ref().is_some_and(|device| !device.mounts.is_empty());
        let owner = &launch.placement.owner;
        self.ensure_namespace(client, owner, has_mounts).await?;
        let job = match self.make_job(client, launch).await? {
            Some(job) => job,
            None => {
                // Somebody has deleted the namespace since it was made.
                self.forget_namespace(owner);
                self.ensure_namespace(client, owner, has_mounts).await?;
                let job = self.make_job(client, launch).await?;
                job.ok_or_else(|| Error::Unreachable("its namespace does not stay".to_owned()))?
            }
        };
        if launch.spec.node.count > 1 {
            apply(client, &objects::service(&self.names, launch, &job)).await?;
            apply(client, &objects::team_policy(&self.names, launch, &job)).await?;
        }
        // The pod waits for this one: without it there is no token.
        let secret: Secret = objects::secret(&self.names, launch, &job, &self.options.server)?;
        apply(client, &secret).await?;
        self.with_cache(|cache| cache.put_made(job));
        Ok(())
    }

    /// Makes the Job, or finds the one that was made before. None: there is no namespace for it.
    async fn make_job(&self, client: &Client, launch: &AgentLaunch) -> Result<Option<Job>> {
        let wanted = objects::job(&self.names, launch, &self.options);
        let namespace = self.names.namespace(&launch.placement.owner);
        let jobs: Api<Job> = Api::namespaced(client.clone(), &namespace);
        let how = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
        let found = match answer(jobs.create(&how, &wanted)).await? {
            Ok(made) => return Ok(Some(made)),
            Err(kube::Error::Api(status)) if status.is_already_exists() => {
                answer(jobs.get(&launch.spec.name())).await?.map_err(|error| meaning(&error))?
            }
            Err(kube::Error::Api(status)) if status.is_not_found() => return Ok(None),
            Err(error) => return Err(meaning(&error)),
        };
        let ours = self.names.attempt_labels(launch);
        let labels = found.metadata.labels.clone().unwrap_or_default();
        if labels.get(super::names::INSTANCE) != ours.get(super::names::INSTANCE) {
            return Err(Error::Refused("a Job of this name belongs to somebody else".to_owned()));
        }
        if found.metadata.deletion_timestamp.is_some() {
            return Err(Error::Unreachable("an earlier Job of this name is still being removed".to_owned()));
        }
        Ok(Some(found))
    }

    /// Makes an owner's namespace and its network rules, once in the life of this process.
    async fn ensure_namespace(&self, client: &Client, owner: &str, has_mounts: bool) -> Result<()> {
        let name = self.names.namespace(owner);
        let known = self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).get(&name).copied();
        if known.is_some_and(|lets_in| lets_in || !has_mounts) {
            return Ok(());
        }
        let namespace: Namespace = objects::namespace(&self.names, owner, has_mounts);
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let (how, patch) = (PatchParams::apply(MANAGER).force(), Patch::Apply(&namespace));
        answer(namespaces.patch(&name, &how, &patch)).await?.map_err(|error| meaning(&error))?;
        let place = self.server_place().await;
        let policies = objects::network_policies(&self.names, owner, &place, &self.options.blocked_networks);
        for policy in &policies {
            apply(client, policy).await?;
        }
        let mut known = self.namespaces.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name, has_mounts);
        Ok(())
    }

    fn forget_namespace(&self, owner: &str) {
        let name = self.names.namespace(owner);
        self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
    }

    /// Network rules know addresses, not names.
    async fn server_place(&self) -> ServerPlace {
        let server = &self.options.server;
        let host = server.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = server.port_or_known_default().unwrap_or(80);
        let addresses: Vec<IpAddr> = match tokio::net::lookup_host((host.as_str(), port)).await {
            Ok(found) => found.map(|address| address.ip()).collect(),
            Err(error) => {
                tracing::warn!(
                    engine.name = self.options.name,
                    error = &error as &dyn std::error::Error,
                    host,
                    "tasks without network may not reach the server: its name has no address here"
                );
                Vec::new()
            }
        };
        ServerPlace::of(server, addresses)
    }
}

/// Server-side apply: what is missing is made, what is there becomes as it should be.
async fn apply<K>(client: &Client, object: &K) -> Result<()>
where
    K: Resource<Scope = NamespaceResourceScope> + Clone + Debug + Serialize + DeserializeOwned,
    K::DynamicType: Default,
{
    let namespace = object.meta().namespace.clone().unwrap_or_default();
    let name = object.meta().name.clone().unwrap_or_default();
    let api: Api<K> = Api::namespaced(client.clone(), &namespace);
    let (how, patch) = (PatchParams::apply(MANAGER).force(), Patch::Apply(object));
    answer(api.patch(&name, &how, &patch)).await?.map(drop).map_err(|error| meaning(&error))
}
