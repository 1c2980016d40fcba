//! Starting an attempt: existing objects are kept, missing ones created. So an interrupted start is simply
//! repeated.

use std::{fmt::Debug, net::IpAddr, sync::PoisonError, time::Instant};

use hearth_core::{RandomSource as _, SystemRandomSource};
use k8s_openapi::{
    NamespaceResourceScope,
    api::{
        batch::v1::Job,
        core::v1::{Namespace, Service},
        networking::v1::NetworkPolicy,
    },
};
use kube::{
    Api, Client, Resource,
    api::{DeleteParams, Patch, PatchParams, PostParams},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Inner,
    connect::{answer, meaning},
    gone,
    names::{LEVEL_MANAGER, MANAGER},
    objects::{self, ServerPlace},
    pod,
};
use crate::{Error, Result, engine::AgentLaunch, seal::SealKey};

impl Inner {
    pub(super) async fn start(&self, client: &Client, launch: &AgentLaunch) -> Result<()> {
        let made = match Box::pin(self.make(client, launch)).await? {
            Some(job) => Ok(job),
            None => {
                // Somebody has deleted the namespace since it was created.
                self.forget_namespace(&launch.placement.owner);
                let again = Box::pin(self.make(client, launch)).await?;
                again.ok_or_else(|| Error::Unreachable("its namespace does not stay".to_owned()))
            }
        };
        let job = made?;
        self.with_cache(|cache| cache.insert_created(job.clone(), Instant::now()));
        // Only cleanup depends on it, so nobody waits for it.
        tokio::spawn(give_to_job(client.clone(), job));
        Ok(())
    }

    /// Creates everything for an attempt, its Job last. `None` if its namespace is gone.
    async fn make(&self, client: &Client, launch: &AgentLaunch) -> Result<Option<Job>> {
        let has_mounts = launch.placement.device.as_ref().is_some_and(|device| !device.mounts.is_empty());
        let owner = &launch.placement.owner;
        self.ensure_namespace(client, owner, has_mounts).await?;
        let Some(key) = self.ensure_agents(client, owner).await? else { return Ok(None) };
        if !self.ensure_registries(client, owner).await? {
            return Ok(None);
        }
        let is_team = launch.spec.node.count > 1;
        if is_team {
            let is_there = apply(client, &objects::service(&self.names, launch)).await?.is_some()
                && apply(client, &objects::team_policy(&self.names, launch)).await?.is_some();
            if !is_there {
                return Ok(None);
            }
        }
        let made = self.make_job(client, launch, &key).await;
        if is_team && matches!(made, Err(Error::Refused(_))) {
            let namespace = self.names.namespace(&launch.placement.owner);
            remove(client, &namespace, &launch.spec.name()).await;
        }
        made
    }

    /// Creates the Job, or finds the one created before. `None` if the namespace does not exist.
    async fn make_job(&self, client: &Client, launch: &AgentLaunch, key: &SealKey) -> Result<Option<Job>> {
        let name = launch.spec.name();
        let mut nonce = [0; 12];
        SystemRandomSource.fill(&mut nonce);
        let sealed = key.seal(nonce, &name, &launch.token);
        let wanted = objects::job(&self.names, launch, &self.options, sealed)?;
        let namespace = self.names.namespace(&launch.placement.owner);
        let jobs: Api<Job> = Api::namespaced(client.clone(), &namespace);
        let found = match answer(jobs.create(&as_manager(), &wanted)).await? {
            Ok(made) => return Ok(Some(made)),
            Err(kube::Error::Api(status)) if status.is_already_exists() => {
                answer(jobs.get(&name)).await?.map_err(|error| meaning(&error))?
            }
            Err(kube::Error::Api(status)) if status.is_not_found() => return Ok(None),
            Err(error) => return Err(meaning(&error)),
        };
        let ours = self.names.attempt_labels(launch);
        let labels = found.metadata.labels.clone().unwrap_or_default();
        if labels.get(super::names::INSTANCE) != ours.get(super::names::INSTANCE) {
            return Err(Error::Refused("a Job of this name belongs to somebody else".to_owned()));
        }
        if found.metadata.deletion_timestamp.is_none() && has_token(&found, launch, key) {
            return Ok(Some(found));
        }
        // It has an outdated token, so the server would not accept its pod. A retry creates the new one once
        // the name is free.
        gone(answer(jobs.delete(&name, &DeleteParams::background())).await?)?;
        Err(Error::Unreachable("an earlier Job of this name is still being removed".to_owned()))
    }

    /// Creates an owner's namespace and its network policies, once per process.
    async fn ensure_namespace(&self, client: &Client, owner: &str, has_mounts: bool) -> Result<()> {
        let name = self.names.namespace(owner);
        let is_made = || {
            let known = self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).get(&name).copied();
            known.is_some_and(|lets_in| lets_in || !has_mounts)
        };
        // An existing namespace does not have to wait for the creation of another.
        if is_made() {
            return Ok(());
        }
        let _turn = self.namespacing.lock().await;
        if is_made() {
            return Ok(());
        }
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let wanted = objects::namespace(&self.names, owner);
        let (how, patch) = (PatchParams::apply(MANAGER).force(), Patch::Apply(&wanted));
        let found: Namespace =
            answer(namespaces.patch(&name, &how, &patch)).await?.map_err(|error| meaning(&error))?;
        // The level is never lowered: a pod that needs it may be waiting there since before the server
        // started.
        let has_mounts = has_mounts || objects::lets_in_host_mounts(&found);
        let level = objects::level(&self.names, owner, has_mounts);
        let (how, patch) = (PatchParams::apply(LEVEL_MANAGER).force(), Patch::Apply(&level));
        answer(namespaces.patch(&name, &how, &patch)).await?.map_err(|error| meaning(&error))?;
        let place = self.server_place().await;
        let policies = objects::network_policies(&self.names, owner, &place, &self.options.blocked_networks);
        for policy in &policies {
            if apply(client, policy).await?.is_none() {
                return Err(Error::Unreachable("its namespace does not stay".to_owned()));
            }
        }
        let mut known = self.namespaces.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name, has_mounts);
        Ok(())
    }

    fn forget_namespace(&self, owner: &str) {
        let name = self.names.namespace(owner);
        self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        self.forget_agents(&name);
        self.forget_registries(&name);
    }

    /// The server's addresses: network policies work on addresses, not names.
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

/// Whether a Job's pods have the token of this launch.
fn has_token(job: &Job, launch: &AgentLaunch, key: &SealKey) -> bool {
    let pod = job.spec.as_ref().and_then(|spec| spec.template.spec.as_ref());
    let sealed = pod.and_then(pod::sealed_token);
    sealed.and_then(|sealed| key.open(&launch.spec.name(), sealed)).is_some_and(|token| token == launch.token)
}

pub(super) fn as_manager() -> PostParams {
    PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() }
}

/// Server-side apply: creates or updates an object. `None` if the namespace does not exist.
pub(super) async fn apply<K>(client: &Client, object: &K) -> Result<Option<K>>
where
    K: Resource<Scope = NamespaceResourceScope> + Clone + Debug + Serialize + DeserializeOwned,
    K::DynamicType: Default,
{
    let namespace = object.meta().namespace.clone().unwrap_or_default();
    let name = object.meta().name.clone().unwrap_or_default();
    let api: Api<K> = Api::namespaced(client.clone(), &namespace);
    let (how, patch) = (PatchParams::apply(MANAGER).force(), Patch::Apply(object));
    match answer(api.patch(&name, &how, &patch)).await? {
        Ok(made) => Ok(Some(made)),
        Err(kube::Error::Api(status)) if status.is_not_found() => Ok(None),
        Err(error) => Err(meaning(&error)),
    }
}

/// Makes the extra objects of a Job with several nodes be deleted with the Job.
pub(super) async fn give_to_job(client: Client, job: Job) {
    if job.spec.as_ref().and_then(|spec| spec.completions).is_none_or(|nodes| nodes < 2) {
        return;
    }
    let given = async {
        give::<Service>(&client, &job).await?;
        give::<NetworkPolicy>(&client, &job).await
    };
    if let Err(error) = given.await {
        let name = job.metadata.name.unwrap_or_default();
        tracing::warn!(error = &error as &dyn std::error::Error, name, "the objects of a Job may outlive it");
    }
}

async fn give<K>(client: &Client, job: &Job) -> Result<()>
where
    K: Resource<Scope = NamespaceResourceScope> + Clone + Debug + DeserializeOwned,
    K::DynamicType: Default,
{
    let api: Api<K> = Api::namespaced(client.clone(), job.metadata.namespace.as_deref().unwrap_or_default());
    let owners = serde_json::json!({ "metadata": { "ownerReferences": [objects::owned_by(job)] } });
    let (how, patch) = (PatchParams::default(), Patch::Merge(owners));
    let name = job.metadata.name.as_deref().unwrap_or_default();
    gone(answer(api.patch(name, &how, &patch)).await?)
}

/// Removes what was created for a Job that was refused.
async fn remove(client: &Client, namespace: &str, name: &str) {
    let how = DeleteParams::default();
    let services: Api<Service> = Api::namespaced(client.clone(), namespace);
    let policies: Api<NetworkPolicy> = Api::namespaced(client.clone(), namespace);
    let removed = [
        answer(services.delete(name, &how)).await.and_then(gone),
        answer(policies.delete(name, &how)).await.and_then(gone),
    ];
    for error in removed.into_iter().filter_map(Result::err) {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            name,
            "the remains of a refused attempt could not be removed"
        );
    }
}
