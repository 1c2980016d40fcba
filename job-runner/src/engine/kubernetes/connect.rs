//! The connection to a cluster, and what is wrong if there is none.

use std::{path::Path, time::Duration};

use hearth_core::{EngineState, chain};
use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};

use super::{BadFile, CALL_PATIENCE, KubernetesOptions, permissions, permissions::Allowance};
use crate::{Error, Result, engine::EngineHealth};

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// Why a cluster cannot be used, for its administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) state: EngineState,
    pub(super) detail: String,
}

impl Fault {
    fn configuration(error: &dyn std::error::Error) -> Self {
        Self { state: EngineState::BadConfiguration, detail: chain(error) }
    }

    pub(super) fn health(self) -> EngineHealth {
        EngineHealth::bad(self.state, self.detail)
    }
}

impl From<BadFile> for Fault {
    fn from(bad: BadFile) -> Self {
        Self { state: EngineState::BadConfiguration, detail: bad.to_string() }
    }
}

impl From<kube::Error> for Fault {
    fn from(error: kube::Error) -> Self {
        let state = match &error {
            kube::Error::Api(status) if status.code == 401 => EngineState::Refused,
            kube::Error::Api(status) if status.is_forbidden() => EngineState::MissingPermissions,
            kube::Error::Auth(_) => EngineState::Refused,
            kube::Error::InferConfig(_) | kube::Error::InferKubeconfig(_) | kube::Error::TlsRequired => {
                EngineState::BadConfiguration
            }
            _ => EngineState::Unreachable,
        };
        Self { state, detail: words(&error) }
    }
}

/// The message of the API server, without the wrapping.
pub(super) fn words(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) if !status.message.is_empty() => status.message.clone(),
        other => chain(other),
    }
}

/// A client from the current kubeconfig, or for this pod's service account. Makes no request yet.
pub(super) async fn client(options: &KubernetesOptions) -> Result<Client, Fault> {
    let mut config = match &options.kubeconfig {
        Some(path) => from_file(path, options.context.clone()).await?,
        None => Config::incluster().map_err(|error| Fault::configuration(&error))?,
    };
    config.connect_timeout = Some(CONNECT_PATIENCE);
    Client::try_from(config).map_err(|error| Fault::configuration(&error))
}

async fn from_file(path: &Path, context: Option<String>) -> Result<Config, Fault> {
    let kubeconfig = Kubeconfig::read_from(path).map_err(|error| Fault::configuration(&error))?;
    let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
    Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|error| Fault::configuration(&error))
}

/// The version reported by the API server.
pub(super) async fn version(client: &Client) -> Result<String, Fault> {
    Ok(in_time(client.apiserver_version()).await?.git_version)
}

pub(super) async fn allowances(client: &Client) -> Result<Vec<Allowance>, Fault> {
    in_time(permissions::ask(client)).await
}

/// A call with a timeout.
pub(super) async fn in_time<T>(call: impl Future<Output = kube::Result<T>>) -> Result<T, Fault> {
    match tokio::time::timeout(CALL_PATIENCE, call).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(late()),
    }
}

fn late() -> Fault {
    let detail = format!("it did not answer within {} s", CALL_PATIENCE.as_secs());
    Fault { state: EngineState::Unreachable, detail }
}

/// A call whose failure the caller inspects; only a timeout is turned into an error here.
pub(super) async fn answer<T>(call: impl Future<Output = kube::Result<T>>) -> Result<kube::Result<T>> {
    match tokio::time::timeout(CALL_PATIENCE, call).await {
        Ok(answer) => Ok(answer),
        Err(_) => Err(Error::Unreachable(late().detail)),
    }
}

/// What the failure of a call means for an attempt: retry later, or refused for good.
pub(super) fn meaning(error: &kube::Error) -> Error {
    match error {
        kube::Error::Api(status) if matches!(status.code, 400 | 413 | 422) => Error::Refused(words(error)),
        other => Error::Unreachable(words(other)),
    }
}
