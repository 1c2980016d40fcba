use std::path::PathBuf;

use hearth_runner::packages::PackageLimits;
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
    /// Runs tasks without a sandbox if there is none. Such a task can read what Hearth can read: only for a
    /// machine whose users trust each other.
    pub allow_unsandboxed: bool,
    /// The one commit whose code may run without a sandbox if there is none: the demo's own. Not
    /// configurable.
    #[serde(skip)]
    pub unsandboxed_commit: Option<String>,
    /// Lets tasks that may open connections use this machine's network, loopback included, if they cannot
    /// have their own. Such a task reaches every service that trusts this machine.
    pub allow_host_network: bool,
    /// Python interpreters offered as images in addition to the detected ones.
    pub interpreters: Vec<String>,
    pub packages: PackagesConfig,
}

/// Section `[engine.local.packages]`: installing `requirements.txt` before a program starts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PackagesConfig {
    pub install: Install,
    /// The package index. Empty for that of the machine's own pip.
    pub index_url: String,
    /// The longest that one installation may take.
    pub install_seconds: u64,
    /// The disk space and the files of one environment.
    pub environment_bytes: u64,
    pub environment_files: u64,
    /// The disk space and the number of all kept environments; the least recently used are removed first.
    pub cache_bytes: u64,
    pub cache_environments: u64,
    /// An environment is installed anew after this.
    pub keep_days: u64,
}

/// When packages are installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Install {
    /// While the index answers.
    Auto,
    On,
    Off,
}

impl Default for PackagesConfig {
    fn default() -> Self {
        let limits = PackageLimits::default();
        Self {
            install: Install::Auto,
            index_url: String::new(),
            install_seconds: limits.install_seconds,
            environment_bytes: limits.environment_bytes,
            environment_files: limits.environment_files,
            cache_bytes: limits.cache_bytes,
            cache_environments: limits.cache_environments,
            keep_days: limits.keep_days,
        }
    }
}

impl PackagesConfig {
    pub(crate) fn limits(&self) -> PackageLimits {
        PackageLimits {
            install_seconds: self.install_seconds,
            environment_bytes: self.environment_bytes,
            environment_files: self.environment_files,
            cache_bytes: self.cache_bytes,
            cache_environments: self.cache_environments,
            keep_days: self.keep_days,
        }
    }
}

impl Default for LocalEngineConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            allow_unsandboxed: false,
            unsandboxed_commit: None,
            allow_host_network: false,
            interpreters: Vec::new(),
            packages: PackagesConfig::default(),
        }
    }
}

/// One section `[[engine.kubernetes]]`: tasks in a cluster.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KubernetesEngineConfig {
    /// The name of the engine in pools and pages.
    pub name: String,
    /// Empty for the service account of the pod that the server runs in.
    pub kubeconfig: PathBuf,
    /// Empty for the current context of the kubeconfig.
    pub context: String,
    /// The prefix of owners' namespaces. Two servers in one cluster need different prefixes.
    pub namespace_prefix: String,
    /// An image with the agent as `/hearth-agent`; it is brought into every task's pod.
    pub agent_image: String,
    /// A docker config with credentials of private registries; empty if every image is public.
    pub image_pull_secret_file: PathBuf,
    /// The server's address as seen from pods. Empty for `server.root_url`.
    pub server_address: String,
    /// Certificate authority of the server's own certificate, as PEM; empty if it is well known.
    pub server_ca_file: PathBuf,
    /// Networks that tasks cannot reach even if they may open connections, as `10.0.0.0/8`.
    pub blocked_networks: Vec<String>,
    /// The user and group of every task's processes; -1 for those of each image.
    pub run_as_user: i64,
    /// How long image pulls may fail before a task is given up.
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
