use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Section `[engine]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EngineConfig {
    pub kubernetes: Vec<KubernetesEngineConfig>,
    pub local: LocalEngineConfig,
}

/// Section `[engine.local]`: tasks on this machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LocalEngineConfig {
    pub enabled: bool,
    /// Runs tasks without a sandbox where there is none. Such a task can read what Hearth can read: only for a
    /// machine whose users trust each other.
    pub allow_unsandboxed: bool,
    /// The one commit whose code runs without a sandbox where there is none: the demo's own. No key sets it.
    #[serde(skip)]
    pub unsandboxed_commit: Option<String>,
    /// Lets tasks that may open connections use this machine's network, loopback included, where they can have none of
    /// their own. Such a task reaches every service that trusts this machine.
    pub allow_host_network: bool,
    /// Python interpreters offered as images besides the ones that are found.
    pub interpreters: Vec<String>,
}

impl Default for LocalEngineConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            allow_unsandboxed: false,
            unsandboxed_commit: None,
            allow_host_network: false,
            interpreters: Vec::new(),
        }
    }
}

/// One section `[[engine.kubernetes]]`: tasks in a cluster.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KubernetesEngineConfig {
    /// What the engine is called in pools and pages.
    pub name: String,
    /// Empty: the account of the pod that the server runs in.
    pub kubeconfig: PathBuf,
    /// Empty: the kubeconfig's own choice.
    pub context: String,
    /// How the namespaces of owners begin. Two servers in one cluster have two prefixes.
    pub namespace_prefix: String,
    /// An image with the agent as `/hearth-agent`; it is brought into every task's pod.
    pub agent_image: String,
    /// A docker config with the passwords of private registries; empty: every image is public.
    pub image_pull_secret_file: PathBuf,
    /// The server's address as pods reach it. Empty: `server.root_url`.
    pub server_address: String,
    /// Certificates of the authority that the server's own is from, as PEM; empty: a well-known one.
    pub server_ca_file: PathBuf,
    /// Networks that tasks do not reach even when they may open connections, as `10.0.0.0/8`.
    pub blocked_networks: Vec<String>,
    /// The user and group of every task's processes; -1: as each image says.
    pub run_as_user: i64,
    /// How long an image may fail to come before a task is given up.
    pub image_patience_seconds: u64,
}

impl Default for KubernetesEngineConfig {
    fn default() -> Self {
        Self {
            name: "cluster".to_owned(),
            kubeconfig: PathBuf::new(),
            context: String::new(),
            namespace_prefix: "hearth-".to_owned(),
            agent_image: String::new(),
            image_pull_secret_file: PathBuf::new(),
            server_address: String::new(),
            server_ca_file: PathBuf::new(),
            blocked_networks: Vec::new(),
            run_as_user: -1,
            image_patience_seconds: 300,
        }
    }
}
