//! Starting an attempt: what is there already is kept, what is missing is made. So a start that broke off is simply done again.

use std::{fmt::Debug, net::IpAddr, sync::PoisonError};

use k8s_openapi::{
    NamespaceResourceScope,
    api::{
        batch::v1::Job,
        core::v1::{Namespace, Secret, Service},
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
};
use crate::{Error, Result, engine::AgentLaunch};

impl Inner {
    pub(super) async fn start(&self, client: &Client, launch: &AgentLaunch) -> Result<()> {
        let made = match self.make(client, launch).await? {
            Some(job) => Ok(job),
            None => {
                // Somebody has deleted the namespace since it was made.
                self.forget_namespace(&launch.placement.owner);
                let again = self.make(client, launch).await?;
                again.ok_or_else(|| Error::Unreachable("its namespace does not stay".to_owned()))
            }
        };
        let job = made?;
        self.with_cache(|cache| cache.put_made(job.clone()));
        // Only the tidying up depends on it, so nobody waits for it.
        tokio::spawn(give_to_job(client.clone(), job));
        Ok(())
    }

    /// Makes everything of an attempt, its Job last. None: its namespace is gone.
    async fn make(&self, client: &Client, launch: &AgentLaunch) -> Result<Option<Job>> {
        let has_mounts = launch.placement.device.as_ref().is_some_and(|device| !device.mounts.is_empty());
        let owner = &launch.placement.owner;
        self.ensure_namespace(client, owner, has_mounts).await?;
        if !self.ensure_registries(client, owner).await? {
            return Ok(None);
        }
        if launch.spec.node.count > 1 {
            let is_there = apply(client, &objects::service(&self.names, launch)).await?
                && apply(client, &objects::team_policy(&self.names, launch)).await?;
            if !is_there {
                return Ok(None);
            }
        }
        let secret: Secret = objects::secret(&self.names, launch, &self.options)?;
        if !create(client, &secret).await? {
            return Ok(None);
        }
        let made = self.make_job(client, launch).await;
        if matches!(made, Err(Error::Refused(_))) {
            let namespace = self.names.namespace(&launch.placement.owner);
            remove(client, &namespace, &launch.spec.name()).await;
        }
        made
    }

    /// Makes the Job, or finds the one that was made before. None: there is no namespace for it.
    async fn make_job(&self, client: &Client, launch: &AgentLaunch) -> Result<Option<Job>> {
        let wanted = objects::job(&self.names, launch, &self.options);
        let namespace = self.names.namespace(&launch.placement.owner);
        let jobs: Api<Job> = Api::namespaced(client.clone(), &namespace);
        let found = match answer(jobs.create(&as_manager(), &wanted)).await? {
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
        let is_made = || {
            let known = self.namespaces.lock().unwrap_or_else(PoisonError::into_inner).get(&name).copied();
            known.is_some_and(|lets_in| lets_in || !has_mounts)
        };
        // Who needs a namespace that is there does not wait for somebody else's.
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
        // The level is never lowered: what needs it may wait there, from before the server started.
        let has_mounts = has_mounts || objects::lets_in_host_mounts(&found);
        let level = objects::level(&self.names, owner, has_mounts);
        let (how, patch) = (PatchParams::apply(LEVEL_MANAGER).force(), Patch::Apply(&level));
        answer(namespaces.patch(&name, &how, &patch)).await?.map_err(|error| meaning(&error))?;
        let place = self.server_place().await;
        let policies = objects::network_policies(&self.names, owner, &place, &self.options.blocked_networks);
        for policy in &policies {
            if !apply(client, policy).await? {
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
        self.forget_registries(&name);
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

/// What is missing nearly always: made, which costs the API server half of an apply; and where it is there, as it should be.
async fn create<K>(client: &Client, object: &K) -> Result<bool>
where
    K: Resource<Scope = NamespaceResourceScope> + Clone + Debug + Serialize + DeserializeOwned,
    K::DynamicType: Default,
{
    let api: Api<K> = Api::namespaced(client.clone(), object.meta().namespace.as_deref().unwrap_or_default());
    match answer(api.create(&as_manager(), object)).await? {
        Err(kube::Error::Api(status)) if status.is_already_exists() => apply(client, object).await,
        made => is_placed(made),
    }
}

fn as_manager() -> PostParams {
    PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() }
}

/// `false`: there is no namespace for it.
fn is_placed<K>(made: kube::Result<K>) -> Result<bool> {
    match made {
        Ok(_) => Ok(true),
        Err(kube::Error::Api(status)) if status.is_not_found() => Ok(false),
        Err(error) => Err(meaning(&error)),
    }
}

/// Server-side apply: what is missing is made, what is there becomes as it should be. `false`: there is no namespace for it.
pub(super) async fn apply<K>(client: &Client, object: &K) -> Result<bool>
where
    K: Resource<Scope = NamespaceResourceScope> + Clone + Debug + Serialize + DeserializeOwned,
    K::DynamicType: Default,
{
    let namespace = object.meta().namespace.clone().unwrap_or_default();
    let name = object.meta().name.clone().unwrap_or_default();
    let api: Api<K> = Api::namespaced(client.clone(), &namespace);
    let (how, patch) = (PatchParams::apply(MANAGER).force(), Patch::Apply(object));
    is_placed(answer(api.patch(&name, &how, &patch)).await?)
}

/// Makes what was made for a Job go when the Job goes.
pub(super) async fn give_to_job(client: Client, job: Job) {
    let is_team = job.spec.as_ref().and_then(|spec| spec.completions).is_some_and(|nodes| nodes > 1);
    let given = async {
        give::<Secret>(&client, &job).await?;
        if is_team {
            give::<Service>(&client, &job).await?;
            give::<NetworkPolicy>(&client, &job).await?;
        }
        Ok::<_, Error>(())
    };
    if let Err(error) = given.await {
        let name = job.metadata.name.unwrap_or_default();
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            name,
            "what belongs to a Job may outlive it"
        );
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

/// Takes away what was made for a Job that was refused.
async fn remove(client: &Client, namespace: &str, name: &str) {
    let how = DeleteParams::default();
    let secrets: Api<Secret> = Api::namespaced(client.clone(), namespace);
    let services: Api<Service> = Api::namespaced(client.clone(), namespace);
    let policies: Api<NetworkPolicy> = Api::namespaced(client.clone(), namespace);
    let removed = [
        answer(secrets.delete(name, &how)).await.and_then(gone),
        answer(services.delete(name, &how)).await.and_then(gone),
        answer(policies.delete(name, &how)).await.and_then(gone),
    ];
    for error in removed.into_iter().filter_map(Result::err) {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            name,
            "something of a refused attempt stays"
        );
    }
}
